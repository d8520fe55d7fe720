using Auspex.Experiments.Training.Linear;
using MathNet.Numerics;

namespace Auspex.Experiments.Training.Bayes;

/// <summary>
/// Expectation propagation (Minka 2001) for a probit of a weighted sum, with weights that are independent of each other:
/// each row's message about the weights of its slots is taken out, and put back anew in the light of all others.
/// </summary>
internal sealed class ExpectationPropagation
{
    private const double PriorVariance = 1;
    private const double LeastPrecision = 1e-10;
    private const double Tolerance = 1e-6;

    private readonly LinearRows _rows;
    private readonly double[] _targets;
    private readonly int _entries;

    // Of the weights: 1 / variance, and mean / variance.
    private readonly double[] _precisions;
    private readonly double[] _shifts;

    // The same of each row's messages.
    private readonly double[] _rowPrecisions;
    private readonly double[] _rowShifts;
    private readonly int[] _slots;
    private readonly double[] _values;
    private readonly double[] _cavityMeans;
    private readonly double[] _cavityVariances;

    public ExpectationPropagation(LinearRows rows, double[] targets, bool hasBias)
    {
        _rows = rows;
        _targets = targets;
        _entries = rows.EntryCount + (hasBias ? 1 : 0);
        var weights = rows.SlotCount + (hasBias ? 1 : 0);
        _precisions = new double[weights];
        Array.Fill(_precisions, 1 / PriorVariance);
        _shifts = new double[weights];
        _rowPrecisions = new double[checked(rows.RowCount * _entries)];
        _rowShifts = new double[_rowPrecisions.Length];
        _slots = new int[_entries];
        _values = new double[_entries];
        _cavityMeans = new double[_entries];
        _cavityVariances = new double[_entries];
        if (hasBias)
        {
            _slots[^1] = rows.SlotCount;
            _values[^1] = 1;
        }
    }

    /// <summary>The weights' means; that of the bias, where there is one, last.</summary>
    public double[] Run(int iterations, Action<string, long, long?>? report, CancellationToken cancellationToken)
    {
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var before = Means();
            for (var row = 0; row < _rows.RowCount; row++)
            {
                if (row % 1024 == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                Update(row);
            }

            report?.Invoke("Passing messages", iteration + 1, iterations);
            if (before.Zip(Means(), (old, now) => Math.Abs(old - now)).Max() < Tolerance)
            {
                break;
            }
        }

        return Means();
    }

    private void Update(int row)
    {
        _rows.Read(row, _slots.AsSpan(0, _rows.EntryCount), _values.AsSpan(0, _rows.EntryCount));
        var messages = row * _entries;
        var (mean, variance) = (0.0, 1.0);
        for (var i = 0; i < _entries; i++)
        {
            var precision = _precisions[_slots[i]] - _rowPrecisions[messages + i];
            if (precision <= LeastPrecision)
            {
                // Rounding has eaten what the other rows say; the row is left as it is this time.
                return;
            }

            _cavityVariances[i] = 1 / precision;
            _cavityMeans[i] = (_shifts[_slots[i]] - _rowShifts[messages + i]) / precision;
            mean += _values[i] * _cavityMeans[i];
            variance += _values[i] * _values[i] * _cavityVariances[i];
        }

        var sign = _targets[row] > 0.5 ? 1.0 : -1.0;
        var root = Math.Sqrt(variance);
        var z = sign * mean / root;
        var hazard = Hazard(z);
        var shrink = hazard * (hazard + z);
        for (var i = 0; i < _entries; i++)
        {
            if (_values[i] == 0)
            {
                continue;
            }

            var (own, value) = (_cavityVariances[i], _values[i]);
            var newMean = _cavityMeans[i] + (sign * own * value * hazard / root);
            var newVariance = own * (1 - (own * value * value * shrink / variance));
            var precision = Math.Max(1 / newVariance, 1 / own);
            var shift = newMean * precision;
            _rowPrecisions[messages + i] = precision - (1 / own);
            _rowShifts[messages + i] = shift - (_cavityMeans[i] / own);
            _precisions[_slots[i]] = precision;
            _shifts[_slots[i]] = shift;
        }
    }

    // Density by distribution of the standard normal; far below zero, where both vanish, by their asymptotic ratio.
    private static double Hazard(double z)
    {
        if (z < -30)
        {
            return -z - (1 / z);
        }

        return Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI) / (0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2)));
    }

    private double[] Means() => [.. _shifts.Zip(_precisions, (shift, precision) => shift / precision)];
}
