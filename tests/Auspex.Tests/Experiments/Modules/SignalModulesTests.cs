using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class SignalModulesTests
{
    private const string Detector = "Time Series Anomaly Detection";

    [Theory]
    [InlineData("Simple", "3", new[] { 3, 4.5, 5, 9, 12 })]
    [InlineData("Cumulative", "3", new[] { 3, 4.5, 5, 7.5, 9 })]
    [InlineData("Exponential", "3", new[] { 3, 4.5, 5.25, 10.125, 12.5625 })]
    [InlineData("Simple Exponential", "2", new[] { 3, 4.5, 5.25, 10.125, 12.5625 })]
    [InlineData("Triangular", "3", new[] { 3, 3.75, 5.25, 8.25, 12.75 })]
    public async Task MovingAverage_EachType_AveragesTheLastValues(string type, string length, double[] expected)
    {
        var filtered = await FilterAsync("Moving Average Filter", [3, 6, 6, 15, 15], ("Type", type), ("Length", length));

        Assert.Equal(expected, filtered, (one, other) => System.Math.Abs(one - other) < 1e-12);
    }

    [Fact]
    public async Task Median_Window_IsCentred()
    {
        var filtered = await FilterAsync("Median Filter", [9, 1, 2, 3, 9], ("Length", "3"));

        Assert.Equal([5, 2, 2, 3, 6], filtered);
    }

    [Theory]
    [InlineData("LessThan", new[] { -4.0, 0, 0 })]
    [InlineData("GreaterThan", new[] { 0.0, 2, 9 })]
    [InlineData("Magnitude", new[] { -4.0, 2, 9 })]
    [InlineData("EqualTo", new[] { 0.0, 0, 0 })]
    [InlineData("Range", new[] { 0.0, 2, 0 })]
    [InlineData("StdDev", new[] { -4.0, 2, 9 })]
    public async Task Threshold_EachType_KeepsWhatMeetsIt(string type, double[] expected)
    {
        var filtered = await FilterAsync("Threshold Filter", [-4, 2, 9], ("Type", type), ("Level", "1"), ("Upper boundary", "3"));

        Assert.Equal(expected, filtered);
    }

    [Fact]
    public async Task Threshold_Indicator_GivesTruths()
    {
        var filter = await MakeAsync("Threshold Filter", ("Indicator", "True"));
        var output = await ApplyAsync(filter, ModuleRuns.Single("x", ColumnType.Double, -1.0, 1.0, null));

        Assert.Equal(["True", "False", null], ModuleRuns.Texts(output, "x"));
    }

    [Fact]
    public async Task UserDefined_Weights_AreTheDifferenceEquation()
    {
        var forward = await FilterAsync("User-Defined Filter", [2, 1, 4], ("Forward", "1, 0.5"));
        var backward = await FilterAsync("User-Defined Filter", [1, 0, 0], ("Type of filter", "IIR"), ("Backward", "1, -0.5"));

        Assert.Equal([2, 2, 4.5], forward);
        Assert.Equal([1, 0.5, 0.25], backward);
        await ModuleRuns.FailPortsAsync(2, "User-Defined Filter", [], ("Forward", "one"));
        await ModuleRuns.FailPortsAsync(8, "User-Defined Filter", [], ("Type of filter", "IIR"), ("Backward", "0"));
    }

    [Theory]
    [InlineData("FIR Filter", "LowPass", 1, 0)]
    [InlineData("FIR Filter", "HighPass", 0, 1)]
    [InlineData("FIR Filter", "BandStop", 1, 1)]
    [InlineData("FIR Filter", "BandPass", 0, 0)]
    [InlineData("IIR Filter", "LowPass", 1, 0)]
    [InlineData("IIR Filter", "HighPass", 0, 1)]
    [InlineData("IIR Filter", "BandStop", 1, 1)]
    [InlineData("IIR Filter", "BandPass", 0, 0)]
    public async Task DesignedFilter_SlowAndFastSignals_PassByItsType(string module, string type, double slow, double fast)
    {
        var order = module == "FIR Filter" ? "60" : "5";
        var constant = await FilterAsync(module, [.. Enumerable.Repeat(1.0, 400)], ("Filter type", type), ("Order", order));
        var alternating = await FilterAsync(module, [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1.0 : -1)], ("Filter type", type), ("Order", order));
        var middle = await FilterAsync(module, [.. Enumerable.Range(0, 400).Select(i => System.Math.Sin(System.Math.PI * i / 2))], ("Filter type", type), ("Order", order));

        Assert.Equal(slow, constant[^1], 0.02);
        Assert.Equal(fast, System.Math.Abs(alternating[^1]), 0.02);
        Assert.Equal(type is "BandPass" ? 1 : type is "BandStop" ? 0 : middle[^40..].Max(), middle[^40..].Max(), 0.05);
    }

    [Theory]
    [InlineData("Chebyshev type 1", "4", 0.9440608762859234)]
    [InlineData("Chebyshev type 1", "5", 1)]
    [InlineData("Chebyshev type 2", "5", 1)]
    public async Task Chebyshev_Constant_PassesWithinItsRipple(string kind, string order, double expected)
    {
        var constant = await FilterAsync(
            "IIR Filter", [.. Enumerable.Repeat(1.0, 2000)], ("Filter kind", kind), ("Order", order), ("Ripple", kind.EndsWith('2') ? "40" : "0.5"));

        Assert.Equal(expected, constant[^1], 1e-6);
    }

    [Fact]
    public async Task Apply_Gaps_StayAndBeginTheFilterAnew()
    {
        var filter = await MakeAsync("Moving Average Filter", ("Length", "2"));

        var output = await ApplyAsync(filter, ModuleRuns.Single("x", ColumnType.Int32, 2, 4, null, 10));

        Assert.Equal(["2", "3", null, "10"], ModuleRuns.Texts(output, "x"));
        Assert.Equal(0, (await ApplyAsync(filter, ModuleRuns.Single("x", ColumnType.Double))).RowCount);
    }

    [Fact]
    public async Task Filters_BadInput_FailsWithStudiosNumbers()
    {
        var filter = await MakeAsync("Median Filter");
        var text = new TableValue(ModuleRuns.Single("s", ColumnType.String, "a"));

        await ModuleRuns.FailPortsAsync(17, "Apply Filter", [("Filter", filter), ("Dataset", text)], ("Column set", "s"));
        await ModuleRuns.FailPortsAsync(3, "Apply Filter", [("Dataset", text)], ("Column set", "s"));
        await ModuleRuns.FailPortsAsync(8, "Median Filter", [], ("Length", "4"));
        await ModuleRuns.FailPortsAsync(5, "FIR Filter", [], ("Order", "3"));
        await ModuleRuns.FailPortsAsync(4, "FIR Filter", [], ("Low cutoff", "0"));
        await ModuleRuns.FailPortsAsync(7, "FIR Filter", [], ("Low cutoff", "1"));
        await ModuleRuns.FailPortsAsync(6, "IIR Filter", [], ("Filter type", "BandPass"), ("Low cutoff", "0.8"));
        await ModuleRuns.FailPortsAsync(8, "IIR Filter", [], ("Order", "14"));
        await ModuleRuns.FailPortsAsync(4, "IIR Filter", [], ("Filter kind", "Chebyshev type 1"), ("Ripple", "0"));
        await ModuleRuns.FailPortsAsync(7, "Threshold Filter", [], ("Type", "Range"), ("Lower boundary", "2"));
    }

    [Theory]
    [InlineData("PowerAvg")]
    [InlineData("Power")]
    public async Task Detector_LevelThatJumps_AlertsAfterTheJump(string martingale)
    {
        var random = new Random(4);
        var table = Series(400, row => random.NextDouble() + (row >= 200 ? 5 : 0));

        var output = await ModuleRuns.OutputAsync(
            Detector, [table], ("Data Column", "v"), ("Time Column", "t"), ("Martingale Type", martingale), ("Length of Strangeness Values", "150"), ("Alert Threshold", "3"));

        Assert.Equal(["t", "v", "Anomaly Score", "Alert"], ModuleRuns.Names(output));
        var scores = Tables.Doubles(output, "Anomaly Score");
        Assert.All(scores[..200], score => Assert.InRange(score, 0, 3));
        Assert.True(scores[200..260].Max() > 3);
        Assert.Equal(scores.Select(score => score >= 3 ? "1" : "0"), ModuleRuns.Texts(output, "Alert"));
    }

    [Fact]
    public async Task Detector_Trend_AlertsByItsDirection()
    {
        var random = new Random(4);
        var rising = Series(300, row => random.NextDouble() + (row >= 150 ? (row - 150) * 0.5 : 0));

        var up = Tables.Doubles(await RunAsync("SlowPosTrend"), "Anomaly Score");
        var down = Tables.Doubles(await RunAsync("SlowNegTrend"), "Anomaly Score");

        Assert.True(up[150..].Max() > 3.25);
        Assert.True(down[150..].Max() < 3.25);

        Task<TableBatch> RunAsync(string kind) => ModuleRuns.OutputAsync(
            Detector, [rising], ("Data Column", "v"), ("Time Column", "t"), ("Strangeness Function Type", kind));
    }

    [Fact]
    public async Task Detector_ConstantMissingAndEmpty_DoNotAlert()
    {
        var constant = await ModuleRuns.OutputAsync(Detector, [Series(50, _ => 1)], ("Data Column", "v"), ("Time Column", "t"));
        var missing = await ModuleRuns.OutputAsync(Detector, [Series(5, _ => null)], ("Data Column", "v"), ("Time Column", "t"));
        var none = await ModuleRuns.OutputAsync(Detector, [Series(0, _ => 1)], ("Data Column", "v"), ("Time Column", "t"));

        Assert.All(Tables.Doubles(constant, "Anomaly Score"), score => Assert.InRange(score, 0, 1));
        Assert.All(Tables.Doubles(missing, "Anomaly Score"), score => Assert.Equal(0, score));
        Assert.Equal(0, none.RowCount);
    }

    [Fact]
    public async Task Detector_BadInput_FailsWithStudiosNumbers()
    {
        var table = Series(3, row => row);
        var unsorted = table.Take([1, 0]);

        await ModuleRuns.FailAsync(19, Detector, [unsorted], ("Data Column", "v"), ("Time Column", "t"));
        await ModuleRuns.FailAsync(17, Detector, [table], ("Data Column", "t"), ("Time Column", "t"));
        await ModuleRuns.FailAsync(17, Detector, [table], ("Data Column", "v"), ("Time Column", "v"));
        await ModuleRuns.FailAsync(3, Detector, [table], ("Time Column", "t"));
        await ModuleRuns.FailAsync(8, Detector, [table], ("Data Column", "v"), ("Time Column", "t"), ("Length of Martingale", "6000"));
    }

    private static TableBatch Series(int rows, Func<int, double?> value) => Tables.Of(
        [new TableField { Name = "t", Type = ColumnType.DateTime }, Tables.Number("v")], rows, row => [new DateTime(2020, 1, 1).AddHours(row), value(row)]);

    private static async Task<double[]> FilterAsync(string module, double[] values, params (string, string)[] parameters) =>
        Tables.Doubles(
            await ApplyAsync(await MakeAsync(module, parameters), ModuleRuns.Single("x", ColumnType.Double, [.. values.Select(value => (object)value)])), "x");

    private static async Task<PortValue> MakeAsync(string module, params (string, string)[] parameters) =>
        (await ModuleRuns.RunPortsAsync(module, [], parameters)).Outputs["Filter"];

    private static async Task<TableBatch> ApplyAsync(PortValue filter, TableBatch table) => ModuleRuns.Table(
        await ModuleRuns.RunPortsAsync("Apply Filter", [("Filter", filter), ("Dataset", new TableValue(table))], []), "Results dataset");
}
