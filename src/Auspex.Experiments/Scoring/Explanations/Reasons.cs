using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring.Explanations;

/// <summary>The greatest values of each row, as columns.</summary>
internal sealed class Reasons
{
    private readonly int _rows;
    private readonly int[][] _columns;
    private readonly double[][] _values;

    public Reasons(int rows, int count)
    {
        _rows = rows;
        _columns = new int[count][];
        _values = new double[count][];
        for (var i = 0; i < count; i++)
        {
            _columns[i] = new int[rows];
            _columns[i].AsSpan().Fill(-1);
            _values[i] = new double[rows];
        }
    }

    /// <summary>Keeps the values of a row that are farthest from 0; of equal ones that of the earlier column. 0 is no reason.</summary>
    public void Take(int row, ReadOnlySpan<double> values)
    {
        for (var column = 0; column < values.Length; column++)
        {
            var (value, at) = (values[column], _columns.Length);
            while (at > 0 && value != 0 && (_columns[at - 1][row] < 0 || Math.Abs(value) > Math.Abs(_values[at - 1][row])))
            {
                at--;
            }

            if (at == _columns.Length || value == 0)
            {
                continue;
            }

            for (var i = _columns.Length - 1; i > at; i--)
            {
                (_columns[i][row], _values[i][row]) = (_columns[i - 1][row], _values[i - 1][row]);
            }

            (_columns[at][row], _values[at][row]) = (column, value);
        }
    }

    /// <summary>Name and value of each reason, one after the other; missing where a row has fewer reasons.</summary>
    public IEnumerable<Column> ToColumns(byte[][] names)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var validity = Column.AllValid(_rows);
            var offsets = new int[_rows + 1];
            for (var row = 0; row < _rows; row++)
            {
                var column = _columns[i][row];
                if (column < 0)
                {
                    validity[row >> 6] &= ~(1UL << (row & 63));
                }

                offsets[row + 1] = checked(offsets[row] + (column < 0 ? 0 : names[column].Length));
            }

            var text = new byte[offsets[_rows]];
            for (var row = 0; row < _rows; row++)
            {
                if (_columns[i][row] is >= 0 and var column)
                {
                    names[column].CopyTo(text, offsets[row]);
                }
            }

            yield return new StringColumn(text, offsets, _rows, validity);
            yield return new DoubleColumn(_values[i], _rows, validity);
        }
    }
}
