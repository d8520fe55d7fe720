using Auspex.Activities.Datasets;
using Xunit;

namespace Auspex.Tests.Activities.Datasets;

public sealed class DatasetTypesTests
{
    [Fact]
    public void Supported_EveryType_StandsInTheCompatibilityTable()
    {
        var document = File.ReadAllText(Path.Combine(Root(), "docs", "compat", "data-activities.md"));

        Assert.All(
            DatasetTypes.Supported.Concat(SqlStores.Types),
            type => Assert.Contains($"`{type}`", document, StringComparison.Ordinal));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Auspex.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
