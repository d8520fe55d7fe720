using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Training;
using static Auspex.Tests.Experiments.Errors.ErrorTables;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Tuning and evaluation.</summary>
internal static partial class ErrorCases
{
    private static TableValue Labelled => new(LearnerSuite.Table(ModelTask.Binary, 60));

    private static IEnumerable<ErrorCase> Judging() =>
    [
        new(3, "Tune Model Hyperparameters", ["'Untrained model'"], [null, Labelled, null], Names),
        new(8, "Tune Model Hyperparameters", ["'Maximum number of runs on random sweep'"], [Learner(Trees), Labelled, null], Names, "Maximum number of runs on random sweep=100000000"),
        new(13, "Tune Model Hyperparameters", [Trees], [Model(Trees), Labelled, null], Names),
        new(20, "Tune Model Hyperparameters", ["'y'", "feature"], [Learner(Trees), Of([Truth("y", ColumnRole.Label)], [.. Enumerable.Range(0, 30).Select(row => new object?[] { row % 2 == 0 })]), null], Names),
        new(21, "Tune Model Hyperparameters", ["'y'", "10"], [Learner(Trees), OneRow, null], Names),
        new(24, "Tune Model Hyperparameters", ["'Label column'"], [Learner(Trees), Of([Number("a")], [1.0]), null], "Label column=AllLabels"),
        new(24, "Tune Model Hyperparameters", ["'y'", "validation"], [Learner(Trees), Labelled, Of([Number("a")], [1.0])], Names),
        new(58, "Tune Model Hyperparameters", ["'y'", "Boolean", "String"], [Learner(Trees), Labelled, Of([Text("y")], ["x"])], Names),
        new(83, "Tune Model Hyperparameters", ["'y'"], [Learner(Trees), Rare, null], Names),

        new(1, "Cross-Validate Model", ["'gone'"], [Learner(Trees), Labelled], "Label column=gone"),
        new(3, "Cross-Validate Model", ["'Label column'"], [Learner(Trees), Labelled]),
        new(6, "Cross-Validate Model", ["10", "1"], [Learner(Trees), OneRow], Names),
        new(13, "Cross-Validate Model", [Trees], [Model(Trees), Labelled], Names),
        new(33, "Cross-Validate Model", [$"'{Size}'"], [Learner(Logistic), Infinite], Names),

        new(3, "Evaluate Model", ["'Scored dataset'"], [null, null]),
        new(21, "Evaluate Model", ["label", "score"], [new TableValue(Scored(Trees).Table.Slice(0, 0)), null]),
        new(24, "Evaluate Model", ["label", "Edit Metadata"], [Mark(Scored(Trees), "y", field => field with { Role = ColumnRole.Feature }), null]),
        new(25, "Evaluate Model", ["Score Model"], [Labelled, null]),
        new(37, "Evaluate Model", ["'a'", "'y'"], [Mark(Scored(Trees), "a", field => field with { Role = ColumnRole.Label }), null]),
        new(58, "Evaluate Model", ["'c \"x\", é'", "String"], [Mark(Mark(Scored(Trees), "y", field => field with { Role = ColumnRole.None }), "c \"x\", é", field => field with { Role = ColumnRole.Label }), null]),
        new(62, "Evaluate Model", ["Binary", "Regression"], [Scored(Trees), Scored(Ordinary)]),

        new(3, "Permutation Feature Importance", ["'Trained model'"], [null, Labelled]),
        new(12, "Permutation Feature Importance", [Trees, "Train Model"], [Learner(Trees), Labelled]),
        new(21, "Permutation Feature Importance", ["no rows"], [Model(Trees), new TableValue(LearnerSuite.Table(ModelTask.Binary, 0))]),
        new(24, "Permutation Feature Importance", ["'y'"], [Model(Trees), Of([Number("a"), Number("b"), Text("c \"x\", é")], [1.0, 1.0, "c1"])]),
        new(47, "Permutation Feature Importance", ["no columns"], [Constant, Of([Number("y")], [1.0], [2.0])], "Metric for measuring performance=Regression - Mean Absolute Error"),
        new(62, "Permutation Feature Importance", ["'Metric for measuring performance'", "Binary"], [Model(Trees), Labelled], "Metric for measuring performance=Regression - Mean Absolute Error"),
    ];

    /// <summary>Of the two classes one has three rows.</summary>
    private static TableValue Rare => Of(
        [Number("a"), Truth("y", ColumnRole.Label)], [.. Enumerable.Range(0, 40).Select(row => new object?[] { row * 1.0, row < 3 })]);

    private static TableValue Infinite => Of(
        [Number(Size), Truth("y", ColumnRole.Label)],
        [.. Enumerable.Range(0, 40).Select(row => new object?[] { row < 20 ? double.PositiveInfinity : row, row % 2 == 0 })]);
}
