using System.Numerics.Tensors;

namespace Auspex.Experiments.Training.Trees;

/// <summary>Where the columns' bins lie in a histogram, and how a leaf's rows are summed into one on several threads.</summary>
internal sealed class LeafHistograms
{
    private readonly BinnedColumn[] _columns;
    private readonly int _countBits;
    private readonly ParallelOptions _parallel;
    private readonly int[] _starts;
    private readonly int[] _separate;
    private readonly BinRows? _binRows;
    private readonly Stack<long[]> _free = new();
    private readonly List<long[]> _parts = [];

    public LeafHistograms(BinnedColumn[] columns, int rows, int countBits, ParallelOptions parallel)
    {
        _columns = columns;
        _countBits = countBits;
        _parallel = parallel;

        // At even distances where that costs little room.
        var isEven = columns.All(column => column.Bytes is not null)
            && columns.Sum(column => (long)column.BinCount) >= columns.Length * (long)(BinRows.Pitch / 2);
        _starts = new int[columns.Length + 1];
        for (var i = 0; i < columns.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + (isEven ? BinRows.Pitch : columns[i].BinCount));
        }

        _binRows = BinRows.Create(columns, _starts, rows, parallel);
        _separate = [.. Enumerable.Range(0, columns.Length).Where(column => _binRows is null || columns[column].Bytes is null)];
    }

    /// <summary>Bins of all columns.</summary>
    public int Bins => _starts[^1];

    /// <summary>The bins of a column.</summary>
    public Span<long> Of(long[] histogram, int column) => histogram.AsSpan(_starts[column], _columns[column].BinCount);

    /// <summary>A histogram, with anything in it.</summary>
    public long[] Rent() => _free.TryPop(out var histogram) ? histogram : NewHistogram();

    /// <summary>Takes a histogram back.</summary>
    public void Return(long[] histogram) => _free.Push(histogram);

    /// <summary>Sums rows, in parts that <see cref="Join"/> joins.</summary>
    /// <param name="rows">Words of the rows.</param>
    /// <param name="histogram">Receives the first part.</param>
    /// <returns>How many parts there are.</returns>
    public int Sum(ReadOnlyMemory<long> rows, long[] histogram)
    {
        var sums = (long)rows.Length * _columns.Length;
        var parts = 0;
        if (_binRows is { } binRows)
        {
            // Each has its part of the rows: were it of the columns, every thread would bring every row from memory. A part is worth
            // its while if it sums more than joining it costs.
            parts = sums < Work.Least
                ? 1
                : (int)Math.Clamp(sums / (4L * Bins), 1, _parallel.MaxDegreeOfParallelism);
            while (_parts.Count < parts - 1)
            {
                _parts.Add(NewHistogram());
            }

            Work.For(_parallel, parts, sums, part =>
            {
                var start = (int)((long)rows.Length * part / parts);
                var end = (int)((long)rows.Length * (part + 1) / parts);
                var target = part == 0 ? histogram : _parts[part - 1];
                Array.Clear(target);
                binRows.Add(rows.Span[start..end], _countBits, target);
            });
        }

        Work.For(_parallel, _separate.Length, (long)rows.Length * _separate.Length, i =>
        {
            var column = _separate[i];
            var bins = Of(histogram, column);
            bins.Clear();
            Histogram.Add(_columns[column], rows.Span, _countBits, bins);
        });
        return parts;
    }

    /// <summary>Joins a column's parts in the first.</summary>
    public void Join(long[] histogram, int parts, int column)
    {
        var bins = Of(histogram, column);
        for (var part = 1; part < parts; part++)
        {
            TensorPrimitives.Add(bins, Of(_parts[part - 1], column), bins);
        }
    }

    private long[] NewHistogram() => new long[Bins + (BinRows.Group * BinRows.Pitch)];
}
