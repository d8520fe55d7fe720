namespace Auspex.Experiments.Training.Trees;

/// <summary>Divides a leaf's rows in two, each half in its old order.</summary>
internal static class RowPartition
{
    /// <summary>Moves the rows that go left to the front and returns how many they are.</summary>
    public static int Divide(BinnedColumn column, Split split, Span<int> rows, Span<int> scratch)
    {
        var left = Divide(column, Directions(column, split), rows, rows, scratch);
        scratch[..(rows.Length - left)].CopyTo(rows[left..]);
        return left;
    }

    /// <summary>Per bin of a column: 1 where its rows go right.</summary>
    public static byte[] Directions(BinnedColumn column, Split split)
    {
        var goesRight = new byte[column.BinCount];
        for (var bin = 0; bin < goesRight.Length; bin++)
        {
            var right = column.Thresholds is null ? bin == split.Bin
                : bin == goesRight.Length - 1 ? split.MissingRight
                : bin > split.Bin;
            goesRight[bin] = right ? (byte)1 : (byte)0;
        }

        return goesRight;
    }

    // Lefts may be the rows themselves. Both are written and one counts: which way a row goes cannot be foreseen.
    private static int Divide(BinnedColumn column, byte[] goesRight, ReadOnlySpan<int> rows, Span<int> lefts, Span<int> rights)
    {
        var (left, right2) = (0, 0);
        if (column.Bytes is { } bytes)
        {
            foreach (var row in rows)
            {
                var right = goesRight[bytes[row]];
                lefts[left] = row;
                rights[right2] = row;
                left += 1 - right;
                right2 += right;
            }
        }
        else
        {
            var words = column.Words!;
            foreach (var row in rows)
            {
                var right = goesRight[words[row]];
                lefts[left] = row;
                rights[right2] = row;
                left += 1 - right;
                right2 += right;
            }
        }

        return left;
    }
}
