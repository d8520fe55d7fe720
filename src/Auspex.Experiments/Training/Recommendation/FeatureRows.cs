using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training.Recommendation;

/// <summary>
/// Features of users or items as entries of slots: a scaled number where there is one, a one at the level of a column of levels. A
/// missing value has no entry, or the entry of unknown levels, and so says nothing beyond the mean.
/// </summary>
internal sealed class FeatureRows
{
    private readonly int[] _starts;
    private readonly List<int> _slots = [];
    private readonly List<double> _values = [];

    private FeatureRows(int rows, int slotCount)
    {
        _starts = new int[rows + 1];
        SlotCount = slotCount;
    }

    public int SlotCount { get; }

    public int RowCount => _starts.Length - 1;

    public int EntryCount => _slots.Count;

    /// <summary>Reads the rows at these positions of a table; -1 gives a row without entries.</summary>
    public static FeatureRows Read(FeatureLayout layout, SlotScale scale, TableBatch table, ReadOnlySpan<int> rows)
    {
        var features = BoundFeature.Bind(layout, table.Schema);
        var columns = new double[features.Length][];
        var codes = new int[features.Length][];
        for (var column = 0; column < features.Length; column++)
        {
            if (layout.IsLevels(column))
            {
                features[column].ReadCodes(table, 0, codes[column] = new int[table.RowCount]);
            }
            else
            {
                features[column].ReadNumbers(table, 0, columns[column] = new double[table.RowCount]);
            }
        }

        var read = new FeatureRows(rows.Length, layout.SlotCount);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var column = 0; column < features.Length && rows[i] >= 0; column++)
            {
                read.Add(layout, scale, column, codes[column] is { } levels ? levels[rows[i]] : null, columns[column]?[rows[i]] ?? 0);
            }

            read._starts[i + 1] = read._slots.Count;
        }

        return read;
    }

    /// <summary>The weighted sum of a row for one element of several: weights stand slot by slot.</summary>
    public double Sum(int row, ReadOnlySpan<double> weights, int elements, int element)
    {
        var sum = 0.0;
        for (var at = _starts[row]; at < _starts[row + 1]; at++)
        {
            sum += _values[at] * weights[(_slots[at] * elements) + element];
        }

        return sum;
    }

    /// <summary>The weighted sum of every row.</summary>
    public void Multiply(ReadOnlySpan<double> weights, Span<double> sums)
    {
        for (var row = 0; row < RowCount; row++)
        {
            sums[row] = Sum(row, weights, 1, 0);
        }
    }

    /// <summary>Per slot the sum of its entries, each times its row's number.</summary>
    public void MultiplyTransposed(ReadOnlySpan<double> numbers, Span<double> sums)
    {
        sums.Clear();
        for (var row = 0; row < RowCount; row++)
        {
            for (var at = _starts[row]; at < _starts[row + 1]; at++)
            {
                sums[_slots[at]] += _values[at] * numbers[row];
            }
        }
    }

    private void Add(FeatureLayout layout, SlotScale scale, int column, int? code, double number)
    {
        if (code is { } level)
        {
            if (level >= 0 && level < layout.Width(column))
            {
                _slots.Add(layout.Start(column) + level);
                _values.Add(1);
            }

            return;
        }

        var value = scale.Apply(column, number);
        if (double.IsFinite(value))
        {
            _slots.Add(layout.Start(column));
            _values.Add(value);
        }
    }
}
