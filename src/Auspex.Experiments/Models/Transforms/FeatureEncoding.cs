using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>How one column stands in a vector of numbers.</summary>
internal sealed record EncodedColumn
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type at fitting.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>Whether it was the label at fitting; later tables may come without it.</summary>
    public bool IsLabel { get; init; }

    /// <summary>Levels with a dimension each; empty for numbers, which take one dimension.</summary>
    public ImmutableArray<string> Levels { get; init; } = [];

    /// <summary>What is subtracted from a number.</summary>
    public double Mean { get; init; }

    /// <summary>What a number is divided by then; not 0.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The least number seen.</summary>
    public double Minimum { get; init; }

    /// <summary>The greatest number seen.</summary>
    public double Maximum { get; init; }

    /// <summary>The commonest level's code.</summary>
    public int CommonestLevel { get; init; }

    /// <summary>Its first dimension; set by the encoding.</summary>
    public int First { get; init; }

    /// <summary>How many dimensions it takes.</summary>
    public int Width => Levels.IsEmpty ? 1 : Levels.Length;

    /// <summary>Keeps a prediction within what was seen; for levels makes the greatest 1 and the others 0.</summary>
    public void Settle(Span<double> vector)
    {
        var own = vector.Slice(First, Width);
        if (Levels.IsEmpty)
        {
            own[0] = Math.Clamp(own[0], (Minimum - Mean) / Scale, (Maximum - Mean) / Scale);
            if (Type == ColumnType.Boolean)
            {
                own[0] = ((own[0] * Scale) + Mean >= 0.5 ? 1 - Mean : -Mean) / Scale;
            }

            return;
        }

        var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(own);
        own.Clear();
        own[best] = 1;
    }

    /// <summary>Puts the mean, or the commonest level.</summary>
    public void PutTypical(Span<double> vector)
    {
        var own = vector.Slice(First, Width);
        own.Clear();
        if (!Levels.IsEmpty)
        {
            own[CommonestLevel] = 1;
        }
    }
}

/// <summary>Columns as a vector of numbers: numbers standardised, a 0/1 dimension for each of the commonest levels.</summary>
internal sealed class FeatureEncoding
{
    // Rarer levels have no dimension: one column of free text must not make the vectors, and every matrix of them, huge.
    private const int MostLevels = 20;

    public FeatureEncoding(IEnumerable<EncodedColumn> columns)
    {
        var placed = ImmutableArray.CreateBuilder<EncodedColumn>();
        foreach (var column in columns)
        {
            placed.Add(column with { First = Dimensions });
            Dimensions += column.Width;
        }

        Columns = placed.ToImmutable();
    }

    public ImmutableArray<EncodedColumn> Columns { get; }

    public int Dimensions { get; }

    /// <summary>Learns the encoding of these columns, each of which has at least one value.</summary>
    public static FeatureEncoding Fit(TableBatch table, IEnumerable<int> columns) => new(columns.Select(index =>
    {
        var field = table.Schema.Fields[index];
        var column = table.Columns[index];
        var encoded = new EncodedColumn { Name = field.Name, Type = field.Type, IsLabel = field.Role == ColumnRole.Label };
        return NumericValues.CanRead(field) ? FitNumbers(encoded, column) : FitLevels(encoded, column);
    }));

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("columns");
        foreach (var column in Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", column.Type.ToString());
            writer.WriteBoolean("label", column.IsLabel);
            TransformJson.WriteStrings(writer, "levels", column.Levels);
            TransformJson.WriteDoubles(writer, "numbers", [column.Mean, column.Scale, column.Minimum, column.Maximum]);
            writer.WriteNumber("commonest", column.CommonestLevel);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static FeatureEncoding Read(JsonElement json) => new(json.EnumerateArray().Select(column =>
    {
        var numbers = TransformJson.ReadDoubles(column.GetProperty("numbers"));
        var levels = TransformJson.ReadStrings(column.GetProperty("levels"));
        var commonest = column.GetProperty("commonest").GetInt32();
        return numbers.Length == 4 && numbers[1] != 0 && commonest >= 0 && (levels.IsEmpty || commonest < levels.Length)
            ? new EncodedColumn
            {
                Name = column.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                Type = TransformJson.ReadEnum<ColumnType>(column.GetProperty("type")),
                IsLabel = column.GetProperty("label").GetBoolean(),
                Levels = levels,
                Mean = numbers[0],
                Scale = numbers[1],
                Minimum = numbers[2],
                Maximum = numbers[3],
                CommonestLevel = commonest,
            }
            : throw new FormatException("A column's encoding is out of range.");
    }));

    private static EncodedColumn FitNumbers(EncodedColumn encoded, Column column)
    {
        var values = NumericValues.Present(column).Where(double.IsFinite).ToArray();
        if (values.Length == 0)
        {
            return encoded;
        }

        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return encoded with
        {
            Mean = mean,
            Scale = deviation > 0 && double.IsFinite(deviation) ? deviation : 1,
            Minimum = values.Min(),
            Maximum = values.Max(),
        };
    }

    private static EncodedColumn FitLevels(EncodedColumn encoded, Column column)
    {
        var counts = CategoryDomains.Count(ColumnText.ToText(column, CellFormat.File));
        var levels = counts.OrderByDescending(entry => entry.Value)
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(MostLevels)
            .Select(entry => entry.Key)
            .ToImmutableArray();
        return encoded with { Levels = levels };
    }
}
