using Auspex.Experiments.Models;
using Auspex.Server.WebServices.Models;
using Auspex.TestKit.Engine;
using Auspex.TestKit.Storage;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Models;

public sealed class ModelOriginsTests
{
    private readonly InMemoryDocumentStore _documents = new();
    private readonly TestClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SweepAsync_OldOnesThatNoVersionNames_AreForgotten()
    {
        var origins = new ModelOrigins(_documents, new ModelContainerFormat(), _clock);
        await RememberAsync(origins, "served");
        await RememberAsync(origins, "gone");
        var between = _clock.GetUtcNow() + TimeSpan.FromHours(1);
        _clock.Set(between + TimeSpan.FromHours(1));
        await RememberAsync(origins, "new");

        await origins.SweepAsync(new HashSet<string> { "served" }, between, Cancellation);

        Assert.Equal("training", (await origins.FindAsync("served", Cancellation))!.Experiment);
        Assert.NotNull(await origins.FindAsync("new", Cancellation));
        Assert.Null(await origins.FindAsync("gone", Cancellation));
    }

    [Fact]
    public async Task SweepAsync_OneOfAnEarlierRelease_IsKeptForItsTimeFromNowOn()
    {
        var origins = new ModelOrigins(_documents, new ModelContainerFormat(), _clock);
        await _documents.PutAsync("modelorigins", "old", """{"experiment":"e","runId":"r","metrics":[]}"""u8.ToArray(), null, Cancellation);

        await origins.SweepAsync(new HashSet<string>(), _clock.GetUtcNow(), Cancellation);
        Assert.Equal("e", (await origins.FindAsync("old", Cancellation))!.Experiment);

        _clock.Set(_clock.GetUtcNow() + TimeSpan.FromDays(1));
        await origins.SweepAsync(new HashSet<string>(), _clock.GetUtcNow(), Cancellation);
        Assert.Null(await origins.FindAsync("old", Cancellation));
    }

    private static Task RememberAsync(ModelOrigins origins, string artifact) =>
        origins.RememberAsync(artifact, new ModelOrigin("training", "run", []), Cancellation);
}
