using MathNet.Numerics.Statistics;

namespace Auspex.Experiments.Modules.Statistics;

/// <summary>Statistics of numbers without missing ones; NaN where there are too few of them.</summary>
internal sealed class ColumnMoments
{
    private readonly double[] _sorted;

    /// <param name="values">The numbers, without NaN; taken over and sorted.</param>
    public ColumnMoments(double[] values)
    {
        _sorted = values;
        Array.Sort(_sorted);
        Sum = 0;
        foreach (var value in _sorted)
        {
            Sum += value;
        }

        Mean = Sum / Count;
    }

    public int Count => _sorted.Length;

    public double Sum { get; }

    public double Mean { get; }

    public double Min => Count == 0 ? double.NaN : _sorted[0];

    public double Max => Count == 0 ? double.NaN : _sorted[^1];

    public double Median => Quantile(0.5);

    public double MeanDeviation => Average(value => Math.Abs(value - Mean));

    public double MedianDeviation
    {
        get
        {
            var median = Median;
            return Count == 0 ? double.NaN : ArrayStatistics.MedianInplace([.. _sorted.Select(value => Math.Abs(value - median))]);
        }
    }

    public double SquaredDeviations => Power(2) * Count;

    public double SampleVariance => Count < 2 ? double.NaN : SquaredDeviations / (Count - 1);

    public double PopulationVariance => Power(2);

    /// <summary>The adjusted skewness, of three numbers at least.</summary>
    public double SampleSkewness => Count < 3 ? double.NaN
        : Math.Sqrt(Count * (Count - 1.0)) / (Count - 2) * Power(3) / Math.Pow(Power(2), 1.5);

    /// <summary>The adjusted excess kurtosis, of four numbers at least.</summary>
    public double SampleKurtosis => Count < 4 ? double.NaN
        : (Count - 1.0) / ((Count - 2.0) * (Count - 3.0)) * (((Count + 1.0) * Power(4) / (Power(2) * Power(2))) - (3 * (Count - 1.0)));

    /// <summary>The commonest number; of equally common ones the least.</summary>
    public double Mode
    {
        get
        {
            var (mode, most) = (double.NaN, 0);
            for (var i = 0; i < Count;)
            {
                var end = i;
                while (end < Count && _sorted[end].Equals(_sorted[i]))
                {
                    end++;
                }

                if (end - i > most)
                {
                    (mode, most) = (_sorted[i], end - i);
                }

                i = end;
            }

            return mode;
        }
    }

    public int Distinct
    {
        get
        {
            var distinct = 0;
            for (var i = 0; i < Count; i++)
            {
                distinct += i == 0 || !_sorted[i].Equals(_sorted[i - 1]) ? 1 : 0;
            }

            return distinct;
        }
    }

    /// <summary>The number below which a part lies, between neighbours by their distance.</summary>
    public double Quantile(double part)
    {
        if (Count == 0)
        {
            return double.NaN;
        }

        var place = part * (Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, Count - 1);

        // Without the product, so that equal infinite neighbours do not make NaN.
        return _sorted[below] == _sorted[above] ? _sorted[below] : _sorted[below] + ((place - below) * (_sorted[above] - _sorted[below]));
    }

    /// <summary>The mean of a power of the distances to the mean.</summary>
    public double Power(int order) => Average(value => Math.Pow(value - Mean, order));

    public double Average(Func<double, double> of)
    {
        var sum = 0.0;
        foreach (var value in _sorted)
        {
            sum += of(value);
        }

        return sum / Count;
    }
}
