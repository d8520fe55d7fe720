using MathNet.Numerics.LinearAlgebra;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>
/// The parameters of probabilistic principal components while they are estimated, by expectation maximisation over the
/// values that are there. Begins with the principal components of the table whose gaps hold what is typical.
/// </summary>
internal sealed class ComponentEstimate
{
    // More factors than that explain noise; fewer than half the dimensions leave something to infer from.
    private const int MostFactors = 10;
    private const double LeastNoise = 1e-6;

    private readonly ImputationSample _sample;
    private readonly int[] _columnOfDimension;

    public ComponentEstimate(ImputationSample sample)
    {
        _sample = sample;
        var dimensions = sample.Encoding.Dimensions;
        Factors = Math.Min(MostFactors, dimensions / 2);
        Means = new double[dimensions];
        Loadings = new double[dimensions * Factors];
        _columnOfDimension =
        [
            .. sample.Encoding.Columns.SelectMany((column, slot) => Enumerable.Repeat(slot, column.Width)),
        ];
        Begin();
    }

    public int Factors { get; }

    public double[] Means { get; }

    public double[] Loadings { get; }

    public double Noise { get; private set; } = 1;

    /// <summary>One round: expect the factors of every row, then fit means, loadings and noise to them.</summary>
    public void Improve()
    {
        if (Factors == 0)
        {
            return;
        }

        var dimensions = Means.Length;
        var square = Factors * Factors;
        var seen = new double[dimensions];
        var seconds = new double[dimensions * square];
        var firsts = new double[dimensions * Factors];
        var cross = new double[dimensions * Factors];
        var sums = new double[dimensions];
        var residual = 0.0;
        var count = 0L;
        var matrix = new double[square];
        var inverse = new double[square];
        var factors = new double[Factors];
        for (var row = 0; row < _sample.Rows; row++)
        {
            Expect(row, matrix, inverse, factors);
            var vector = _sample.Row(row);
            var missing = _sample.Missing(row);
            for (var d = 0; d < dimensions; d++)
            {
                if (missing[_columnOfDimension[d]])
                {
                    continue;
                }

                var centred = vector[d] - Means[d];
                var loading = Loadings.AsSpan(d * Factors, Factors);
                var error = centred - SmallMatrix.Dot(loading, factors);
                residual += (error * error) + (Noise * Quadratic(inverse, loading));
                count++;
                seen[d]++;
                sums[d] += vector[d];
                SmallMatrix.AddScaled(firsts.AsSpan(d * Factors, Factors), factors, 1);
                SmallMatrix.AddScaled(cross.AsSpan(d * Factors, Factors), factors, vector[d]);
                var second = seconds.AsSpan(d * square, square);
                SmallMatrix.AddProduct(second, factors, 1);
                SmallMatrix.AddScaled(second, inverse, Noise);
            }
        }

        for (var d = 0; d < dimensions; d++)
        {
            Refit(d, seen[d], sums[d], seconds.AsSpan(d * square, square), firsts.AsSpan(d * Factors, Factors), cross.AsSpan(d * Factors, Factors));
        }

        Noise = Math.Max(LeastNoise, count == 0 ? LeastNoise : residual / count);
    }

    // Mean and loadings of a dimension together, as a regression of its values on the factors with a constant.
    private void Refit(int d, double seen, double sum, Span<double> second, ReadOnlySpan<double> first, ReadOnlySpan<double> cross)
    {
        if (seen == 0)
        {
            return;
        }

        var solved = new double[Factors];
        cross.CopyTo(solved);
        SmallMatrix.AddScaled(solved, first, -sum / seen);
        for (var i = 0; i < Factors; i++)
        {
            SmallMatrix.AddScaled(second.Slice(i * Factors, Factors), first, -first[i] / seen);
        }

        SmallMatrix.AddToDiagonal(second, Factors, LeastNoise * seen);
        SmallMatrix.Factorize(second, Factors);
        SmallMatrix.Solve(second, Factors, solved);
        solved.CopyTo(Loadings.AsSpan(d * Factors, Factors));
        Means[d] = (sum - SmallMatrix.Dot(first, solved)) / seen;
    }

    private void Expect(int row, Span<double> matrix, Span<double> inverse, Span<double> factors)
    {
        matrix.Clear();
        factors.Clear();
        var vector = _sample.Row(row);
        var missing = _sample.Missing(row);
        for (var d = 0; d < Means.Length; d++)
        {
            if (!missing[_columnOfDimension[d]])
            {
                var loading = Loadings.AsSpan(d * Factors, Factors);
                SmallMatrix.AddProduct(matrix, loading, 1);
                SmallMatrix.AddScaled(factors, loading, vector[d] - Means[d]);
            }
        }

        SmallMatrix.AddToDiagonal(matrix, Factors, Noise);
        SmallMatrix.Factorize(matrix, Factors);
        SmallMatrix.Solve(matrix, Factors, factors);
        SmallMatrix.Invert(matrix, Factors, inverse);
    }

    private double Quadratic(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        for (var i = 0; i < Factors; i++)
        {
            sum += vector[i] * SmallMatrix.Dot(matrix.Slice(i * Factors, Factors), vector);
        }

        return sum;
    }

    private void Begin()
    {
        var dimensions = Means.Length;
        if (_sample.Rows == 0 || dimensions == 0)
        {
            return;
        }

        for (var row = 0; row < _sample.Rows; row++)
        {
            SmallMatrix.AddScaled(Means, _sample.Row(row), 1.0 / _sample.Rows);
        }

        var covariance = new double[dimensions * dimensions];
        var centred = new double[dimensions];
        for (var row = 0; row < _sample.Rows; row++)
        {
            System.Numerics.Tensors.TensorPrimitives.Subtract<double>(_sample.Row(row), Means, centred);
            SmallMatrix.AddProduct(covariance, centred, 1.0 / _sample.Rows);
        }

        var parts = Matrix<double>.Build.Dense(dimensions, dimensions, covariance).Evd(Symmetricity.Symmetric);
        var rest = 0.0;
        for (var i = 0; i < dimensions - Factors; i++)
        {
            rest += Math.Max(0, parts.EigenValues[i].Real);
        }

        Noise = Math.Max(LeastNoise, rest / Math.Max(1, dimensions - Factors));
        for (var factor = 0; factor < Factors; factor++)
        {
            // Eigenvalues ascend: the last belong to the principal components.
            var at = dimensions - 1 - factor;
            var length = Math.Sqrt(Math.Max(LeastNoise, parts.EigenValues[at].Real - Noise));
            for (var d = 0; d < dimensions; d++)
            {
                Loadings[(d * Factors) + factor] = parts.EigenVectors[d, at] * length;
            }
        }
    }
}
