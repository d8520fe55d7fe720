using System.Globalization;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Training;

/// <summary>A label column's values as invariant text, row by row; texts of repeated values are shared.</summary>
internal sealed class LabelTexts(Column column)
{
    private readonly Dictionary<double, string> _doubles = [];
    private readonly Dictionary<long, string> _integers = [];
    private readonly HashSet<string> _strings = new(StringComparer.Ordinal);

    /// <summary>The value's text; null where it is missing or not a number.</summary>
    public string? Text(int row)
    {
        if (column.IsNull(row))
        {
            return null;
        }

        switch (column)
        {
            case BooleanColumn booleans:
                return booleans.Values[row] ? "True" : "False";
            case CategoryColumn categories:
                var code = categories.Values[row];
                return code < 0 ? null : categories.Domain.Levels[code];
            case Int64Column integers:
                var integer = integers.Values[row];
                if (!_integers.TryGetValue(integer, out var digits))
                {
                    digits = integer.ToString(CultureInfo.InvariantCulture);
                    _integers.Add(integer, digits);
                }

                return digits;
            case DoubleColumn doubles:
                // Adding zero makes one class of 0 and -0.
                var number = doubles.Values[row] + 0.0;
                if (double.IsNaN(number))
                {
                    return null;
                }

                if (!_doubles.TryGetValue(number, out var text))
                {
                    text = number.ToString("R", CultureInfo.InvariantCulture);
                    _doubles.Add(number, text);
                }

                return text;
            case StringColumn texts:
                var value = texts.Text(row)!;
                if (_strings.TryGetValue(value, out var shared))
                {
                    return shared;
                }

                _strings.Add(value);
                return value;
            default:
                return null;
        }
    }
}
