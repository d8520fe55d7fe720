using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// Reads rows of a batch as entries of slots, as <c>LinearRows</c> has them at training: a scaled number per column of
/// numbers, a one at the level of a column of levels. For one thread.
/// </summary>
internal sealed class SlotReader
{
    // Some thousand numbers at a time, whatever the number of columns.
    private const int MostCells = 65_536;

    private readonly FeatureLayout _layout;
    private readonly BoundFeature[] _features;
    private readonly SlotScale _scale;
    private readonly int _chunk;
    private readonly double[] _numbers;
    private readonly int[] _codes;
    private readonly double[] _values;
    private readonly int[] _slots;

    public SlotReader(FeatureLayout layout, BoundFeature[] features, SlotScale scale)
    {
        _layout = layout;
        _features = features;
        _scale = scale;
        _chunk = Math.Clamp(MostCells / Math.Max(1, features.Length), 1, 512);
        _numbers = new double[features.Length * _chunk];
        _codes = new int[features.Length * _chunk];
        _values = new double[features.Length];
        _slots = new int[features.Length];
    }

    /// <summary>Takes a row's number in the batch, its slots in ascending order, and the values there.</summary>
    public delegate void Take(int row, ReadOnlySpan<int> slots, ReadOnlySpan<double> values);

    /// <summary>Reads all rows; those that lack a value or have an infinite one are handed to <paramref name="missing"/>.</summary>
    public void Read(TableBatch batch, Take take, Action<int> missing)
    {
        for (var start = 0; start < batch.RowCount; start += _chunk)
        {
            var rows = Math.Min(_chunk, batch.RowCount - start);
            for (var column = 0; column < _features.Length; column++)
            {
                if (_layout.IsLevels(column))
                {
                    _features[column].ReadCodes(batch, start, _codes.AsSpan(column * _chunk, rows));
                }
                else
                {
                    _features[column].ReadNumbers(batch, start, _numbers.AsSpan(column * _chunk, rows));
                }
            }

            for (var row = 0; row < rows; row++)
            {
                if (Fill(row))
                {
                    take(start + row, _slots, _values);
                }
                else
                {
                    missing(start + row);
                }
            }
        }
    }

    private bool Fill(int row)
    {
        for (var column = 0; column < _features.Length; column++)
        {
            if (_layout.IsLevels(column))
            {
                var code = _codes[(column * _chunk) + row];
                if (code < 0 || code >= _layout.Width(column))
                {
                    return false;
                }

                _slots[column] = _layout.Start(column) + code;
                _values[column] = 1;
                continue;
            }

            var value = _scale.Apply(column, _numbers[(column * _chunk) + row]);
            if (!double.IsFinite(value))
            {
                return false;
            }

            _slots[column] = _layout.Start(column);
            _values[column] = value;
        }

        return true;
    }
}
