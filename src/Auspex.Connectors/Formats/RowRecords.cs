namespace Auspex.Connectors.Formats;

/// <summary>The bytes of some rows as they stand in their file, without line ends.</summary>
public sealed class RowRecords
{
    private byte[] _bytes = [];
    private int[] _ends = new int[64];

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of a row, from 0.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(Start(row), _ends[row] - Start(row));

    internal void Add(ReadOnlySpan<byte> record)
    {
        var start = Start(Count);
        if (_bytes.Length - start < record.Length)
        {
            Array.Resize(ref _bytes, Math.Max(start + record.Length, _bytes.Length * 2));
        }

        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
        }

        record.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = start + record.Length;
    }

    internal void Clear() => Count = 0;

    private int Start(int row) => row == 0 ? 0 : _ends[row - 1];
}
