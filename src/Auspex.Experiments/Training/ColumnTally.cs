using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training;

/// <summary>Counts what a column holds while a learner reads it anyway, so that it costs no pass of its own.</summary>
internal struct ColumnTally
{
    private long _rows;
    private long _missing;
    private double _minimum;
    private double _maximum;

    public ColumnTally()
    {
        _minimum = double.PositiveInfinity;
        _maximum = double.NegativeInfinity;
    }

    /// <summary>Takes numbers; NaN is a missing value.</summary>
    public void Add(ReadOnlySpan<double> numbers)
    {
        // Locals stay in registers; comparisons with NaN are false, which leaves the bounds alone.
        var (missing, minimum, maximum) = (0L, _minimum, _maximum);
        foreach (var number in numbers)
        {
            missing += double.IsNaN(number) ? 1 : 0;
            minimum = number < minimum ? number : minimum;
            maximum = number > maximum ? number : maximum;
        }

        (_minimum, _maximum) = (minimum, maximum);
        _rows += numbers.Length;
        _missing += missing;
    }

    /// <summary>Takes level numbers as <c>BoundFeature.ReadCodes</c> gives them; what is none of the levels is a missing value.</summary>
    public void Add(ReadOnlySpan<int> codes, int levels)
    {
        _rows += codes.Length;
        foreach (var code in codes)
        {
            _missing += (uint)code >= (uint)levels ? 1 : 0;
        }
    }

    public readonly ColumnProfile ToProfile() => _minimum <= _maximum
        ? new ColumnProfile(_rows, _missing, _minimum, _maximum)
        : new ColumnProfile(_rows, _missing);
}
