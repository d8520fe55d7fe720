using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Modules;
using static Auspex.Tests.Experiments.Errors.ErrorTables;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Choosing features.</summary>
internal static partial class ErrorCases
{
    private static TransformValue Normalization => Transform("Normalize Data", People, ("Columns to transform", "NumericAll"));

    private static IEnumerable<ErrorCase> Features() =>
    [
        new(1, "Filter Based Feature Selection", ["'gone'"], [People], "Target column=gone"),
        new(3, "Filter Based Feature Selection", ["'Dataset'"], [null]),
        new(5, "Filter Based Feature Selection", ["'Number of desired features'", "0"], [People], "Target column=y", "Number of desired features=0"),
        new(17, "Filter Based Feature Selection", ["'when'"], [People], "Target column=when"),
        new(1, "Fisher Linear Discriminant Analysis", ["'gone'"], [People], "Class labels column=gone"),
        new(3, "Fisher Linear Discriminant Analysis", ["'Class labels column'"], [People]),
        new(17, "Fisher Linear Discriminant Analysis", ["'age'", "Double"], [People], "Class labels column=age"),
        new(21, "Fisher Linear Discriminant Analysis", ["'y'"], [Unlabelled], "Class labels column=y"),
        new(33, "Fisher Linear Discriminant Analysis", [$"'{Size}'"], [Wild], "Class labels column=y"),
        new(54, "Fisher Linear Discriminant Analysis", ["'y'"], [OneClass], "Class labels column=y"),
    ];

    private static FilterValue Filter(string module)
    {
        var context = ModuleRuns.Context(module, [], []);
        return ModuleRuns.Find(module).RunAsync(context, CancellationToken.None).IsCompletedSuccessfully
            ? context.Outputs.Values.OfType<FilterValue>().Single()
            : throw new InvalidOperationException($"{module} made no filter at once.");
    }

    private static TransformValue Counts(string column) => Transform(
        "Build Counting Transform", People, ("Label column index or name", "y"), ("Select columns to count", column));

    private static TableBatch Wide(int columns) => new(
        new TableSchema([.. Enumerable.Range(0, columns).Select(i => Number($"c{i}"))]),
        [.. Enumerable.Range(0, columns).Select(i => (Column)new DoubleColumn([i, 1], 2, null))],
        2);
}
