using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>A categorical column and the levels that get a column each.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Type">The type of its levels.</param>
/// <param name="Levels">In category order.</param>
/// <param name="IsLabel">Whether it was the label at fitting; later tables may come without it.</param>
internal sealed record IndicatorLevels(string Column, ColumnType Type, ImmutableArray<string> Levels, bool IsLabel);

/// <summary>
/// What Convert to Indicator Values fitted: per column a 0/1 column for each level, appended in category order. A missing
/// value and a level not seen at fitting give zeros. Takes categories in any order, and plain columns of the levels' type.
/// </summary>
internal sealed class IndicatorTransform(ImmutableArray<IndicatorLevels> columns, bool dropsSource) : FittedTransform
{
    public const string KindName = "indicators";

    public override string Kind => KindName;

    public static IndicatorTransform Fit(TableSchema schema, ImmutableArray<int> selected, bool dropsSource) => new(
        [
            .. selected.Select(index => schema.Fields[index]).Select(field => new IndicatorLevels(
                field.Name, field.Type, field.Categories!.Levels, field.Role == ColumnRole.Label)),
        ],
        dropsSource);

    public override IRowTransform Bind(TableSchema input)
    {
        var present = columns.Where(column => !column.IsLabel || input.IndexOf(column.Column) >= 0).ToList();
        var dropped = dropsSource
            ? present.Select(column => column.Column).ToHashSet(StringComparer.Ordinal)
            : [];
        var output = ColumnwiseTransform.PassThrough(input);
        output.RemoveAll(column => dropped.Contains(column.Field.Name));
        var taken = output.Select(column => column.Field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var column in present)
        {
            var index = ColumnNames.Find(input, column.Column);
            var field = input.Fields[index];
            if (field.Type != column.Type && !(field.IsNumeric && column.Type is not ColumnType.String))
            {
                throw new ModuleException(
                    17, $"Column '{field.Name}' is {field.Type}; the indicators were made for {column.Type}.");
            }

            // A label's or a hidden column's indicators must not become features behind the author's back.
            var role = field.Role == ColumnRole.Feature ? ColumnRole.Feature : ColumnRole.None;
            var codes = new LevelCodes(index, new CategoryDomain(column.Levels));
            for (var level = 0; level < column.Levels.Length; level++)
            {
                output.Add(new OutputColumn(
                    new TableField
                    {
                        Name = ColumnNames.MakeUnique($"{column.Column}-{column.Levels[level]}", 1, taken),
                        Type = ColumnType.Int32,
                        IsNullable = false,
                        Role = role,
                    },
                    new IndicatorColumn(codes, level)));
            }
        }

        return new IndicatorRowTransform(output, input.Fields.Length);
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("dropsSource", dropsSource);
        writer.WriteStartArray("columns");
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Column);
            writer.WriteString("type", column.Type.ToString());
            writer.WriteBoolean("label", column.IsLabel);
            TransformJson.WriteStrings(writer, "levels", column.Levels);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static IndicatorTransform Read(JsonElement json) => new(
        [
            .. json.GetProperty("columns").EnumerateArray().Select(column => new IndicatorLevels(
                column.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                TransformJson.ReadEnum<ColumnType>(column.GetProperty("type")),
                TransformJson.ReadStrings(column.GetProperty("levels")),
                column.GetProperty("label").GetBoolean())),
        ],
        json.GetProperty("dropsSource").GetBoolean());
}
