using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Models;
using Auspex.Tests.Experiments.Modules;
using Auspex.Tests.Experiments.Training;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>The small values that provoke errors. One column bears a name with quotes, a comma and letters beyond ASCII.</summary>
internal static class ErrorTables
{
    /// <summary>The awkward column's name.</summary>
    public const string Size = "größe, \"m\"";

    /// <summary>A selector of that column.</summary>
    public const string SizeSelector = "\"größe, \"\"m\"\"\"";

    public static TableValue People { get; } = new(Make(12));

    public static TableValue NoRows { get; } = new(Make(0));

    public static TableValue OneRow { get; } = new(Make(1));

    public static TableValue NoColumns { get; } = new(new TableBatch(new TableSchema([]), [], 3));

    /// <summary>Numbers with NaN in one column and infinity in the awkward one.</summary>
    public static TableValue Wild { get; } = new(ModuleRuns.Batch(
        [Number("nan"), Number(Size), Truth("y", ColumnRole.Label)],
        [double.NaN, 1.0, true], [2.0, double.PositiveInfinity, false], [3.0, 2.0, true], [4.0, 5.0, false]));

    /// <summary>The columns of <see cref="People"/>, the label of one class only.</summary>
    public static TableValue OneClass { get; } = new(Change(People.Table, "y", new BooleanColumn([.. Enumerable.Repeat(true, 12)], 12, null)));

    /// <summary>The columns of <see cref="People"/>, the label missing everywhere.</summary>
    public static TableValue Unlabelled { get; } = new(Change(People.Table, "y", new BooleanColumn(new bool[12], 12, new ulong[1])));

    /// <summary>Two columns that are both marked as label.</summary>
    public static TableValue TwoLabels { get; } = new(ModuleRuns.Batch(
        [Number("a"), Number("y") with { Role = ColumnRole.Label }, Number(Size) with { Role = ColumnRole.Label }], [1.0, 2.0, 3.0], [2.0, 3.0, 4.0]));

    /// <summary>Text in every row, each another.</summary>
    public static TableValue Distinct(int rows) => new(Tables.Of(
        [Tables.Text(Size), Tables.Truth("y") with { Role = ColumnRole.Label }, Tables.Number("n")], rows, row => [$"v{row}", row % 2 == 0, row]));

    public static TableValue Of(TableField[] fields, params object?[][] rows) => new(ModuleRuns.Batch(fields, rows));

    public static TableField Number(string name) => ModuleRuns.Field(name, ColumnType.Double);

    public static TableField Text(string name) => ModuleRuns.Field(name, ColumnType.String);

    public static TableField Truth(string name, ColumnRole role = ColumnRole.Feature) => ModuleRuns.Field(name, ColumnType.Boolean, role);

    public static LearnerValue Learner(string name, params (string, string)[] settings) => new(LearnerSuite.Create(name, settings));

    /// <summary>A model of the columns a, b, c and the label y of <see cref="LearnerSuite.Table"/>.</summary>
    public static ModelValue Model(string learner)
    {
        var made = LearnerSuite.Create(learner);
        return new ModelValue(LearnerSuite.Train(made, LearnerSuite.Table(made.Task, 60)));
    }

    /// <summary>The table that <see cref="Model"/> was trained on, scored by it.</summary>
    public static TableValue Scored(string learner)
    {
        var model = Model(learner).Model;
        var table = LearnerSuite.Table(model.Task, 60);
        return new TableValue(model.Bind(table.Schema, appendScores: true).Apply(table));
    }

    /// <summary>A model without any feature, as an imported one may be.</summary>
    public static ModelValue Constant { get; } = new(new LinearModel(
        SampleModels.Linear.Description with { Features = new TableSchema([]), Label = Number("y") with { Role = ColumnRole.Label } }, [], 7));

    public static TransformValue Transform(string module, TableValue table, params (string, string)[] parameters)
    {
        var context = ModuleRuns.Context(module, [table.Table], parameters);
        var run = ModuleRuns.Find(module).RunAsync(context, CancellationToken.None);
        return run.IsCompletedSuccessfully
            ? context.Outputs.Values.OfType<TransformValue>().Single()
            : throw new InvalidOperationException($"{module} made no transform at once.", run.Exception);
    }

    /// <summary>A table whose named column gives way to another of its type.</summary>
    public static TableBatch Change(TableBatch table, string name, Column column) =>
        new(table.Schema, table.Columns.SetItem(table.Schema.IndexOf(name), column), table.RowCount);

    /// <summary>A table with a changed field.</summary>
    public static TableValue Mark(TableValue table, string name, Func<TableField, TableField> change)
    {
        var index = table.Table.Schema.IndexOf(name);
        return new TableValue(new TableBatch(
            new TableSchema(table.Table.Schema.Fields.SetItem(index, change(table.Table.Schema.Fields[index]))), table.Table.Columns, table.Table.RowCount));
    }

    private static TableBatch Make(int rows) => ModuleRuns.Batch(
        [
            Number("age"), Number(Size), Text("name"), ModuleRuns.Category("level", "x", "z"), ModuleRuns.Field("when", ColumnType.DateTime),
            ModuleRuns.Field("kids", ColumnType.Int32), Truth("y", ColumnRole.Label),
        ],
        [
            .. Enumerable.Range(0, rows).Select(row => new object?[]
            {
                20.0 + row, row % 5 == 4 ? null : 1.5 + (row * 0.1), $"name {row}", row % 3 == 0 ? "x" : "z", new DateTime(2024, 1, 1 + row), row % 4, row % 2 == 0,
            }),
        ]);
}
