using System.Text;

namespace Auspex.Connectors.Tables;

/// <summary>Collects text as UTF-8.</summary>
public sealed class StringColumnBuilder : ColumnBuilder
{
    private const int SmallestCapacity = 16;

    private byte[] _bytes = [];
    private int[] _offsets;
    private int _used;

    /// <summary>Starts a column with room for so many rows.</summary>
    public StringColumnBuilder(int capacity = 0) => _offsets = new int[Math.Max(capacity, SmallestCapacity) + 1];

    /// <summary>Appends a text; null is a missing value.</summary>
    public void Append(string? text)
    {
        if (text is null)
        {
            AppendNull();
            return;
        }

        var room = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Commit(Encoding.UTF8.GetBytes(text, room));
    }

    /// <summary>Appends a text that is UTF-8 already; it is not checked.</summary>
    public void AppendUtf8(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        Commit(utf8.Length);
    }

    /// <inheritdoc/>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        AppendUtf8(utf8);
        return true;
    }

    /// <inheritdoc/>
    public override void Append(object? value)
    {
        switch (value)
        {
            case null: AppendNull(); break;
            case string text: Append(text); break;
            case IFormattable other: Append(other.ToString(null, System.Globalization.CultureInfo.InvariantCulture)); break;
            default: Append(value.ToString()); break;
        }
    }

    /// <inheritdoc/>
    public override void AppendRange(Column column, int start, int length)
    {
        var source = Fitting<StringColumn>(column);
        var from = source.Offsets[start];
        var bytes = source.Data[from..source.Offsets[start + length]];
        bytes.CopyTo(Reserve(bytes.Length));
        EnsureRows(Count + length);
        for (var i = 1; i <= length; i++)
        {
            _offsets[Count + i] = _used + (source.Offsets[start + i] - from);
        }

        _used += bytes.Length;
        MarkRange(column, start, length, Count);
        Count += length;
    }

    /// <inheritdoc/>
    public override void Truncate(int count)
    {
        base.Truncate(count);
        _used = _offsets[count];
    }

    internal override void Remove(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        UnmarkRows(rows);
        var (to, next) = (rows[0], 0);
        _used = _offsets[to];
        for (var row = to; row < Count; row++)
        {
            if (next < rows.Length && rows[next] == row)
            {
                next++;
                continue;
            }

            var text = _bytes.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row]);
            text.CopyTo(_bytes.AsSpan(_used));
            _used += text.Length;
            _offsets[++to] = _used;
        }

        Count = to;
    }

    private protected override Column MakeColumn(ulong[]? validity)
    {
        var column = new StringColumn(_bytes, _offsets, Count, validity);
        if (!ReusesBuffer)
        {
            _offsets = new int[_offsets.Length];
            _bytes = new byte[_used];
        }

        _used = 0;
        return column;
    }

    private protected override void AppendDefault() => AppendUtf8(default);

    private Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _used < length)
        {
            if ((long)_used + length > Array.MaxLength)
            {
                throw new InvalidOperationException(
                    $"A text column of one batch reached {Array.MaxLength} bytes, the most a batch can hold; use smaller batches.");
            }

            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)_used + length, Math.Max(256, _used * 2L))));
        }

        return _bytes.AsSpan(_used);
    }

    private void Commit(int length)
    {
        EnsureRows(Count + 1);
        _used += length;
        _offsets[Count + 1] = _used;
        MarkValid(Count);
        Count++;
    }

    private void EnsureRows(int rows)
    {
        if (rows >= _offsets.Length)
        {
            Array.Resize(ref _offsets, Math.Max(rows + 1, _offsets.Length * 2));
        }
    }
}
