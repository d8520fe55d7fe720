using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>A column of numbers that a discrete column's values are looked up in.</summary>
/// <param name="Source">The discrete column.</param>
/// <param name="Name">The new column's name.</param>
/// <param name="Values">The number of each level, in order; NaN where there is none.</param>
internal sealed record LookedUpColumn(string Source, string Name, double[] Values);

/// <summary>What Replace Discrete Values fitted: numbers that stand for levels. A level that was not seen has none.</summary>
/// <param name="levels">The levels of each discrete column.</param>
/// <param name="columns">The columns to add, in order.</param>
internal sealed class ReplacementTransform(
    ImmutableDictionary<string, ImmutableArray<string>> levels, ImmutableArray<LookedUpColumn> columns) : FittedTransform
{
    public const string KindName = "replace-discrete";

    public override string Kind => KindName;

    public override IRowTransform Bind(TableSchema input)
    {
        var output = ColumnwiseTransform.PassThrough(input);
        var taken = output.Select(column => column.Field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var codes = new LevelCodes(ColumnNames.Find(input, column.Source), new CategoryDomain(levels[column.Source]));
            output.Add(new OutputColumn(
                new TableField { Name = ColumnNames.MakeUnique(column.Name, 1, taken), Type = ColumnType.Double },
                new LookUp(codes, column.Values)));
        }

        return new ColumnwiseTransform(output, input.Fields.Length);
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("levels");
        foreach (var (column, texts) in levels.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            TransformJson.WriteStrings(writer, column, texts);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("columns");
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("source", column.Source);
            writer.WriteString("name", column.Name);
            TransformJson.WriteDoubles(writer, "values", column.Values);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static ReplacementTransform Read(JsonElement json) => new(
        json.GetProperty("levels").EnumerateObject().ToImmutableDictionary(
            member => member.Name, member => TransformJson.ReadStrings(member.Value), StringComparer.Ordinal),
        [
            .. json.GetProperty("columns").EnumerateArray().Select(column => new LookedUpColumn(
                column.GetProperty("source").GetString() ?? throw new FormatException("A column has no source."),
                column.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                TransformJson.ReadDoubles(column.GetProperty("values")))),
        ]);

    private sealed class LookUp(LevelCodes codes, double[] values) : ColumnFunction
    {
        public override IEnumerable<int> Inputs => [codes.Index];

        public override Column Apply(TableBatch batch)
        {
            var rowCodes = codes.Of(batch);
            var numbers = new double[rowCodes.Length];
            ulong[]? validity = null;
            for (var row = 0; row < numbers.Length; row++)
            {
                if (rowCodes[row] < 0 || double.IsNaN(values[rowCodes[row]]))
                {
                    validity ??= Column.AllValid(numbers.Length);
                    validity[row >> 6] &= ~(1UL << (row & 63));
                }
                else
                {
                    numbers[row] = values[rowCodes[row]];
                }
            }

            return new DoubleColumn(numbers, numbers.Length, validity);
        }
    }
}
