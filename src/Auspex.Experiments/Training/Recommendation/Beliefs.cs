using System.Numerics.Tensors;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Training.Recommendation;

/// <summary>
/// What is believed of the bias and the traits of every user, or of every item: a normal distribution for each, kept as the
/// expectations that the other side's update asks for. Element 0 is the bias, the others are traits.
/// </summary>
internal sealed class Beliefs
{
    private readonly int _pairs;
    private readonly double[] _means;
    private readonly double[] _products;
    private readonly double[] _biasCovariances;

    /// <param name="count">How many there are.</param>
    /// <param name="size">1 and the number of traits.</param>
    public Beliefs(int count, int size)
    {
        Count = count;
        Size = size;
        _pairs = PairsOf(size);
        _means = new double[count * size];
        _products = new double[count * _pairs];
        _biasCovariances = new double[count * size];
        Variances = new double[size];
        Priors = new double[count * size];
        for (var i = 0; i < count; i++)
        {
            _products[i * _pairs] = 1;
        }
    }

    public int Count { get; }

    public int Size { get; }

    /// <summary>How far bias and traits stray from what is expected beforehand.</summary>
    public double[] Variances { get; }

    /// <summary>What is expected of each beforehand: 0, or what its features say.</summary>
    public double[] Priors { get; }

    /// <summary>The sum of the squared means and variances of each element over all.</summary>
    public double[] TotalSquares { get; private set; } = [];

    public static int PairsOf(int size) => size * (size + 1) / 2;

    public ReadOnlySpan<double> Mean(int index) => _means.AsSpan(index * Size, Size);

    /// <summary>Sets the means, with no doubt about them.</summary>
    public void Set(int index, ReadOnlySpan<double> mean)
    {
        mean.CopyTo(_means.AsSpan(index * Size));
        Expect(index, mean, new double[Size * Size]);
    }

    /// <summary>Updates one by its ratings, given what is believed of the other side.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="others">The other side.</param>
    /// <param name="ratings">The others that it is connected with.</param>
    /// <param name="rows">The rows of the ratings.</param>
    /// <param name="values">Ratings, less their mean, by row.</param>
    /// <param name="noise">The variance of a rating.</param>
    /// <param name="scratch">Room to work in.</param>
    public void Update(
        int index,
        Beliefs others,
        ReadOnlySpan<int> ratings,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<double> values,
        double noise,
        BeliefScratch scratch)
    {
        var sums = scratch.Pairs.AsSpan(0, _pairs);
        var linear = scratch.Vector.AsSpan(0, Size);
        sums.Clear();
        linear.Clear();
        for (var i = 0; i < ratings.Length; i++)
        {
            var other = ratings[i];
            // Expectations of the other's (1, traits): its square, and its product with what the other's bias leaves of the rating.
            TensorPrimitives.Add(sums, others._products.AsSpan(other * _pairs, _pairs), sums);
            var mean = others._means.AsSpan(other * Size, Size);
            var covariance = others._biasCovariances.AsSpan(other * Size, Size);
            var rest = values[rows[i]] - mean[0];
            linear[0] += rest;
            for (var k = 1; k < Size; k++)
            {
                linear[k] += (rest * mean[k]) - covariance[k];
            }
        }

        var matrix = scratch.Matrix.AsSpan(0, Size * Size);
        var prior = Priors.AsSpan(index * Size, Size);
        for (int row = 0, at = 0; row < Size; row++)
        {
            for (var column = 0; column <= row; column++, at++)
            {
                matrix[(row * Size) + column] = matrix[(column * Size) + row] = sums[at] / noise;
            }

            matrix[(row * Size) + row] += 1 / Variances[row];
            linear[row] = (linear[row] / noise) + (prior[row] / Variances[row]);
        }

        SmallMatrix.Factorize(matrix, Size);
        SmallMatrix.Solve(matrix, Size, linear);
        var inverse = scratch.Inverse.AsSpan(0, Size * Size);
        SmallMatrix.Invert(matrix, Size, inverse);
        linear.CopyTo(_means.AsSpan(index * Size));
        Expect(index, linear, inverse);
    }

    /// <summary>The expected square of what is left of a rating by one of this and one of the other side.</summary>
    public double ExpectedError(int index, Beliefs others, int other, double value)
    {
        var mean = Mean(index);
        var otherMean = others.Mean(other);
        var cross = _biasCovariances.AsSpan(index * Size, Size);
        var otherCross = others._biasCovariances.AsSpan(other * Size, Size);
        var own = _products.AsSpan(index * _pairs, _pairs);
        var theirs = others._products.AsSpan(other * _pairs, _pairs);
        var predicted = mean[0] + otherMean[0];
        var squares = (mean[0] * mean[0]) + cross[0] + (otherMean[0] * otherMean[0]) + otherCross[0] + (2 * mean[0] * otherMean[0]);
        for (int row = 1, at = 1; row < Size; row++)
        {
            predicted += mean[row] * otherMean[row];

            // Column 0 of the products holds the means alone; the biases come in with their covariances.
            squares += 2 * (((mean[0] * mean[row]) + cross[row]) * otherMean[row]);
            squares += 2 * (((otherMean[0] * otherMean[row]) + otherCross[row]) * mean[row]);
            at++;
            for (var column = 1; column < row; column++, at++)
            {
                squares += 2 * own[at] * theirs[at];
            }

            squares += own[at] * theirs[at];
            at++;
        }

        return (value * value) - (2 * value * predicted) + squares;
    }

    /// <summary>Learns the variances from how far the beliefs are from what was expected beforehand.</summary>
    /// <param name="weight">How many strays of the present variance are added, so that few beliefs do not end at none.</param>
    public void LearnVariances(ReadOnlySpan<double> weight)
    {
        TotalSquares = new double[Size];
        for (var element = 0; element < Size; element++)
        {
            // The place of the element's square within the products.
            var at = PairsOf(element + 1) - 1;
            var (strays, squares) = (0.0, 0.0);
            for (var index = 0; index < Count; index++)
            {
                var mean = _means[(index * Size) + element];
                var variance = element == 0 ? _biasCovariances[index * Size] : _products[(index * _pairs) + at] - (mean * mean);
                var away = mean - Priors[(index * Size) + element];
                strays += (away * away) + variance;
                squares += (mean * mean) + variance;
            }

            TotalSquares[element] = squares;
            Variances[element] = Math.Max((strays + (weight[element] * Variances[element])) / (Count + weight[element]), 1e-9);
        }
    }

    private void Expect(int index, ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance)
    {
        var products = _products.AsSpan(index * _pairs, _pairs);
        var cross = _biasCovariances.AsSpan(index * Size, Size);
        covariance[..Size].CopyTo(cross);
        products[0] = 1;
        for (int row = 1, at = 1; row < Size; row++)
        {
            products[at++] = mean[row];
            for (var column = 1; column <= row; column++, at++)
            {
                products[at] = (mean[row] * mean[column]) + covariance[(row * Size) + column];
            }
        }
    }
}

/// <summary>Room for one thread's updates.</summary>
internal sealed class BeliefScratch(int size)
{
    public double[] Pairs { get; } = new double[Beliefs.PairsOf(size)];

    public double[] Vector { get; } = new double[size];

    public double[] Matrix { get; } = new double[size * size];

    public double[] Inverse { get; } = new double[size * size];
}
