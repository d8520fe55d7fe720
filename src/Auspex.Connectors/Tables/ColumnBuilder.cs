namespace Auspex.Connectors.Tables;

/// <summary>Collects the values of one column, row by row or in runs. Not thread-safe.</summary>
public abstract class ColumnBuilder
{
    private ulong[]? _validity;

    private protected ColumnBuilder()
    {
    }

    /// <summary>The rows appended since the last <see cref="Build"/>.</summary>
    public int Count { get; private protected set; }

    /// <summary>
    /// Whether a column that is built shares this builder's buffer and is valid only until the next value is appended: for
    /// batches that are used up before the next is begun.
    /// </summary>
    internal bool ReusesBuffer { get; set; }

    /// <summary>Makes the builder that fits a field: by its categories, else by its type.</summary>
    /// <param name="field">A categorical field takes its own levels only.</param>
    /// <param name="capacity">Rows to make room for; 0 grows from a small start.</param>
    public static ColumnBuilder For(TableField field, int capacity = 0) =>
        field.Categories is { } domain ? new CategoryColumnBuilder(domain, capacity) : For(field.Type, capacity);

    /// <summary>Makes the builder that fits a type.</summary>
    public static ColumnBuilder For(ColumnType type, int capacity = 0) => type switch
    {
        ColumnType.Boolean => new BooleanColumnBuilder(capacity),
        ColumnType.Int32 => new Int64ColumnBuilder(capacity, int.MinValue, int.MaxValue),
        ColumnType.Int64 => new Int64ColumnBuilder(capacity),
        ColumnType.Double => new DoubleColumnBuilder(capacity),
        ColumnType.String => new StringColumnBuilder(capacity),
        ColumnType.DateTime => new DateTimeColumnBuilder(capacity),
        ColumnType.TimeSpan => new TimeSpanColumnBuilder(capacity),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a column type."),
    };

    /// <summary>Appends a missing value.</summary>
    public void AppendNull()
    {
        AppendDefault();
        MarkNull(Count - 1);
    }

    /// <summary>Keeps the place of a row that is going to be removed; what stands there has no meaning.</summary>
    internal void AppendPlaceholder() => AppendDefault();

    /// <summary>
    /// Appends the value that a text means, read in invariant culture; an empty text is an empty text for strings. False,
    /// with nothing appended, when the text means no value of this type.
    /// </summary>
    public abstract bool TryAppendText(ReadOnlySpan<byte> utf8);

    /// <summary>Appends a boxed value: null, a text to be parsed, or a value of this type or of a narrower one.</summary>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    public abstract void Append(object? value);

    /// <summary>Appends rows of a column of the same kind; for categories by level, so that the domains may differ.</summary>
    /// <exception cref="ArgumentException">The column is of another kind, or has a level that is not in the domain.</exception>
    public abstract void AppendRange(Column column, int start, int length);

    /// <summary>Takes back the last rows, down to <paramref name="count"/>.</summary>
    public virtual void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }

    /// <summary>Takes rows out; those behind them move up, in place where values lie side by side.</summary>
    /// <param name="rows">Ascending.</param>
    internal abstract void Remove(ReadOnlySpan<int> rows);

    /// <summary>Hands over what was appended and starts an empty column.</summary>
    public Column Build()
    {
        var column = MakeColumn(_validity);
        _validity = null;
        Count = 0;
        return column;
    }

    private protected abstract Column MakeColumn(ulong[]? validity);

    private protected abstract void AppendDefault();

    private protected void MarkValid(int row)
    {
        if (_validity is not null)
        {
            EnsureBits(row);
            _validity[row >> 6] |= 1UL << (row & 63);
        }
    }

    private protected void MarkValid(int row, int count)
    {
        if (_validity is null || count == 0)
        {
            return;
        }

        EnsureBits(row + count - 1);
        var (first, last) = (row >> 6, (row + count - 1) >> 6);
        var (from, to) = (ulong.MaxValue << row, ulong.MaxValue >> ~(row + count - 1));
        if (first == last)
        {
            _validity[first] |= from & to;
            return;
        }

        _validity[first] |= from;
        _validity.AsSpan((first + 1)..last).Fill(ulong.MaxValue);
        _validity[last] |= to;
    }

    private protected void MarkNull(int row)
    {
        EnsureBits(row);
        _validity![row >> 6] &= ~(1UL << (row & 63));
    }

    /// <summary>Takes rows out of what is known about missing values.</summary>
    private protected void UnmarkRows(ReadOnlySpan<int> rows)
    {
        if (_validity is null || rows.IsEmpty)
        {
            return;
        }

        EnsureBits(Count - 1);
        var (to, next) = (rows[0], 0);
        for (var row = to; row < Count; row++)
        {
            if (next < rows.Length && rows[next] == row)
            {
                next++;
                continue;
            }

            var bit = (_validity[row >> 6] >> (row & 63)) & 1;
            _validity[to >> 6] = (_validity[to >> 6] & ~(1UL << (to & 63))) | (bit << (to & 63));
            to++;
        }

        for (; to < Count; to++)
        {
            _validity[to >> 6] |= 1UL << (to & 63);
        }

        if (!_validity.AsSpan().ContainsAnyExcept(ulong.MaxValue))
        {
            _validity = null;
        }
    }

    private protected void MarkRange(Column column, int start, int length, int firstRow)
    {
        if (column.Validity is null && _validity is null)
        {
            return;
        }

        for (var i = 0; i < length; i++)
        {
            if (column.IsNull(start + i))
            {
                MarkNull(firstRow + i);
            }
            else
            {
                MarkValid(firstRow + i);
            }
        }
    }

    private protected static ArgumentException Mismatch(object value, string expected) =>
        new($"Found a value of type {value.GetType().Name}; expected {expected}.", nameof(value));

    private protected static T Fitting<T>(Column column)
        where T : Column =>
        column as T ?? throw new ArgumentException(
            $"Found a {column.GetType().Name}; expected a {typeof(T).Name}.", nameof(column));

    private void EnsureBits(int row)
    {
        var words = (row >> 6) + 1;
        if (_validity is null)
        {
            _validity = Column.AllValid(Math.Max(row + 1, 64));
        }
        else if (_validity.Length < words)
        {
            var old = _validity.Length;
            Array.Resize(ref _validity, Math.Max(words, old * 2));
            _validity.AsSpan(old).Fill(ulong.MaxValue);
        }
    }
}

/// <summary>Collects fixed-width values.</summary>
public abstract class ColumnBuilder<T> : ColumnBuilder
    where T : unmanaged
{
    private const int SmallestCapacity = 16;

    private T[] _values;

    private protected ColumnBuilder(int capacity) => _values = capacity == 0 ? [] : new T[capacity];

    /// <summary>Appends a value.</summary>
    public void Append(T value)
    {
        if (Count == _values.Length)
        {
            Grow(Count + 1);
        }

        _values[Count] = value;
        MarkValid(Count);
        Count++;
    }

    /// <summary>Appends values, none of them missing.</summary>
    public void AppendRange(ReadOnlySpan<T> values)
    {
        foreach (var value in values)
        {
            Append(value);
        }
    }

    /// <inheritdoc/>
    public override void AppendRange(Column column, int start, int length)
    {
        var source = Fitting<Column<T>>(column).Values.Slice(start, length);
        if (_values.Length - Count < length)
        {
            Grow(checked(Count + length));
        }

        source.CopyTo(_values.AsSpan(Count));
        MarkRange(column, start, length, Count);
        Count += length;
    }

    /// <summary>Makes room for so many rows in all; the place of row <see cref="ColumnBuilder.Count"/> is the next to fill.</summary>
    internal T[] Reserve(int rows)
    {
        if (_values.Length < rows)
        {
            Grow(rows);
        }

        return _values;
    }

    /// <summary>Appends values that were written to the places that were reserved for them.</summary>
    internal void AddReserved(int count)
    {
        MarkValid(Count, count);
        Count += count;
    }

    internal override void Remove(ReadOnlySpan<int> rows)
    {
        UnmarkRows(rows);
        for (var i = 0; i < rows.Length; i++)
        {
            // What stands between this row and the next to go moves up by as many rows as went before.
            var (from, end) = (rows[i] + 1, i + 1 < rows.Length ? rows[i + 1] : Count);
            _values.AsSpan(from, end - from).CopyTo(_values.AsSpan(from - i - 1));
        }

        Count -= rows.Length;
    }

    private protected T[] HandOver()
    {
        var values = _values;
        if (!ReusesBuffer)
        {
            _values = [];
        }

        return values;
    }

    private protected override void AppendDefault() => Append(default(T));

    private void Grow(int needed) =>
        Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(Math.Max(needed, SmallestCapacity), Count * 2L)));
}
