using Auspex.Connectors.Tables;

namespace Auspex.Library;

/// <summary>Puts columns together as a <see cref="Table"/>. Arrays are taken as they are, not copied: leave them alone afterwards.</summary>
public sealed class TableBuilder
{
    private readonly List<(TableField Field, Column Column)> _columns = [];

    /// <summary>Adds a column of numbers; NaN is a missing value.</summary>
    /// <param name="name">Not there yet; case matters.</param>
    /// <param name="values">One per row, as many as the other columns have.</param>
    /// <exception cref="ArgumentException">The name is taken, or the lengths differ.</exception>
    public TableBuilder Add(string name, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Add(name, ColumnType.Double, new DoubleColumn(values, values.Length, Valid(values.Length, row => !double.IsNaN(values[row]))));
    }

    /// <summary>Adds a column of whole numbers.</summary>
    /// <inheritdoc cref="Add(string, double[])"/>
    public TableBuilder Add(string name, long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Add(name, ColumnType.Int64, new Int64Column(values, values.Length, null));
    }

    /// <summary>Adds a column of true and false.</summary>
    /// <inheritdoc cref="Add(string, double[])"/>
    public TableBuilder Add(string name, bool[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Add(name, ColumnType.Boolean, new BooleanColumn(values, values.Length, null));
    }

    /// <summary>Adds a column of text; null is a missing value.</summary>
    /// <inheritdoc cref="Add(string, double[])"/>
    public TableBuilder Add(string name, string?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var builder = new StringColumnBuilder(values.Length);
        foreach (var value in values)
        {
            builder.Append(value);
        }

        return Add(name, ColumnType.String, builder.Build());
    }

    /// <summary>The table of the columns so far.</summary>
    public Table Build() => new(new TableBatch(
        new TableSchema([.. _columns.Select(column => column.Field)]),
        [.. _columns.Select(column => column.Column)],
        _columns is [(_, var first), ..] ? first.Length : 0));

    private TableBuilder Add(string name, ColumnType type, Column column)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_columns.Any(added => added.Field.Name == name))
        {
            throw new ArgumentException($"There is a column '{name}' already; names must differ.", nameof(name));
        }

        if (_columns is [(_, var first), ..] && first.Length != column.Length)
        {
            throw new ArgumentException($"Column '{name}' has {column.Length} rows; those before have {first.Length}.", nameof(name));
        }

        _columns.Add((new TableField { Name = name, Type = type }, column));
        return this;
    }

    private static ulong[]? Valid(int rows, Func<int, bool> isValid)
    {
        ulong[]? bits = null;
        for (var row = 0; row < rows; row++)
        {
            if (!isValid(row))
            {
                bits ??= Column.AllValid(rows);
                bits[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        return bits;
    }
}
