using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Tables that nobody means to have: a module gives a result or one of Studio's errors, and nothing else.</summary>
public sealed class HostileTablesTests
{
    private static readonly (string Module, (string, string)[] Parameters)[] Runs =
    [
        ("Partition and Sample", [("Random seed for sampling", "1")]),
        ("Partition and Sample", [("Partition or sample mode", "Assign to Folds"), ("Random seed", "1")]),
        ("Summarize Data", []),
        ("Compute Elementary Statistics", [("Method", "GeometricMean")]),
        ("Compute Linear Correlation", []),
        ("Apply Math Operation", [("Category", "Special"), ("Special function", "GammaLn")]),
        ("Evaluate Probability Function", [("Column set", "AllNumeric"), ("Distribution", "TStudent")]),
        ("Clip Values", [("List of columns", "AllNumeric"), ("Upper threshold", "Percentile")]),
        ("Group Data into Bins", []),
        ("Group Data into Bins", [("Binning mode", "Equal Width")]),
        ("Group Data into Bins", [("Binning mode", "Entropy MDL"), ("Label column", "text")]),
        ("Replace Discrete Values", [("Discrete columns", "text"), ("Replacement columns", "AllNumeric")]),
        ("Test Hypothesis Using t-Test", [("Target column(s)", "mixed")]),
        ("Convert to Dataset", [("Action", "SetMissingValues"), ("Custom missing value", "1")]),
        ("Convert to SVMLight", []),
        ("Select Columns Transform", []),
        ("SMOTE", [("Label column", "text"), ("Random seed", "1")]),
        ("Filter Based Feature Selection", [("Target column", "mixed")]),
        ("Filter Based Feature Selection", [("Target column", "text"), ("Feature scoring method", "Mutual Information")]),
        ("Filter Based Feature Selection", [("Feature scoring method", "Count Based")]),
        ("Fisher Linear Discriminant Analysis", [("Class labels column", "text")]),
        ("Principal Component Analysis", [("Selected columns", "AllNumeric"), ("Number of dimensions to reduce to", "2")]),
        ("Feature Hashing", [("Target columns", "text"), ("Hashing bitsize", "3")]),
        ("Preprocess Text", [("Text column to clean", "text")]),
        ("Extract N-Gram Features from Text", [("Text column", "text"), ("Use filter-based feature selection", "False")]),
        ("Extract Key Phrases from Text", [("Text column", "text")]),
        ("Detect Languages", [("Text column", "text")]),
        ("Named Entity Recognition", []),
        ("Latent Dirichlet Allocation", [("Target column(s)", "text"), ("Number of topics to model", "2")]),
        ("Build Counting Transform", [("Label column index or name", "text"), ("Select columns to count", "mixed")]),
    ];

    public static TheoryData<int> RunNumbers => [.. Enumerable.Range(0, Runs.Length)];

    [Theory]
    [MemberData(nameof(RunNumbers))]
    public async Task Run_HostileTable_SucceedsOrFailsByNumber(int number)
    {
        var (module, parameters) = Runs[number];
        foreach (var (what, table) in Hostile())
        {
            try
            {
                var context = await ModuleRuns.RunAsync(module, [table], parameters);
                Assert.Equal(ModuleRuns.Find(module).Descriptor.Outputs.Length, context.Outputs.Count);
            }
            catch (ModuleException failure)
            {
                Assert.True(failure.Number is > 0 and < 1000, $"{module} on {what}: {failure.Message}");
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"{module} on {what}: {failure}");
            }
        }
    }

    [Theory]
    [InlineData("Summarize Data")]
    [InlineData("Group Data into Bins")]
    [InlineData("Compute Elementary Statistics")]
    [InlineData("Apply Math Operation")]
    public async Task Run_TenThousandColumns_Succeeds(string module)
    {
        var table = new TableBatch(
            new TableSchema([.. Enumerable.Range(0, 10_000).Select(i => ModuleRuns.Field($"c{i}", ColumnType.Double))]),
            [.. Enumerable.Range(0, 10_000).Select(i => (Column)new DoubleColumn([i, 1, i % 7], 3, null))],
            3);

        var output = await ModuleRuns.OutputAsync(module, [table]);

        Assert.True(output.Columns.Length >= 10_000 || output.RowCount == 10_000);
    }

    [Fact]
    public async Task Correlation_TooManyColumns_IsError129()
    {
        var table = new TableBatch(
            new TableSchema([.. Enumerable.Range(0, 10_001).Select(i => ModuleRuns.Field($"c{i}", ColumnType.Double))]),
            [.. Enumerable.Range(0, 10_001).Select(i => (Column)new DoubleColumn([i, 1], 2, null))],
            2);

        await ModuleRuns.FailAsync(129, "Compute Linear Correlation", [table]);
    }

    private static IEnumerable<(string What, TableBatch Table)> Hostile()
    {
        TableField[] fields =
        [
            ModuleRuns.Field("mixed", ColumnType.Double), ModuleRuns.Field("text", ColumnType.String), ModuleRuns.Field("a \"b\", 'c'\té", ColumnType.Int32),
            ModuleRuns.Category("level", "x", "y"), ModuleRuns.Field("when", ColumnType.DateTime), ModuleRuns.Field("truth", ColumnType.Boolean),
        ];
        yield return ("no rows", ModuleRuns.Batch(fields));
        yield return ("no columns", new TableBatch(new TableSchema([]), [], 3));
        yield return ("all missing", ModuleRuns.Batch(fields, [.. Enumerable.Range(0, 12).Select(_ => new object?[6])]));
        yield return ("constant", ModuleRuns.Batch(fields, [.. Enumerable.Range(0, 12).Select(_ => new object?[] { 1.0, "same", 7, "x", new DateTime(2020, 1, 1), true })]));
        yield return ("one row", ModuleRuns.Batch(fields, [1.0, "word", 1, "x", new DateTime(2020, 1, 1), true]));
        yield return ("NaN and infinities", ModuleRuns.Batch(
            fields,
            [
                .. Enumerable.Range(0, 12).Select(row => new object?[]
                {
                    (row % 4) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, _ => row }, row % 2 == 0 ? "a" : "b é ü", int.MaxValue, "y", null, false,
                }),
            ]));
        yield return ("with gaps", ModuleRuns.Batch(
            fields,
            [.. Enumerable.Range(0, 12).Select(row => new object?[] { row % 3 == 0 ? null : row * 1.5, row % 4 == 0 ? null : $"w{row % 2}", row, row % 5 == 0 ? null : "x", null, null })]));
    }
}
