using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>A column whose missing values become one value.</summary>
internal sealed class FilledColumn : ColumnFunction
{
    private readonly int _index;
    private readonly Column _value;

    private FilledColumn(int index, Column value)
    {
        _index = index;
        _value = value;
    }

    public override IEnumerable<int> Inputs => [_index];

    /// <summary>Binds a fill to a column.</summary>
    /// <exception cref="ModuleException">Error 17: the column is of another type than the one the value was made for.</exception>
    public static OutputColumn Create(int index, TableField field, ColumnFill fill)
    {
        if (field.Type != fill.Type && !(field.IsNumeric && fill.Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double))
        {
            throw new ModuleException(
                17, $"Column '{field.Name}' is {field.Type}; the cleaning transformation was made for {fill.Type}.");
        }

        var filled = field with { IsNullable = false };
        if (field.Categories is { } domain)
        {
            var withLevel = domain.IndexOf(fill.Value) >= 0 ? domain : domain with { Levels = domain.Levels.Add(fill.Value) };
            return new OutputColumn(
                filled with { Categories = withLevel },
                new FilledColumn(index, new CategoryColumn([withLevel.IndexOf(fill.Value)], 1, withLevel, null)));
        }

        return TryParse(fill.Value, field.Type) is { } value
            ? new OutputColumn(filled, new FilledColumn(index, value))
            : throw new ModuleException(
                17, $"Column '{field.Name}' is {field.Type}; the replacement value was made for {fill.Type} and does not fit.");
    }

    /// <summary>A text as a column of one value of this type; null where it means none. Times may be given in ticks.</summary>
    public static Column? TryParse(string text, ColumnType type)
    {
        var builder = ColumnBuilder.For(type, 1);
        if (type is ColumnType.DateTime or ColumnType.TimeSpan && CellParser.TryParse(text, CellParser.TryParseInt64, out long ticks))
        {
            return type == ColumnType.TimeSpan ? new TimeSpanColumn([ticks], 1, null)
                : ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTimeColumn([ticks], 1, null)
                : null;
        }

        return builder.TryAppendText(Encoding.UTF8.GetBytes(text)) ? builder.Build() : null;
    }

    public override Column Apply(TableBatch batch)
    {
        var column = batch.Columns[_index];
        var isComplete = column.Validity is null;
        return (column, _value) switch
        {
            (CategoryColumn codes, CategoryColumn fill) => new CategoryColumn(
                isComplete ? codes.Values.ToArray() : Fill(codes, fill.Values[0]), codes.Length, fill.Domain, null),
            (_, _) when isComplete => column,
            (DoubleColumn numbers, DoubleColumn fill) => new DoubleColumn(Fill(numbers, fill.Values[0]), numbers.Length, null),
            (Int64Column numbers, Int64Column fill) => new Int64Column(Fill(numbers, fill.Values[0]), numbers.Length, null),
            (BooleanColumn flags, BooleanColumn fill) => new BooleanColumn(Fill(flags, fill.Values[0]), flags.Length, null),
            (DateTimeColumn times, DateTimeColumn fill) => new DateTimeColumn(Fill(times, fill.Values[0]), times.Length, null),
            (TimeSpanColumn times, TimeSpanColumn fill) => new TimeSpanColumn(Fill(times, fill.Values[0]), times.Length, null),
            (StringColumn texts, StringColumn fill) => Fill(texts, fill.Bytes(0)),
            _ => throw new ArgumentException($"The batch's column is a {column.GetType().Name}; expected a {_value.GetType().Name}."),
        };
    }

    private static T[] Fill<T>(Column<T> column, T value)
        where T : unmanaged
    {
        var filled = column.Values.ToArray();
        for (var row = 0; row < filled.Length; row++)
        {
            if (column.IsNull(row))
            {
                filled[row] = value;
            }
        }

        return filled;
    }

    private static Column Fill(StringColumn column, ReadOnlySpan<byte> value)
    {
        var builder = new StringColumnBuilder(column.Length);
        for (var row = 0; row < column.Length; row++)
        {
            builder.AppendUtf8(column.IsNull(row) ? value : column.Bytes(row));
        }

        return builder.Build();
    }
}
