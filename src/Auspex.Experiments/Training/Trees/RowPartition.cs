namespace Auspex.Experiments.Training.Trees;

/// <summary>Divides a leaf's rows in two, each half in its old order.</summary>
internal static class RowPartition
{
    private const int ChunkRows = 32_768;

    /// <summary>Moves the rows that go left to the front and returns how many they are.</summary>
    public static int Divide(BinnedColumn column, Split split, Span<int> rows, Span<int> scratch)
    {
        var left = Divide(column, Directions(column, split), rows, rows, scratch);
        scratch[..(rows.Length - left)].CopyTo(rows[left..]);
        return left;
    }

    /// <summary>The same on several threads, for many rows; the result is that of one.</summary>
    public static int Divide(
        BinnedColumn column, Split split, Memory<int> rows, Memory<int> lefts, Memory<int> rights, ParallelOptions parallel)
    {
        var chunks = (rows.Length + ChunkRows - 1) / ChunkRows;
        if (chunks < 2 || parallel.MaxDegreeOfParallelism < 2)
        {
            return Divide(column, split, rows.Span, rights.Span);
        }

        var goesRight = Directions(column, split);
        var counts = new int[chunks];
        Parallel.For(0, chunks, parallel, chunk =>
        {
            var range = Rows(chunk);
            counts[chunk] = Divide(column, goesRight, rows.Span[range], lefts.Span[range], rights.Span[range]);
        });
        var starts = new int[chunks];
        var left = 0;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            starts[chunk] = left;
            left += counts[chunk];
        }

        Parallel.For(0, chunks, parallel, chunk =>
        {
            var range = Rows(chunk);
            var (start, end) = (range.Start.Value, range.End.Value);
            lefts.Span.Slice(start, counts[chunk]).CopyTo(rows.Span[starts[chunk]..]);
            rights.Span.Slice(start, end - start - counts[chunk]).CopyTo(rows.Span[(left + start - starts[chunk])..]);
        });
        return left;

        Range Rows(int chunk) => (chunk * ChunkRows)..Math.Min(rows.Length, (chunk + 1) * ChunkRows);
    }

    private static byte[] Directions(BinnedColumn column, Split split)
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
