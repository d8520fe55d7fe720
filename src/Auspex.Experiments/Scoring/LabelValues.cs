using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>Writes classes back as values of the label's own type. Immutable.</summary>
internal sealed class LabelValues
{
    private readonly TableField _label;
    private readonly byte[][] _texts = [];
    private readonly long[] _integers = [];
    private readonly double[] _doubles = [];
    private readonly bool[] _booleans = [];
    private readonly int[] _codes = [];

    /// <param name="label">The label's field at training.</param>
    /// <param name="classes">Its values as invariant text.</param>
    /// <exception cref="FormatException">A class is no value of the label's type.</exception>
    public LabelValues(TableField label, ImmutableArray<string> classes)
    {
        _label = label;
        if (label.Categories is { } domain)
        {
            _codes = [.. classes.Select(value => domain.Levels.IndexOf(value))];
            if (_codes.Contains(-1))
            {
                throw new FormatException($"A class of label '{label.Name}' is none of its levels.");
            }

            return;
        }

        switch (label.Type)
        {
            case ColumnType.Boolean:
                _booleans = [.. classes.Select(bool.Parse)];
                break;
            case ColumnType.Int32 or ColumnType.Int64:
                _integers = [.. classes.Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
                break;
            case ColumnType.Double:
                _doubles = [.. classes.Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
                break;
            case ColumnType.String:
                _texts = [.. classes.Select(Encoding.UTF8.GetBytes)];
                break;
            default:
                throw new FormatException($"Label '{label.Name}' is of type {label.Type}, which no learner predicts.");
        }
    }

    /// <summary>A column of the classes at these indexes; -1 gives a missing value.</summary>
    public Column Column(ReadOnlySpan<int> classes, ulong[]? validity)
    {
        var rows = classes.Length;
        if (_label.Categories is { } domain)
        {
            return new CategoryColumn(Pick(_codes, classes, -1), rows, domain, validity);
        }

        return _label.Type switch
        {
            ColumnType.Boolean => new BooleanColumn(Pick(_booleans, classes, false), rows, validity),
            ColumnType.Int32 or ColumnType.Int64 => new Int64Column(Pick(_integers, classes, 0), rows, validity),
            ColumnType.Double => new DoubleColumn(Pick(_doubles, classes, 0), rows, validity),
            _ => Texts(classes, validity),
        };
    }

    private static T[] Pick<T>(T[] values, ReadOnlySpan<int> classes, T missing)
    {
        var picked = new T[classes.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = classes[i] < 0 ? missing : values[classes[i]];
        }

        return picked;
    }

    private StringColumn Texts(ReadOnlySpan<int> classes, ulong[]? validity)
    {
        var offsets = new int[classes.Length + 1];
        for (var i = 0; i < classes.Length; i++)
        {
            offsets[i + 1] = checked(offsets[i] + (classes[i] < 0 ? 0 : _texts[classes[i]].Length));
        }

        var data = new byte[offsets[^1]];
        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i] >= 0)
            {
                _texts[classes[i]].CopyTo(data, offsets[i]);
            }
        }

        return new StringColumn(data, offsets, classes.Length, validity);
    }
}
