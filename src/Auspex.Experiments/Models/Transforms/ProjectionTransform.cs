using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>A column among the inputs of a projection: a number, or a 0/1 slot for each level.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Levels">Its levels; null for numbers and Booleans.</param>
internal sealed record ProjectedColumn(string Column, ImmutableArray<string>? Levels)
{
    public int Slots => Levels?.Length ?? 1;
}

/// <summary>
/// Weighted sums of columns: what Principal Component Analysis and Fisher Linear Discriminant Analysis fitted. A missing value
/// counts as the mean at fitting.
/// </summary>
/// <param name="module">The module, for messages.</param>
/// <param name="columns">Columns in the order of the slots.</param>
/// <param name="means">What stands in for a missing value, for each slot.</param>
/// <param name="offsets">What is subtracted, for each slot.</param>
/// <param name="weights">For each result a weight for each slot.</param>
/// <param name="dropsSources">Whether the columns give way to the results; else they are kept.</param>
internal sealed class ProjectionTransform(
    string module, ImmutableArray<ProjectedColumn> columns, double[] means, double[] offsets, double[][] weights, bool dropsSources)
    : FittedTransform
{
    public const string KindName = "projection";

    public override string Kind => KindName;

    /// <summary>The slots of columns of a table.</summary>
    /// <exception cref="ModuleException">Error 17: a column is neither number, Boolean nor categorical.</exception>
    public static ImmutableArray<ProjectedColumn> Slots(TableSchema schema, IEnumerable<int> selected, string module) =>
    [
        .. selected.Select(index => schema.Fields[index]).Select(field => field.IsCategorical
            ? new ProjectedColumn(field.Name, field.Categories!.Levels)
            : field.IsNumeric || field.Type == ColumnType.Boolean
                ? new ProjectedColumn(field.Name, null)
                : throw new ModuleException(
                    17, $"Column '{field.Name}' is {field.Type}; {module} takes numeric, Boolean and categorical columns. Leave it out.")),
    ];

    /// <summary>The slots' values, a column each; NaN where missing.</summary>
    public static double[][] Read(TableBatch table, ImmutableArray<ProjectedColumn> columns)
    {
        var slots = new List<double[]>();
        foreach (var projected in columns)
        {
            var column = table.Columns[ColumnNames.Find(table.Schema, projected.Column)];
            if (projected.Levels is { } levels)
            {
                var codes = new LevelCodes(0, new CategoryDomain(levels)).Of(column);
                for (var level = 0; level < levels.Length; level++)
                {
                    slots.Add([.. codes.Select((code, row) => column.IsNull(row) ? double.NaN : code == level ? 1.0 : 0)]);
                }
            }
            else
            {
                var values = NumericValues.Of(column).ToArray();
                for (var row = 0; row < values.Length && column.Validity is not null; row++)
                {
                    values[row] = column.IsNull(row) ? double.NaN : values[row];
                }

                slots.Add(values);
            }
        }

        return [.. slots];
    }

    public override IRowTransform Bind(TableSchema input)
    {
        foreach (var column in columns)
        {
            var field = input.Fields[ColumnNames.Find(input, column.Column)];
            if (column.Levels is null && (field.IsCategorical || field.Type is not (ColumnType.Boolean or ColumnType.Double or ColumnType.Int32 or ColumnType.Int64)))
            {
                throw new ModuleException(17, $"Column '{field.Name}' is {(field.IsCategorical ? "categorical" : field.Type)}; {module} was fitted on numbers.");
            }
        }

        return new Bound(this, input);
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("module", module);
        writer.WriteBoolean("dropsSources", dropsSources);
        TransformJson.WriteDoubles(writer, "means", means);
        TransformJson.WriteDoubles(writer, "offsets", offsets);
        writer.WriteStartArray("columns");
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Column);
            if (column.Levels is { } levels)
            {
                TransformJson.WriteStrings(writer, "levels", levels);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("results");
        foreach (var result in weights)
        {
            writer.WriteStartObject();
            TransformJson.WriteDoubles(writer, "weights", result);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static ProjectionTransform Read(JsonElement json) => new(
        json.GetProperty("module").GetString() ?? throw new FormatException("The module is missing."),
        [
            .. json.GetProperty("columns").EnumerateArray().Select(column => new ProjectedColumn(
                column.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                column.TryGetProperty("levels", out var levels) ? TransformJson.ReadStrings(levels) : null)),
        ],
        TransformJson.ReadDoubles(json.GetProperty("means")),
        TransformJson.ReadDoubles(json.GetProperty("offsets")),
        [.. json.GetProperty("results").EnumerateArray().Select(result => TransformJson.ReadDoubles(result.GetProperty("weights")))],
        json.GetProperty("dropsSources").GetBoolean());

    private double[][] Project(double[][] slots, int rows)
    {
        var results = new double[weights.Length][];
        for (var result = 0; result < results.Length; result++)
        {
            var sums = results[result] = new double[rows];
            for (var slot = 0; slot < slots.Length; slot++)
            {
                var (weight, mean, offset, values) = (weights[result][slot], means[slot], offsets[slot], slots[slot]);
                for (var row = 0; row < rows; row++)
                {
                    sums[row] += weight * ((double.IsNaN(values[row]) ? mean : values[row]) - offset);
                }
            }
        }

        return results;
    }

    private sealed class Bound : IRowTransform
    {
        private readonly ProjectionTransform _transform;
        private readonly ImmutableArray<int> _kept;

        public Bound(ProjectionTransform transform, TableSchema input)
        {
            _transform = transform;
            var sources = transform.Sources(input);
            _kept = [.. Enumerable.Range(0, input.Fields.Length).Where(index => !transform.DropsSources || !sources.Contains(index))];
            var taken = _kept.Select(index => input.Fields[index].Name).ToHashSet(StringComparer.Ordinal);
            Output = new TableSchema(
            [
                .. _kept.Select(index => input.Fields[index]),
                .. Enumerable.Range(1, transform.Results).Select(i => new TableField
                {
                    Name = ColumnNames.MakeUnique(FormattableString.Invariant($"Col{i}"), 1, taken),
                    Type = ColumnType.Double,
                }),
            ]);
            Flow = new ColumnFlow(
                [.. _kept, .. Enumerable.Repeat(-1, transform.Results)],
                [.. Enumerable.Range(0, input.Fields.Length).Select(sources.Contains)]);
        }

        public TableSchema Output { get; }

        public ColumnFlow Flow { get; }

        public TableBatch Apply(TableBatch batch) => new(
            Output,
            [
                .. _kept.Select(index => batch.Columns[index]),
                .. _transform.Project(Read(batch, _transform.Columns), batch.RowCount).Select(values => new DoubleColumn(values, values.Length, null)),
            ],
            batch.RowCount);
    }

    private ImmutableArray<ProjectedColumn> Columns => columns;

    private bool DropsSources => dropsSources;

    private int Results => weights.Length;

    private HashSet<int> Sources(TableSchema input) => [.. columns.Select(column => input.IndexOf(column.Column))];
}
