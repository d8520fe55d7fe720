using System.Buffers;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Drift;

/// <summary>Counts a column's values into the bins of its training. Memory: the bins. One caller at a time.</summary>
internal sealed class DriftCounts(ColumnDistribution training, WatchedColumn column)
{
    // A whole table may come at once, where a graph scores it.
    private const int BlockRows = 1 << 16;

    private readonly double[] _edges = [.. training.Edges];

    public ColumnDistribution Training { get; } = training;

    public WatchedColumn Column { get; } = column;

    public long[] Counts { get; } = new long[training.Counts.Length];

    public long Missing { get; private set; }

    /// <summary>Rows with a level that training has not seen.</summary>
    public long Unseen { get; private set; }

    public void Add(TableBatch batch)
    {
        if (Column.Levels is null)
        {
            AddNumbers(batch);
        }
        else
        {
            AddCodes(batch);
        }
    }

    public void Add(DriftCounts other)
    {
        for (var bin = 0; bin < Counts.Length; bin++)
        {
            Counts[bin] += other.Counts[bin];
        }

        Missing += other.Missing;
        Unseen += other.Unseen;
    }

    private void AddNumbers(TableBatch batch)
    {
        var values = ArrayPool<double>.Shared.Rent(Math.Min(batch.RowCount, BlockRows));
        for (var start = 0; start < batch.RowCount; start += BlockRows)
        {
            var block = values.AsSpan(0, Math.Min(BlockRows, batch.RowCount - start));
            Column.ReadNumbers(batch, start, block);
            foreach (var value in block)
            {
                AddNumber(value);
            }
        }

        ArrayPool<double>.Shared.Return(values);
    }

    private void AddNumber(double value)
    {
        if (double.IsNaN(value))
        {
            Missing++;
            return;
        }

        // A bin ends with its edge: as many edges lie below the value, so many bins do.
        var bin = 0;
        while (bin < _edges.Length && value > _edges[bin])
        {
            bin++;
        }

        Counts[bin]++;
    }

    private void AddCodes(TableBatch batch)
    {
        var codes = ArrayPool<int>.Shared.Rent(Math.Min(batch.RowCount, BlockRows));
        for (var start = 0; start < batch.RowCount; start += BlockRows)
        {
            var block = codes.AsSpan(0, Math.Min(BlockRows, batch.RowCount - start));
            Column.ReadCodes(batch, start, block);
            foreach (var code in block)
            {
                AddCode(code);
            }
        }

        ArrayPool<int>.Shared.Return(codes);
    }

    private void AddCode(int code)
    {
        if ((uint)code < (uint)Counts.Length)
        {
            Counts[code]++;
        }
        else if (code == BoundFeature.UnknownCode)
        {
            Unseen++;
        }
        else
        {
            Missing++;
        }
    }
}
