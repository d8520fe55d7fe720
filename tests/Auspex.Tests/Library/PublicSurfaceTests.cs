using Auspex.Library;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Library;

public sealed class PublicSurfaceTests
{
    [Fact]
    public void Members_OfTheLibrary_AreThoseThatWereReviewed()
    {
        var file = Path.Combine(RepositoryRoot.Path, "tests", "baselines", "library-api.txt");
        var found = PublicSurface.Of(typeof(Model).Assembly);
        if (!File.Exists(file) || File.ReadAllText(file) != found)
        {
            File.WriteAllText(Path.ChangeExtension(file, ".received.txt"), found);
            Assert.Fail("The library's public members changed: review tests/baselines/library-api.received.txt and move it over library-api.txt.");
        }
    }

    [Fact]
    public void Members_OfTheLibrary_ShowNoTypeOfTheAssembliesBeneath()
    {
        // Callers compile against this assembly alone.
        Assert.DoesNotContain(
            PublicSurface.TypesSeen(typeof(Model).Assembly),
            type => type.Assembly != typeof(Model).Assembly && type.Assembly.GetName().Name!.StartsWith("Auspex", StringComparison.Ordinal));
    }
}
