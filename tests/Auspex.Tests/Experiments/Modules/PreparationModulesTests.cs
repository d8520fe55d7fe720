using System.IO.Compression;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class PreparationModulesTests
{
    private const string Bins = "Group Data into Bins";
    private const string Clip = "Clip Values";

    [Theory]
    [InlineData("Quantiles", "QuantileIndex", new[] { "1", "1", "2", "2" })]
    [InlineData("Quantiles", "PQuantile", new[] { "0.5", "0.5", "1", "1" })]
    [InlineData("Quantiles", "Percent", new[] { "50", "50", "100", "100" })]
    [InlineData("Equal Width", "Percent", new[] { "1", "1", "1", "2" })]
    public async Task Bins_TwoOfThem_HoldTheValues(string mode, string normalization, string[] expected)
    {
        var table = ModuleRuns.Single("x", ColumnType.Int32, 1, 2, 3, 10, null);

        var context = await ModuleRuns.RunAsync(
            Bins, [table], [("Binning mode", mode), ("Number of bins", "2"), ("Quantile normalization", normalization)]);

        var output = ModuleRuns.Table(context, "Quantized dataset");
        Assert.Equal(["x", "x_quantized"], ModuleRuns.Names(output));
        Assert.Equal([.. expected, null], ModuleRuns.Texts(output, "x_quantized"));
        Assert.True(output.Schema.Fields[1].IsCategorical);
        ModuleRuns.AssertSame(output, ModuleRuns.Reload(context, "Binning transformation").Bind(table.Schema).Apply(table));
    }

    [Fact]
    public async Task Bins_CustomEdges_PutAnEdgeBelow()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, -5.0, 0.0, 0.1, double.NaN, double.PositiveInfinity);

        var output = await ModuleRuns.OutputAsync(
            Bins, [table],
            ("Binning mode", "Custom Edges"), ("Comma-separated list of bin edges", "0"), ("Tag columns as categorical", "False"), ("Output mode", "Inplace"));

        Assert.Equal(["1", "1", "2", null, "2"], ModuleRuns.Texts(output, "x"));
    }

    [Fact]
    public async Task Bins_SteppedEdges_BeginAndEndWhereTold()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, -1.0, 0.2, 0.7, 5.0);

        var output = await ModuleRuns.OutputAsync(
            Bins, [table], ("Binning mode", "Equal Width with Custom Start and Stop"), ("Output mode", "ResultOnly"));

        Assert.Equal(["1", "2", "3", "4"], ModuleRuns.Texts(output, "x_quantized"));
    }

    [Fact]
    public async Task Bins_Entropy_CutBetweenTheClasses()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Text("y")], 60, row => [row, row < 20 ? "a" : "b"]);

        var output = await ModuleRuns.OutputAsync(Bins, [table], ("Binning mode", "Entropy MDL"), ("Label column", "y"));

        Assert.Equal(20, ModuleRuns.Texts(output, "x_quantized").Count(text => text == "1"));
        Assert.Equal(40, ModuleRuns.Texts(output, "x_quantized").Count(text => text == "2"));
    }

    [Fact]
    public async Task Bins_ConstantAndMissingColumns_HaveOneBinOrNone()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Field("c", ColumnType.Double), ModuleRuns.Field("m", ColumnType.Double)], [7.0, null], [7.0, null]);

        foreach (var mode in new[] { "Quantiles", "Equal Width" })
        {
            var output = await ModuleRuns.OutputAsync(Bins, [table], ("Binning mode", mode), ("Quantile normalization", "QuantileIndex"));
            Assert.Equal(["1", "1"], ModuleRuns.Texts(output, "c_quantized"));
            Assert.Equal([null, null], ModuleRuns.Texts(output, "m_quantized"));
        }
    }

    [Fact]
    public async Task Bins_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, 1.0);
        const string Edges = "Comma-separated list of bin edges";
        const string Stepped = "Equal Width with Custom Start and Stop";

        await ModuleRuns.FailAsync(2, Bins, [table], ("Binning mode", "Custom Edges"), (Edges, "1, x"));
        await ModuleRuns.FailAsync(75, Bins, [table], ("Binning mode", "Custom Edges"), (Edges, "2, 1"));
        await ModuleRuns.FailAsync(38, Bins, [table], ("Binning mode", "Custom Edges"), (Edges, ","));
        await ModuleRuns.FailAsync(3, Bins, [table], ("Binning mode", "Custom Edges"));
        await ModuleRuns.FailAsync(4, Bins, [table], ("Binning mode", Stepped), ("Bin width", "0"));
        await ModuleRuns.FailAsync(75, Bins, [table], ("Binning mode", Stepped), ("Last edge position", "-1"));
        await ModuleRuns.FailAsync(5, Bins, [table], ("Number of bins", "0"));
        await ModuleRuns.FailAsync(24, Bins, [table], ("Binning mode", "Entropy MDL"));
        await ModuleRuns.FailAsync(21, Bins, [ModuleRuns.Single("x", ColumnType.Double)]);
        await ModuleRuns.FailAsync(11, Bins, [ModuleRuns.Single("s", ColumnType.String, "a")]);
        await ModuleRuns.FailAsync(17, Bins, [ModuleRuns.Single("s", ColumnType.String, "a")], ("Columns to bin", "s"));
    }

    [Fact]
    public async Task Clip_ConstantThresholds_ChangeWhatIsBeyond()
    {
        var table = ModuleRuns.Single("x", ColumnType.Int32, -9, 0, 5, 99, null);
        (string, string)[] both = [("Set of thresholds", "ClipPeaksAndSubpeaks"), ("List of columns", "x"), ("Constant value for upper threshold", "5"), ("Constant value for lower threshold", "-1")];

        var inPlace = await ModuleRuns.OutputAsync(Clip, [table], [.. both, ("Add indicator columns", "True")]);
        var beside = await ModuleRuns.OutputAsync(
            Clip, [table], [.. both, ("Overwrite flag", "False"), ("Substitute value for peaks", "Missing"), ("Substitute value for subpeaks", "Mean")]);

        Assert.Equal(["-1", "0", "5", "5", null], ModuleRuns.Texts(inPlace, "x"));
        Assert.Equal(["True", "False", "False", "True", "False"], ModuleRuns.Texts(inPlace, "x_clipped_indicator"));
        Assert.Equal(["-9", "0", "5", "99", null], ModuleRuns.Texts(beside, "x"));
        Assert.Equal(["2", "0", "5", null, null], ModuleRuns.Texts(beside, "x_clipped"));
    }

    [Fact]
    public async Task Clip_Percentiles_AreOfTheColumn()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, [.. Enumerable.Range(1, 11).Select(i => (object)(double)i)]);

        var output = await ModuleRuns.OutputAsync(
            Clip, [table], ("Set of thresholds", "ClipPeaks"), ("Upper threshold", "Percentile"), ("Percentile number for upper threshold", "70"), ("List of columns", "x"));

        Assert.Equal(8, Tables.Doubles(output, "x").Max());
        Assert.Equal(4, Tables.Doubles(output, "x").Count(value => value == 8));
    }

    [Fact]
    public async Task Clip_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, 1.0);

        await ModuleRuns.FailAsync(17, Clip, [ModuleRuns.Single("s", ColumnType.String, "a")], ("List of columns", "s"));
        await ModuleRuns.FailAsync(11, Clip, [table], ("List of columns", "AllStrings"));
        await ModuleRuns.FailAsync(
            8, Clip, [table], ("Set of thresholds", "ClipPeaksAndSubpeaks"), ("Constant value for lower threshold", "9"), ("List of columns", "x"));
        await ModuleRuns.FailAsync(
            8, Clip, [table], ("Upper threshold", "Percentile"), ("Percentile number for upper threshold", "100"), ("List of columns", "x"));
    }

    [Fact]
    public async Task GroupCategories_OldLevels_BecomeNewOnes()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Category("c", "a", "b", "c", "d")], ["a"], ["b"], ["c"], ["d"], [null]);

        var output = await ModuleRuns.OutputAsync(
            "Group Categorical Values", [table],
            ("Default level name", "rest"), ("New number of levels", "3"), ("Name of new level k", "one;two"),
            ("Comma-separated list of old levels to map to new level k", "a, b; \"c\""));

        Assert.Equal(["one", "one", "two", "rest", null], ModuleRuns.Texts(output, "c"));
        Assert.Equal(["one", "two", "rest"], output.Schema.Fields[0].Categories!.Levels);
    }

    [Fact]
    public async Task GroupCategories_BadInput_FailsWithStudiosNumbers()
    {
        const string Module = "Group Categorical Values";
        (string, string)[] good = [("Default level name", "rest"), ("New number of levels", "2"), ("Name of new level k", "one"), ("Comma-separated list of old levels to map to new level k", "a")];
        var table = ModuleRuns.Batch([ModuleRuns.Category("c", "a")], ["a"]);

        await ModuleRuns.FailAsync(56, Module, [ModuleRuns.Single("s", ColumnType.String, "a")], [("Selected columns", "s"), .. good]);
        await ModuleRuns.FailAsync(27, Module, [table], [.. good[..1], ("New number of levels", "4"), .. good[2..]]);
        await ModuleRuns.FailAsync(3, Module, [table], good[1..]);
    }

    [Fact]
    public async Task ReplaceDiscrete_Values_AreConditionalProbabilitiesAndMoments()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.String), ModuleRuns.Field("y", ColumnType.Boolean), ModuleRuns.Field("n", ColumnType.Double)],
            ["a", true, 1.0], ["a", false, 3.0], ["b", true, 5.0], [null, true, 7.0]);

        var context = await ModuleRuns.RunAsync(
            "Replace Discrete Values", [table], [("Discrete columns", "x"), ("Replacement columns", "y, n")]);

        var output = ModuleRuns.Table(context, "Supplemented dataset");
        Assert.Equal(["x", "y", "n", "P(y=False|x)", "P(y=True|x)", "Mean(n|x)", "Std-Dev(n|x)"], ModuleRuns.Names(output));
        Assert.Equal(["0.5", "0.5", "1", null], ModuleRuns.Texts(output, "P(y=True|x)"));
        Assert.Equal(["2", "2", "5", null], ModuleRuns.Texts(output, "Mean(n|x)"));
        Assert.Equal(System.Math.Sqrt(2), Tables.Doubles(output, "Std-Dev(n|x)")[0], 1e-12);
        Assert.Null(ModuleRuns.Texts(output, "Std-Dev(n|x)")[2]);
        var later = ModuleRuns.Single("x", ColumnType.String, "b", "unknown");
        Assert.Equal(["1", null], ModuleRuns.Texts(ModuleRuns.Reload(context, "Transform function").Bind(later.Schema).Apply(later), "P(y=True|x)"));
    }

    [Fact]
    public async Task ReplaceDiscrete_BadInput_FailsWithStudiosNumbers()
    {
        const string Module = "Replace Discrete Values";
        var table = Tables.Of([Tables.Text("x"), Tables.Number("n"), Tables.Text("many")], 2000, row => ["a", row, $"v{row}"]);

        await ModuleRuns.FailAsync(26, Module, [table], ("Discrete columns", "x"), ("Replacement columns", "x"));
        await ModuleRuns.FailAsync(17, Module, [table], ("Discrete columns", "n"), ("Replacement columns", "x"));
        await ModuleRuns.FailAsync(128, Module, [table], ("Discrete columns", "x"), ("Replacement columns", "many"));
        await ModuleRuns.FailAsync(20, Module, [table], ("Discrete columns", "AllBooleans"), ("Replacement columns", "x"));
        await ModuleRuns.FailAsync(21, Module, [table.Slice(0, 0)], ("Discrete columns", "x"), ("Replacement columns", "n"));
        await ModuleRuns.FailAsync(1, Module, [table], ("Discrete columns", "z"), ("Replacement columns", "n"));
    }

    [Fact]
    public async Task ConvertToDataset_Actions_ChangeValues()
    {
        const string Module = "Convert to Dataset";
        var table = ModuleRuns.Batch([ModuleRuns.Field("s", ColumnType.String), ModuleRuns.Field("n", ColumnType.Int32)], ["7", 7], ["?", null], [null, 1]);

        var missing = await ModuleRuns.OutputAsync(Module, [table], ("Action", "SetMissingValues"), ("Custom missing value", "7"));
        var filled = await ModuleRuns.OutputAsync(Module, [table], ("Action", "ReplaceValues"), ("New value", "0"));
        var replaced = await ModuleRuns.OutputAsync(
            Module, [table], ("Action", "ReplaceValues"), ("Replace", "Custom"), ("Custom value", "7"), ("New value", "9"));
        var same = await ModuleRuns.OutputAsync(Module, [table]);

        Assert.Equal([null, "?", null], ModuleRuns.Texts(missing, "s"));
        Assert.Equal([null, null, "1"], ModuleRuns.Texts(missing, "n"));
        Assert.Equal(["7", "?", "0"], ModuleRuns.Texts(filled, "s"));
        Assert.Equal(["7", "0", "1"], ModuleRuns.Texts(filled, "n"));
        Assert.Equal(["9", "?", null], ModuleRuns.Texts(replaced, "s"));
        Assert.Equal(["9", null, "1"], ModuleRuns.Texts(replaced, "n"));
        ModuleRuns.AssertSame(table, same);
        await ModuleRuns.FailAsync(2, Module, [table], ("Action", "ReplaceValues"), ("New value", "none"));
    }

    [Theory]
    [InlineData("Convert to TSV")]
    [InlineData("Convert to ARFF")]
    public async Task ConvertToFile_Table_StaysAsItIs(string module)
    {
        var table = ModuleRuns.Batch([ModuleRuns.Field("a, \"b\"\té", ColumnType.String)], ["x\ty"], [null]);

        ModuleRuns.AssertSame(table, await ModuleRuns.OutputAsync(module, [table]));
    }

    [Fact]
    public async Task ConvertToSvmLight_LabelAndFeatures_AreNumbers()
    {
        const string Module = "Convert to SVMLight";
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("y", ColumnType.String, ColumnRole.Label), ModuleRuns.Field("x", ColumnType.Int32), ModuleRuns.Field("t", ColumnType.Boolean)],
            ["no", 1, true], ["yes", 2, false]);

        var output = await ModuleRuns.OutputAsync(Module, [table]);

        Assert.Equal(["Labels", "x", "t"], ModuleRuns.Names(output));
        Assert.Equal(["-1", "1"], ModuleRuns.Texts(output, "Labels"));
        Assert.Equal(["1", "0"], ModuleRuns.Texts(output, "t"));
        await ModuleRuns.FailAsync(24, Module, [ModuleRuns.Single("x", ColumnType.Double, 1.0)]);
        await ModuleRuns.FailAsync(
            17, Module, [ModuleRuns.Batch([ModuleRuns.Field("y", ColumnType.Int32, ColumnRole.Label), ModuleRuns.Field("s", ColumnType.String)], [1, "a"])]);
    }

    [Fact]
    public async Task SelectColumnsTransform_LaterTable_IsTrimmed()
    {
        var context = await ModuleRuns.RunAsync(
            "Select Columns Transform",
            [ModuleRuns.Batch([ModuleRuns.Field("b", ColumnType.Int32), ModuleRuns.Field("y", ColumnType.Int32, ColumnRole.Label)], [1, 1])], []);
        var transform = ModuleRuns.Reload(context, "Columns selection transformation");
        var later = ModuleRuns.Batch([ModuleRuns.Field("a", ColumnType.Int32), ModuleRuns.Field("b", ColumnType.Int32)], [1, 2]);

        Assert.Equal(["b"], ModuleRuns.Names(transform.Bind(later.Schema).Apply(later)));
        Assert.Equal(1, Assert.Throws<Auspex.Experiments.Modules.ModuleException>(
            () => transform.Bind(new TableSchema([ModuleRuns.Field("a", ColumnType.Int32)]))).Number);
    }

    [Fact]
    public async Task Smote_Percentage_DecidesHowManyRowsAreMade()
    {
        var table = Tables.Of(
            [Tables.Number("x"), Tables.Text("s"), Tables.Whole("n"), Tables.Text("y")], 30,
            row => [row, row % 2 == 0 ? "p" : "q", row * 2, row < 10 ? "rare" : "common"]);
        (string, string)[] label = [("Label column", "y"), ("Random seed", "5")];

        var twice = await ModuleRuns.OutputAsync("SMOTE", [table], [.. label, ("SMOTE percentage", "200"), ("Number of nearest neighbors", "3")]);
        var again = await ModuleRuns.OutputAsync("SMOTE", [table], [.. label, ("SMOTE percentage", "200"), ("Number of nearest neighbors", "3")]);

        Assert.Equal(50, twice.RowCount);
        ModuleRuns.AssertSame(table, twice.Slice(0, 30));
        ModuleRuns.AssertSame(twice, again);
        Assert.All(ModuleRuns.Texts(twice, "y")[30..], text => Assert.Equal("rare", text));
        Assert.All(ModuleRuns.Numbers(twice, "x")[30..], number => Assert.InRange(number, 0, 9));
        Assert.Equal(30, (await ModuleRuns.OutputAsync("SMOTE", [table], [.. label, ("SMOTE percentage", "0")])).RowCount);
    }

    [Fact]
    public async Task Smote_BadInput_FailsWithStudiosNumbers()
    {
        var one = ModuleRuns.Single("y", ColumnType.String, "a", "a");
        var three = ModuleRuns.Single("y", ColumnType.String, "a", "b", "c");
        var lone = ModuleRuns.Single("y", ColumnType.String, "a", "b", "b");

        await ModuleRuns.FailAsync(54, "SMOTE", [one], ("Label column", "y"));
        await ModuleRuns.FailAsync(54, "SMOTE", [three], ("Label column", "y"));
        await ModuleRuns.FailAsync(21, "SMOTE", [lone], ("Label column", "y"));
        await ModuleRuns.FailAsync(24, "SMOTE", [lone]);
        await ModuleRuns.FailAsync(8, "SMOTE", [lone], ("Label column", "y"), ("SMOTE percentage", "150"));
        await ModuleRuns.FailAsync(21, "SMOTE", [ModuleRuns.Single("y", ColumnType.String)], ("Label column", "y"));
    }

    [Fact]
    public async Task Unpack_FileOfAnArchive_IsRead()
    {
        const string Module = "Unpack Zipped Datasets";
        var zip = Zip(("a.csv", "x,y\n1,é\n"), ("b.tsv", "u\tv\n"));

        var context = await ModuleRuns.RunPortsAsync(Module, [("Dataset", zip)], [("Dataset to Unpack", "a.csv"), ("File has header row", "True")]);
        var single = await ModuleRuns.RunPortsAsync(Module, [("Dataset", Zip(("only.tsv", "1\t2\n")))], [("Dataset file format", "TSV")]);

        Assert.Equal(["é"], ModuleRuns.Texts(ModuleRuns.Table(context, "Results dataset"), "y"));
        Assert.Equal(["Col1", "Col2"], ModuleRuns.Names(ModuleRuns.Table(single, "Results dataset")));
        await ModuleRuns.FailPortsAsync(132, Module, [("Dataset", zip)]);
        await ModuleRuns.FailPortsAsync(133, Module, [("Dataset", zip)], ("Dataset to Unpack", "A.csv"));
        await ModuleRuns.FailPortsAsync(136, Module, [("Dataset", Zip())]);
        await ModuleRuns.FailPortsAsync(102, Module, [("Dataset", new ArchiveValue(new byte[] { 1, 2 }))]);
        await ModuleRuns.FailPortsAsync(131, Module, [("Dataset", new ArchiveValue(new byte[] { 1, 2 }))], ("Compression file format", "Gzip"));
        await ModuleRuns.FailPortsAsync(3, Module, [("Dataset", new TableValue(ModuleRuns.Single("x", ColumnType.Double)))]);
    }

    [Fact]
    public async Task Unpack_Gzip_IsRead()
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("1,2\n"), TestContext.Current.CancellationToken);
        }

        var context = await ModuleRuns.RunPortsAsync(
            "Unpack Zipped Datasets", [("Dataset", new ArchiveValue(bytes.ToArray()))], [("Compression file format", "Gzip")]);

        Assert.Equal(["2"], ModuleRuns.Texts(ModuleRuns.Table(context, "Results dataset"), "Col2"));
    }

    private static ArchiveValue Zip(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return new ArchiveValue(bytes.ToArray());
    }
}
