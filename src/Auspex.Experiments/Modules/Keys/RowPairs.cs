namespace Auspex.Experiments.Modules.Keys;

/// <summary>Which rows a join keeps.</summary>
internal enum JoinKind
{
    /// <summary>Pairs only.</summary>
    Inner,

    /// <summary>Pairs, and left rows without a partner.</summary>
    LeftOuter,

    /// <summary>Pairs, and rows of both sides without a partner.</summary>
    FullOuter,

    /// <summary>Left rows that have a partner, once each.</summary>
    LeftSemi,
}

/// <summary>The rows of a join: positions on both sides, -1 where a side has no row.</summary>
/// <remarks>
/// As long as each left row has come once, in order, nothing is written down of the left side: in most joins that is so to the end,
/// and the left table's columns are then those of the result, uncopied.
/// </remarks>
internal sealed class RowPairs
{
    private const int BlockRows = 8192;
    private const int ManyRows = 1 << 22;

    private readonly int _leftRows;
    private int[]? _left;
    private int[] _right;
    private int _count;

    private RowPairs(int leftRows)
    {
        _leftRows = leftRows;
        _right = new int[Math.Max(16, leftRows)];
    }

    /// <summary>Pairs.</summary>
    public int Count => _count;

    /// <summary>Whether the left rows are those of the left table, each once and in order.</summary>
    public bool LeftIsWhole => _left is null && _count == _leftRows;

    public ReadOnlySpan<int> Left => WriteLeft().AsSpan(0, _count);

    public ReadOnlySpan<int> Right => _right.AsSpan(0, _count);

    /// <summary>How many of the last pairs are right rows without a partner.</summary>
    public int UnmatchedRight { get; private set; }

    /// <exception cref="ModuleException">Error 138: more pairs than a table can hold.</exception>
    public static RowPairs Find(RowKeys left, RowKeys right, JoinKind kind, CancellationToken cancellationToken)
    {
        var pairs = Look(left, right, kind, cancellationToken);
        if (right.Count >= ManyRows)
        {
            // Nobody needs the index now, and the columns to come would stand beside it: it is hundreds of megabytes, and
            // a collection of arrays without references takes milliseconds.
            GC.Collect();
        }

        return pairs;
    }

    private static RowPairs Look(RowKeys left, RowKeys right, JoinKind kind, CancellationToken cancellationToken)
    {
        var hashes = new ulong[BlockRows];
        var index = Index(right, hashes, cancellationToken);
        var pairs = new RowPairs(left.Count);
        var isMatched = kind == JoinKind.FullOuter ? new bool[right.Count] : [];
        for (var start = 0; start < left.Count; start += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = hashes.AsSpan(0, Math.Min(BlockRows, left.Count - start));
            left.Hash(start, block);
            for (var i = 0; i < block.Length; i++)
            {
                var row = start + i;
                var match = left.IsMissing(row) ? -1 : index.First(left, row, block[i]);
                if (match < 0 && kind is JoinKind.LeftOuter or JoinKind.FullOuter)
                {
                    pairs.Add(row, -1);
                }

                for (; match >= 0; match = kind == JoinKind.LeftSemi ? -1 : index.Next(match, left, row))
                {
                    pairs.Add(row, match);
                    if (kind == JoinKind.FullOuter)
                    {
                        isMatched[match] = true;
                    }
                }
            }
        }

        for (var row = 0; row < isMatched.Length; row++)
        {
            if (!isMatched[row])
            {
                pairs.Add(-1, row);
                pairs.UnmatchedRight++;
            }
        }

        return pairs;
    }

    private static RowIndex Index(RowKeys right, ulong[] hashes, CancellationToken cancellationToken)
    {
        // Added from the last to the first, a chain gives them from the first to the last.
        var index = new RowIndex(right);
        for (var start = (right.Count - 1) / BlockRows * BlockRows; start >= 0; start -= BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = hashes.AsSpan(0, Math.Min(BlockRows, right.Count - start));
            right.Hash(start, block);
            for (var i = block.Length - 1; i >= 0; i--)
            {
                if (!right.IsMissing(start + i))
                {
                    index.Add(start + i, block[i]);
                }
            }
        }

        return index;
    }

    private void Add(int left, int right)
    {
        if (_left is null && left != _count)
        {
            WriteLeft();
        }

        if (_count == _right.Length)
        {
            var room = (int)Math.Min(Array.MaxLength, _count * 2L);
            if (room == _count)
            {
                throw new ModuleException(
                    138, $"The join makes more than {_count} rows; make its keys more selective.");
            }

            Array.Resize(ref _right, room);
            if (_left is not null)
            {
                Array.Resize(ref _left, room);
            }
        }

        if (_left is not null)
        {
            _left[_count] = left;
        }

        _right[_count] = right;
        _count++;
    }

    private int[] WriteLeft()
    {
        if (_left is null)
        {
            _left = new int[_right.Length];
            for (var row = 0; row < _count; row++)
            {
                _left[row] = row;
            }
        }

        return _left;
    }
}
