using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>What the number of a bin becomes.</summary>
internal enum BinValue
{
    /// <summary>The number of the bin, from 1.</summary>
    Index,

    /// <summary>The number by the number of bins.</summary>
    Part,

    /// <summary>The same in percent.</summary>
    Percent,
}

/// <summary>A column and the inner edges of its bins, ascending; a value on an edge belongs to the bin below it.</summary>
internal sealed record ColumnBins(string Column, double[] Edges, bool IsLabel);

/// <summary>What Group Data into Bins fitted. Missing values and NaN have no bin.</summary>
internal sealed class BinningTransform(ImmutableArray<ColumnBins> columns, BinValue value, bool isCategorical, string outputMode) : FittedTransform
{
    public const string KindName = "bins";

    public override string Kind => KindName;

    public override IRowTransform Bind(TableSchema input)
    {
        var made = new List<MadeColumn>();
        foreach (var bins in columns)
        {
            if (bins.IsLabel && input.IndexOf(bins.Column) < 0)
            {
                continue;
            }

            var index = ColumnNames.Find(input, bins.Column);
            var source = input.Fields[index];
            NumericColumns.Require(source, "Group Data into Bins");
            var count = bins.Edges.Length + 1;
            var domain = isCategorical
                ? new CategoryDomain([.. Enumerable.Range(1, count).Select(bin => BinColumn.Value(bin, count, value).ToString("R", System.Globalization.CultureInfo.InvariantCulture))], IsOrdered: true)
                : null;
            made.Add(new MadeColumn(index, new OutputColumn(
                new TableField
                {
                    Name = $"{bins.Column}_quantized",
                    Type = value == BinValue.Index ? ColumnType.Int32 : ColumnType.Double,
                    Role = source.Role == ColumnRole.Feature ? ColumnRole.Feature : ColumnRole.None,
                    Categories = domain,
                },
                new BinColumn(index, bins.Edges, value, domain))));
        }

        return OutputMode.Bind(input, outputMode, made);
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("value", value.ToString());
        writer.WriteBoolean("categorical", isCategorical);
        writer.WriteString("output", outputMode);
        writer.WriteStartArray("columns");
        foreach (var bins in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", bins.Column);
            writer.WriteBoolean("label", bins.IsLabel);
            TransformJson.WriteDoubles(writer, "edges", bins.Edges);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static BinningTransform Read(JsonElement json) => new(
        [
            .. json.GetProperty("columns").EnumerateArray().Select(column => new ColumnBins(
                column.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                TransformJson.ReadDoubles(column.GetProperty("edges")),
                column.GetProperty("label").GetBoolean())),
        ],
        TransformJson.ReadEnum<BinValue>(json.GetProperty("value")),
        json.GetProperty("categorical").GetBoolean(),
        json.GetProperty("output").GetString() ?? throw new FormatException("The output mode is missing."));

    private sealed class BinColumn(int index, double[] edges, BinValue value, CategoryDomain? domain) : ColumnFunction
    {
        public override IEnumerable<int> Inputs => [index];

        public static double Value(int bin, int count, BinValue value) => value switch
        {
            BinValue.Index => bin,
            BinValue.Part => (double)bin / count,
            _ => 100.0 * bin / count,
        };

        public override Column Apply(TableBatch batch)
        {
            var column = batch.Columns[index];
            var values = NumericValues.Of(column);
            var codes = new int[column.Length];
            var validity = column.Validity?.ToArray();
            for (var row = 0; row < codes.Length; row++)
            {
                if (column.IsNull(row) || double.IsNaN(values[row]))
                {
                    validity ??= Column.AllValid(codes.Length);
                    validity[row >> 6] &= ~(1UL << (row & 63));
                    codes[row] = -1;
                    continue;
                }

                var at = Array.BinarySearch(edges, values[row]);
                codes[row] = at >= 0 ? at : ~at;
            }

            var count = edges.Length + 1;
            return domain is not null ? new CategoryColumn(codes, codes.Length, domain, validity)
                : value == BinValue.Index ? new Int64Column([.. codes.Select(code => code + 1L)], codes.Length, validity)
                : new DoubleColumn([.. codes.Select(code => Value(code + 1, count, value))], codes.Length, validity);
        }
    }
}
