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
internal sealed class RowPairs
{
    private int[] _left = new int[1024];
    private int[] _right = new int[1024];
    private int _count;

    private RowPairs()
    {
    }

    public ReadOnlySpan<int> Left => _left.AsSpan(0, _count);

    public ReadOnlySpan<int> Right => _right.AsSpan(0, _count);

    /// <summary>How many of the last pairs are right rows without a partner.</summary>
    public int UnmatchedRight { get; private set; }

    /// <exception cref="ModuleException">Error 138: more pairs than a table can hold.</exception>
    public static RowPairs Find(RowKeys left, RowKeys right, JoinKind kind, CancellationToken cancellationToken)
    {
        // Added from the last to the first, a chain gives them from the first to the last.
        var index = new RowIndex(right);
        for (var row = right.Count - 1; row >= 0; row--)
        {
            if (!right.IsMissing(row))
            {
                index.Add(row);
            }
        }

        var pairs = new RowPairs();
        var isMatched = kind == JoinKind.FullOuter ? new bool[right.Count] : [];
        for (var row = 0; row < left.Count; row++)
        {
            if ((row & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var match = left.IsMissing(row) ? -1 : index.First(left, row);
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

    private void Add(int left, int right)
    {
        if (_count == _left.Length)
        {
            var room = (int)Math.Min(Array.MaxLength, _count * 2L);
            if (room == _count)
            {
                throw new ModuleException(
                    138, $"The join makes more than {_count} rows; make its keys more selective.");
            }

            Array.Resize(ref _left, room);
            Array.Resize(ref _right, room);
        }

        _left[_count] = left;
        _right[_count] = right;
        _count++;
    }
}
