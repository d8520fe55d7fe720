using System.Buffers;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Drift;

/// <summary>Counts a column's values into the bins of its training. Memory: the bins. One caller at a time.</summary>
internal sealed class DriftCounts(ColumnDistribution training, WatchedColumn column)
{
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
        var values = ArrayPool<double>.Shared.Rent(batch.RowCount);
        Column.ReadNumbers(batch, values.AsSpan(0, batch.RowCount));
        foreach (var value in values.AsSpan(0, batch.RowCount))
        {
            if (double.IsNaN(value))
            {
                Missing++;
                continue;
            }

            // A bin ends with its edge: as many edges lie below the value, so many bins do.
            var bin = 0;
            while (bin < _edges.Length && value > _edges[bin])
            {
                bin++;
            }

            Counts[bin]++;
        }

        ArrayPool<double>.Shared.Return(values);
    }

    private void AddCodes(TableBatch batch)
    {
        var codes = ArrayPool<int>.Shared.Rent(batch.RowCount);
        Column.ReadCodes(batch, codes.AsSpan(0, batch.RowCount));
        foreach (var code in codes.AsSpan(0, batch.RowCount))
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

        ArrayPool<int>.Shared.Return(codes);
    }
}
