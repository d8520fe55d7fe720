namespace Auspex.Experiments.Training.Trees;

/// <summary>Divides the rows of a boosted tree's leaf in two, each half in its old order.</summary>
internal static class LeafPartition
{
    /// <summary>Copies the rows that go left to the front of a target, the others behind them.</summary>
    /// <param name="column">The column to divide by.</param>
    /// <param name="split">How.</param>
    /// <param name="rows">Words of the rows.</param>
    /// <param name="target">As many words.</param>
    /// <param name="leftCount">How many rows go left, which the leaf's histogram knows.</param>
    /// <param name="parallel">How many threads.</param>
    public static void Divide(
        BinnedColumn column, Split split, ReadOnlyMemory<long> rows, Memory<long> target, int leftCount, ParallelOptions? parallel)
    {
        var goesRight = RowPartition.Directions(column, split);
        if (parallel is null)
        {
            Forward(column, goesRight, rows.Span, target.Span, 0, leftCount);
            return;
        }

        // One thread fills both halves from their fronts, the other from their backs: neither needs to know where the other ends.
        var middle = rows.Length / 2;
        Parallel.For(0, 2, parallel, part =>
        {
            if (part == 0)
            {
                Forward(column, goesRight, rows.Span[..middle], target.Span, 0, leftCount);
            }
            else
            {
                Backward(column, goesRight, rows.Span[middle..], target.Span, leftCount - 1, target.Length - 1);
            }
        });
    }

    // Which way a row goes cannot be foreseen, so that nothing branches on it.
    private static void Forward(BinnedColumn column, byte[] goesRight, ReadOnlySpan<long> rows, Span<long> target, int left, int right)
    {
        if (column.Bytes is { } bytes)
        {
            foreach (var word in rows)
            {
                int goes = goesRight[bytes[Gradients.Row(word)]];
                target[left + ((right - left) & -goes)] = word;
                right += goes;
                left += 1 - goes;
            }

            return;
        }

        var words = column.Words!;
        foreach (var word in rows)
        {
            int goes = goesRight[words[Gradients.Row(word)]];
            target[left + ((right - left) & -goes)] = word;
            right += goes;
            left += 1 - goes;
        }
    }

    private static void Backward(BinnedColumn column, byte[] goesRight, ReadOnlySpan<long> rows, Span<long> target, int left, int right)
    {
        if (column.Bytes is { } bytes)
        {
            for (var i = rows.Length - 1; i >= 0; i--)
            {
                int goes = goesRight[bytes[Gradients.Row(rows[i])]];
                target[left + ((right - left) & -goes)] = rows[i];
                right -= goes;
                left -= 1 - goes;
            }

            return;
        }

        var words = column.Words!;
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            int goes = goesRight[words[Gradients.Row(rows[i])]];
            target[left + ((right - left) & -goes)] = rows[i];
            right -= goes;
            left -= 1 - goes;
        }
    }
}
