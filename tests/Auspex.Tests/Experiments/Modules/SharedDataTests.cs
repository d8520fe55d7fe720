using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>The tutorial's preparation of the real car prices, where the file lies beside the checkout.</summary>
public sealed class SharedDataTests
{
    [Fact]
    public async Task CarPrices_CleanedAsInTheTutorial_Leave193Rows()
    {
        var file = SharedFile("automobile-price.csv");
        Assert.SkipUnless(File.Exists(file), "The real data sets do not lie beside the checkout (shared/data).");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

        var cars = await ModuleRuns.OutputAsync("Enter Data Manually", [], ("Data", text));
        var selected = await ModuleRuns.OutputAsync("Select Columns in Dataset", [cars], ("Select columns", "-normalized-losses"));
        var cleaned = await ModuleRuns.OutputAsync("Clean Missing Data", [selected], ("Cleaning mode", "Remove entire row"));
        var imputed = await ModuleRuns.OutputAsync("Clean Missing Data", [cars], ("Cleaning mode", "Replace using MICE"));

        Assert.Equal(204, cars.RowCount);
        Assert.True(cars.Schema.Fields[cars.Schema.IndexOf("normalized-losses")].IsNumeric);
        Assert.Equal(193, cleaned.RowCount);
        Assert.All(imputed.Columns, column => Assert.Equal(0, column.CountNulls()));
        Assert.All(ModuleRuns.Numbers(imputed, "price"), price => Assert.InRange(price, 5118, 45400));
    }

    private static string SharedFile(string name)
    {
        var beside = Path.Combine(RepositoryRoot.Path, "..", "shared", "data", name);
        return File.Exists(beside)
            ? beside
            : Path.Combine(Environment.GetEnvironmentVariable("AUSPEX_SHARED") ?? "", "data", name);
    }
}
