namespace Auspex.Connectors.Tables;

/// <summary>The values of one column in Arrow's layout: values side by side, and a bit per row that is set when the value is there.</summary>
/// <remarks>
/// Immutable once made, and shared freely between batches. The value stored where a bit is clear is unspecified.
/// Booleans take a byte each, since every reader here wants bytes.
/// </remarks>
public abstract class Column
{
    private protected Column(int length, ulong[]? validity)
    {
        Length = length;
        Validity = validity;
    }

    /// <summary>The number of rows.</summary>
    public int Length { get; }

    /// <summary>Bit i % 64 of element i / 64 is set when row i has a value; null when every row has one.</summary>
    public ulong[]? Validity { get; }

    /// <summary>Whether row <paramref name="row"/> (from 0) has no value.</summary>
    public bool IsNull(int row) => Validity is { } bits && (bits[row >> 6] & (1UL << (row & 63))) == 0;

    /// <summary>How many rows have no value. Counts each time.</summary>
    public int CountNulls()
    {
        if (Validity is null)
        {
            return 0;
        }

        var nulls = 0;
        for (var row = 0; row < Length; row++)
        {
            if (IsNull(row))
            {
                nulls++;
            }
        }

        return nulls;
    }

    /// <summary>The rows at these positions, in this order; a position of -1 gives a missing value.</summary>
    public abstract Column Take(ReadOnlySpan<int> rows);

    private protected ulong[]? TakeValidity(ReadOnlySpan<int> rows)
    {
        ulong[]? bits = null;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0 || IsNull(rows[i]))
            {
                bits ??= AllValid(rows.Length);
                bits[i >> 6] &= ~(1UL << (i & 63));
            }
        }

        return bits;
    }

    /// <summary>Bits for so many rows, all set.</summary>
    public static ulong[] AllValid(int length)
    {
        var bits = new ulong[(length + 63) >> 6];
        Array.Fill(bits, ulong.MaxValue);
        return bits;
    }
}

/// <summary>A column that nobody needs to know the values of: it only keeps its place.</summary>
public sealed class UnreadColumn(int length) : Column(length, null)
{
    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows) => new UnreadColumn(rows.Length);
}

/// <summary>A column of fixed-width values.</summary>
public abstract class Column<T> : Column
    where T : unmanaged
{
    private protected Column(T[] values, int length, ulong[]? validity)
        : base(length, validity) => Buffer = values;

    /// <summary>The values, one per row.</summary>
    public ReadOnlySpan<T> Values => Buffer.AsSpan(0, Length);

    /// <summary>The array behind <see cref="Values"/>; may be longer than the column.</summary>
    protected T[] Buffer { get; }

    private protected T[] TakeValues(ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            taken[i] = rows[i] < 0 ? default : Buffer[rows[i]];
        }

        return taken;
    }
}

/// <summary>True or false, a byte each.</summary>
public sealed class BooleanColumn(bool[] values, int length, ulong[]? validity) : Column<bool>(values, length, validity)
{
    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows) => new BooleanColumn(TakeValues(rows), rows.Length, TakeValidity(rows));
}

/// <summary>Integers, for both integer types.</summary>
public sealed class Int64Column(long[] values, int length, ulong[]? validity) : Column<long>(values, length, validity)
{
    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows) => new Int64Column(TakeValues(rows), rows.Length, TakeValidity(rows));
}

/// <summary>Double-precision numbers; NaN is a value, not a missing one.</summary>
public sealed class DoubleColumn(double[] values, int length, ulong[]? validity) : Column<double>(values, length, validity)
{
    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows) => new DoubleColumn(TakeValues(rows), rows.Length, TakeValidity(rows));
}

/// <summary>Dates and times in ticks since 0001-01-01, without zone.</summary>
public sealed class DateTimeColumn(long[] ticks, int length, ulong[]? validity) : Column<long>(ticks, length, validity)
{
    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows) => new DateTimeColumn(TakeValues(rows), rows.Length, TakeValidity(rows));
}

/// <summary>Durations in ticks.</summary>
public sealed class TimeSpanColumn(long[] ticks, int length, ulong[]? validity) : Column<long>(ticks, length, validity)
{
    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows) => new TimeSpanColumn(TakeValues(rows), rows.Length, TakeValidity(rows));
}

/// <summary>Codes into the levels of the field's <see cref="CategoryDomain"/>; -1 where the value is missing.</summary>
public sealed class CategoryColumn(int[] codes, int length, CategoryDomain domain, ulong[]? validity)
    : Column<int>(codes, length, validity)
{
    /// <summary>The levels; the field of the schema bears the same domain.</summary>
    public CategoryDomain Domain { get; } = domain;

    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows)
    {
        var taken = TakeValues(rows);
        for (var i = 0; i < taken.Length; i++)
        {
            if (rows[i] < 0)
            {
                taken[i] = -1;
            }
        }

        return new CategoryColumn(taken, rows.Length, Domain, TakeValidity(rows));
    }
}
