using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Learners;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class SweepClusteringModuleTests
{
    // Four heaps, far apart.
    private static readonly TableBatch Points = Tables.Of(
        [Tables.Number("x"), Tables.Number("y"), Tables.Text("Zoë's \"note\", 1")],
        80,
        row => [(row % 4 / 2 * 100.0) + (row % 7), (row % 2 * 100.0) + (row % 5), row % 9 == 0 ? null : "n"]);

    [Theory]
    [InlineData("Simplified Silhouette", true)]
    [InlineData("Davies-Bouldin", false)]
    [InlineData("Dunn", true)]
    public async Task EntireGrid_OfFourHeaps_FindsFour(string metric, bool greaterIsBetter)
    {
        var outputs = await SweepAsync("2; 3; 4; 5; 7", ("Metric for measuring clustering result", metric), ("Specify parameter sweeping mode", "Entire grid"));

        var sweep = ((TableValue)outputs["Sweep results"]).Table;
        Assert.Equal(["Cluster Metric", "Number of Centroids", "Index of Run"], ModuleRuns.Names(sweep));
        Assert.Equal(5, sweep.RowCount);
        Assert.Equal(("4", "2"), (ModuleRuns.Texts(sweep, "Number of Centroids")[0], ModuleRuns.Texts(sweep, "Index of Run")[0]));
        var values = ModuleRuns.Numbers(sweep, "Cluster Metric");
        Assert.Equal(greaterIsBetter ? values.OrderDescending() : values.Order(), values);
        Assert.Equal(4, ((CentroidModel)((ModelValue)outputs["Best Trained model"]).Model).Centers.Length);
        var results = ((TableValue)outputs["Results dataset"]).Table;
        Assert.Equal("DistancesToClusterCenter no.3", ModuleRuns.Names(results)[^1]);
        var assigned = await ModuleRuns.RunPortsAsync(
            "Assign Data to Clusters", [("Trained model", outputs["Best Trained model"]), ("Dataset", new TableValue(Points))], []);
        ModuleRuns.AssertSame(results, ModuleRuns.Table(assigned, "Results dataset"));
    }

    [Fact]
    public async Task AverageDeviation_OfMoreClusters_IsLess()
    {
        var outputs = await SweepAsync(
            "2; 4; 8", ("Metric for measuring clustering result", "Average Deviation"), ("Specify parameter sweeping mode", "Entire grid"),
            ("Check for Append or Uncheck for Result Only", "False"));

        Assert.Equal(["8", "4", "2"], ModuleRuns.Texts(((TableValue)outputs["Sweep results"]).Table, "Number of Centroids"));
        Assert.Equal("Assignments", ModuleRuns.Names(((TableValue)outputs["Results dataset"]).Table)[0]);
    }

    [Fact]
    public async Task SimplifiedSilhouette_OfTwoPairs_IsTheMeanOfTheirRatios()
    {
        var table = Tables.Of([Tables.Number("x")], 4, row => [row < 2 ? row : 8.0 + row]);

        var outputs = await SweepAsync("2", table, "x");

        // Centres 0.5 and 10.5: distances 0.5 to the own one, 10.5, 9.5, 9.5 and 10.5 to the other.
        Assert.Equal(
            ((10 / 10.5) + (9 / 9.5)) / 2, ModuleRuns.Numbers(((TableValue)outputs["Sweep results"]).Table, "Cluster Metric")[0], 1e-12);
    }

    [Fact]
    public async Task RandomSweep_OfASeed_IsTheSameOnAnyThreads()
    {
        var one = await SweepAsync("2; 9", ("Random seed", "5"), ("Maximum number of runs on random sweep", "6"));
        var other = await SweepAsync(
            "2; 9", Points, "x,y", ModuleRuns.Services with { Threads = 1 }, ("Random seed", "5"), ("Maximum number of runs on random sweep", "6"));

        var sweep = ((TableValue)one["Sweep results"]).Table;
        ModuleRuns.AssertSame(sweep, ((TableValue)other["Sweep results"]).Table);
        Assert.InRange(sweep.RowCount, 2, 6);
        Assert.Equal(sweep.RowCount, ModuleRuns.Texts(sweep, "Number of Centroids").Distinct().Count());
    }

    [Fact]
    public async Task SingleParameter_TriesThatOneNumber()
    {
        var learner = await LearnerAsync(("Number of Centroids", "3"));

        var context = await ModuleRuns.RunPortsAsync(
            "Sweep Clustering", [("Untrained model", learner), ("Dataset", new TableValue(Points))], [("Column Set", "x,y")]);

        Assert.Equal(["3"], ModuleRuns.Texts(ModuleRuns.Table(context, "Sweep results"), "Number of Centroids"));
        Assert.Contains(context.Log, line => line.Contains("single parameters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweep_OfWrongInput_FailsByNumber()
    {
        var learner = await LearnerAsync(("Create trainer mode", "Parameter Range"), ("Range for Number of Centroids", "2; 3"));
        var regression = new LearnerValue(Training.LearnerSuite.Create("Linear Regression"));
        (string, PortValue) table = ("Dataset", new TableValue(Points));

        await ModuleRuns.FailPortsAsync(13, "Sweep Clustering", [("Untrained model", regression), table], ("Column Set", "x"));
        await ModuleRuns.FailPortsAsync(3, "Sweep Clustering", [table], ("Column Set", "x"));
        await ModuleRuns.FailPortsAsync(
            21, "Sweep Clustering", [("Untrained model", learner), ("Dataset", new TableValue(Points.Slice(0, 0)))], ("Column Set", "x"));
        await ModuleRuns.FailPortsAsync(
            8, "Sweep Clustering", [("Untrained model", learner), table], ("Column Set", "x"), ("Maximum number of runs on random sweep", "10001"));
        await ModuleRuns.FailPortsAsync(1, "Sweep Clustering", [("Untrained model", learner), table], ("Column Set", "nothing"));
    }

    private static Task<IReadOnlyDictionary<string, PortValue>> SweepAsync(string range, params (string Name, string Value)[] settings) =>
        SweepAsync(range, Points, "x,y", null, settings);

    private static async Task<IReadOnlyDictionary<string, PortValue>> SweepAsync(
        string range, TableBatch table, string columns, ModuleServices? services = null, params (string Name, string Value)[] settings)
    {
        var learner = await LearnerAsync(
            ("Create trainer mode", "Parameter Range"), ("Range for Number of Centroids", range), ("Number of seeds to sweep", "4"));
        return (await ModuleRuns.RunPortsAsync(
            "Sweep Clustering",
            [("Untrained model", learner), ("Dataset", new TableValue(table))],
            [("Column Set", columns), .. settings],
            services)).Outputs;
    }

    private static async Task<LearnerValue> LearnerAsync(params (string Name, string Value)[] settings) =>
        (LearnerValue)(await ModuleRuns.RunPortsAsync("K-Means Clustering", [], settings)).Outputs[LearnerModule.OutputPort];
}
