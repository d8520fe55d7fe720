using System.Collections.Immutable;
using System.Numerics.Tensors;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Linear;

/// <summary>A training set as rows of slots: numbers scaled, and a one where a level is.</summary>
internal sealed class LinearRows
{
    private readonly FeatureLayout _layout;
    private readonly double[]?[] _numbers;
    private readonly int[]?[] _codes;
    private readonly ImmutableArray<double>[] _bins;
    private readonly double[] _offsets;
    private readonly double[] _factors;

    private LinearRows(
        TrainingSet set,
        Func<double[], (double Offset, double Factor)> scale,
        Func<double[], ImmutableArray<double>>? bins = null)
    {
        _bins = new ImmutableArray<double>[set.Features.Length];
        Array.Fill(_bins, []);
        _layout = set.Layout;
        RowCount = set.RowCount;
        var columns = set.Features.Length;
        _numbers = new double[]?[columns];
        _codes = new int[]?[columns];
        _offsets = new double[columns];
        _factors = new double[columns];
        for (var column = 0; column < columns; column++)
        {
            if (_layout.IsLevels(column))
            {
                var codes = new int[RowCount];
                set.Features[column].ReadCodes(set.Table, 0, codes);
                _codes[column] = codes;
                continue;
            }

            var numbers = new double[RowCount];
            set.Features[column].ReadNumbers(set.Table, 0, numbers);
            var (offset, factor) = scale(numbers);
            _numbers[column] = numbers;
            _offsets[column] = offset;
            _factors[column] = factor;
            _bins[column] = bins?.Invoke(numbers) ?? [];
            var ofColumn = new SlotScale([offset], [factor]) { Bins = [_bins[column]] };
            for (var row = 0; row < numbers.Length; row++)
            {
                numbers[row] = ofColumn.Apply(0, numbers[row]);
            }
        }
    }

    public int RowCount { get; }

    public int SlotCount => _layout.SlotCount;

    /// <summary>Entries of a row: one per column.</summary>
    public int EntryCount => _numbers.Length;

    /// <summary>Whether every column is a number, so that entries are the slots themselves.</summary>
    public bool IsDense => Array.TrueForAll(_numbers, numbers => numbers is not null);

    /// <summary>Numbers brought to 0 to 1 by the least and greatest value of the training rows; constants become 0.</summary>
    public static LinearRows MinMax(TrainingSet set) => new(set, numbers =>
    {
        var (least, greatest) = (numbers.Min(), numbers.Max());
        var range = greatest - least;
        return (least, range > 0 && double.IsFinite(1 / range) && double.IsFinite(range) ? 1 / range : 0);
    });

    /// <summary>Numbers brought to a range of 1 around their mean.</summary>
    public static LinearRows AroundMean(TrainingSet set) => new(set, numbers =>
    {
        var (mean, range) = (numbers.Average(), numbers.Max() - numbers.Min());
        return (mean, range > 0 && double.IsFinite(1 / range) && double.IsFinite(range) ? 1 / range : 0);
    });

    /// <summary>Numbers brought to mean 0 (where <paramref name="center"/>) and standard deviation 1; constants become 0 or stay.</summary>
    public static LinearRows Standard(TrainingSet set, bool center) => new(set, numbers =>
    {
        var mean = center ? numbers.Average() : 0;
        var square = numbers.Sum(number => (number - mean) * (number - mean)) / numbers.Length;
        var deviation = Math.Sqrt(square);

        // What is left of a constant after centring is rounding, of about this size.
        var isConstant = deviation <= 1e-13 * Math.Abs(mean) || !double.IsFinite(1 / deviation);
        return (mean, isConstant ? 0 : 1 / deviation);
    });

    /// <summary>Numbers as they are.</summary>
    public static LinearRows Plain(TrainingSet set) => new(set, _ => (0, 1));

    /// <summary>Numbers brought to the place of their bin, 0 to 1; each bin holds about as many rows.</summary>
    public static LinearRows Binned(TrainingSet set) => new(
        set,
        _ => (0, 0),
        numbers =>
        {
            const int Bins = 100;
            var singles = new float[numbers.Length];
            TensorPrimitives.ConvertSaturating<double, float>(numbers, singles);
            return [.. BinBoundaries.Find(singles, Bins).Select(threshold => (double)threshold)];
        });

    /// <summary>The entries of a row, by ascending slot.</summary>
    public void Read(int row, Span<int> slots, Span<double> values)
    {
        for (var column = 0; column < _numbers.Length; column++)
        {
            if (_numbers[column] is { } numbers)
            {
                slots[column] = _layout.Start(column);
                values[column] = numbers[row];
            }
            else
            {
                slots[column] = _layout.Start(column) + _codes[column]![row];
                values[column] = 1;
            }
        }
    }

    /// <summary>The entries of some rows, one row's behind the other's.</summary>
    public void Gather(ReadOnlySpan<int> rows, Span<int> slots, Span<double> values)
    {
        var width = _numbers.Length;
        for (var column = 0; column < width; column++)
        {
            var start = _layout.Start(column);
            if (_numbers[column] is { } numbers)
            {
                for (var (i, at) = (0, column); i < rows.Length; i++, at += width)
                {
                    slots[at] = start;
                    values[at] = numbers[rows[i]];
                }

                continue;
            }

            var codes = _codes[column]!;
            for (var (i, at) = (0, column); i < rows.Length; i++, at += width)
            {
                slots[at] = start + codes[rows[i]];
                values[at] = 1;
            }
        }
    }

    /// <summary>The weighted sum of every row.</summary>
    public double[] Sums(ReadOnlySpan<double> weights, double bias)
    {
        var sums = new double[RowCount];
        Array.Fill(sums, bias);
        for (var column = 0; column < _numbers.Length; column++)
        {
            var start = _layout.Start(column);
            for (var row = 0; row < sums.Length; row++)
            {
                sums[row] += _numbers[column] is { } numbers ? weights[start] * numbers[row] : weights[start + _codes[column]![row]];
            }
        }

        return sums;
    }

    /// <summary>Adds weighted sums of some rows, from <paramref name="start"/> on.</summary>
    public void AddSums(ReadOnlySpan<double> weights, int start, Span<double> sums)
    {
        for (var column = 0; column < _numbers.Length; column++)
        {
            var ofColumn = weights[_layout.Start(column)..];
            if (_numbers[column] is { } numbers)
            {
                TensorPrimitives.MultiplyAdd(numbers.AsSpan(start, sums.Length), ofColumn[0], sums, sums);
                continue;
            }

            var codes = _codes[column].AsSpan(start, sums.Length);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += ofColumn[codes[i]];
            }
        }
    }

    /// <summary>Adds to each slot the sum of its values in some rows, times a factor for each row.</summary>
    public void AddSlopes(ReadOnlySpan<double> factors, int start, Span<double> slopes)
    {
        for (var column = 0; column < _numbers.Length; column++)
        {
            var ofColumn = slopes[_layout.Start(column)..];
            if (_numbers[column] is { } numbers)
            {
                ofColumn[0] += FixedSums.Dot(factors, numbers.AsSpan(start, factors.Length));
                continue;
            }

            var codes = _codes[column].AsSpan(start, factors.Length);
            for (var i = 0; i < factors.Length; i++)
            {
                ofColumn[codes[i]] += factors[i];
            }
        }
    }

    /// <summary>
    /// Adds to the lower half of a matrix, for each pair of slots, the sum of their products in some rows, times a factor for each row;
    /// its last line is that of a slot which is 1 in every row.
    /// </summary>
    public void AddProducts(ReadOnlySpan<double> factors, int start, double[][] lower)
    {
        var last = lower[^1];
        var weighted = new double[factors.Length];
        for (var column = 0; column < _numbers.Length; column++)
        {
            var first = _layout.Start(column);
            if (_numbers[column] is not { } numbers)
            {
                AddProductsOfLevels(column, factors, start, lower);
                continue;
            }

            TensorPrimitives.Multiply(factors, numbers.AsSpan(start, factors.Length), weighted);
            var line = lower[first];
            for (var other = 0; other <= column; other++)
            {
                if (_numbers[other] is { } others)
                {
                    line[_layout.Start(other)] += FixedSums.Dot(weighted, others.AsSpan(start, factors.Length));
                    continue;
                }

                var ofLevels = line.AsSpan(_layout.Start(other));
                var codes = _codes[other].AsSpan(start, factors.Length);
                for (var i = 0; i < weighted.Length; i++)
                {
                    ofLevels[codes[i]] += weighted[i];
                }
            }

            foreach (var value in weighted)
            {
                last[first] += value;
            }
        }

        foreach (var factor in factors)
        {
            last[^1] += factor;
        }
    }

    private void AddProductsOfLevels(int column, ReadOnlySpan<double> factors, int start, double[][] lower)
    {
        var first = _layout.Start(column);
        var codes = _codes[column].AsSpan(start, factors.Length);
        for (var other = 0; other < column; other++)
        {
            var slot = _layout.Start(other);
            if (_numbers[other] is { } numbers)
            {
                for (var i = 0; i < factors.Length; i++)
                {
                    lower[first + codes[i]][slot] += factors[i] * numbers[start + i];
                }

                continue;
            }

            var others = _codes[other].AsSpan(start, factors.Length);
            for (var i = 0; i < factors.Length; i++)
            {
                lower[first + codes[i]][slot + others[i]] += factors[i];
            }
        }

        for (var i = 0; i < factors.Length; i++)
        {
            lower[first + codes[i]][first + codes[i]] += factors[i];
            lower[^1][first + codes[i]] += factors[i];
        }
    }

    /// <summary>Per column what is subtracted from its numbers, and what they are multiplied by after.</summary>
    public SlotScale Scale => new([.. _offsets], [.. _factors])
    {
        Bins = Array.TrueForAll(_bins, bins => bins.IsEmpty) ? [] : [.. _bins],
    };

    /// <summary>The factor that a slot's values were scaled by; 1 for levels.</summary>
    public double[] SlotFactors()
    {
        var factors = new double[SlotCount];
        Array.Fill(factors, 1);
        for (var column = 0; column < _numbers.Length; column++)
        {
            if (_numbers[column] is not null)
            {
                factors[_layout.Start(column)] = _factors[column];
            }
        }

        return factors;
    }

    /// <summary>Weights and bias for the columns' own scale, from those for the scaled rows.</summary>
    public (double[] Weights, double Bias) Unscale(ReadOnlySpan<double> weights, double bias)
    {
        var unscaled = weights.ToArray();
        for (var column = 0; column < _numbers.Length; column++)
        {
            if (_numbers[column] is not null)
            {
                var slot = _layout.Start(column);
                unscaled[slot] *= _factors[column];
                bias -= unscaled[slot] * _offsets[column];
            }
        }

        return (unscaled, bias);
    }
}
