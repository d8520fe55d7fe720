namespace Auspex.Experiments.Training.Linear;

/// <summary>
/// Finds the least value of a smooth convex function and a weighted sum of absolute values by Newton's method (Lee, Sun and Saunders 2014
/// where absolute values count): each step goes to the minimum of the function's second-order picture, for which no row is read.
/// </summary>
internal sealed class NewtonSteps
{
    private const int MostSteps = 50;
    private const int MostHalvings = 30;
    private const double Decrease = 1e-4;
    private const double Rounding = 1e-14;

    /// <summary>The search ends with a step that changes no number by more than this part of the greatest, or of 1.</summary>
    public required double WayTolerance { get; init; }

    /// <summary>The weight of each absolute value; 0 for those that do not count.</summary>
    public required double[] AbsoluteWeights { get; init; }

    /// <summary>
    /// The point of the least value, searched from zero. Null where the picture has no minimum of its own, or steps do not come to an end:
    /// classes that a plane divides, and no penalty.
    /// </summary>
    /// <param name="objective">The function.</param>
    /// <param name="curvature">The lower half of its second derivatives at a point.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public double[]? Minimize(Objective objective, Func<double[], double[][]> curvature, CancellationToken cancellationToken)
    {
        var size = AbsoluteWeights.Length;
        var (point, slope, next, nextSlope) = (new double[size], new double[size], new double[size], new double[size]);
        var value = objective(point, slope);
        for (var step = 0; step < MostSteps && double.IsFinite(value); step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Target(point, slope, curvature(point), cancellationToken) is not { } target || !Array.TrueForAll(target, double.IsFinite))
            {
                return null;
            }

            var (farthest, greatest) = (0.0, 1.0);
            for (var i = 0; i < size; i++)
            {
                farthest = Math.Max(farthest, Math.Abs(target[i] - point[i]));
                greatest = Math.Max(greatest, Math.Abs(target[i]));
            }

            if (farthest <= WayTolerance * greatest)
            {
                return target;
            }

            var fall = Absolute(target) - Absolute(point);
            for (var i = 0; i < size; i++)
            {
                fall += slope[i] * (target[i] - point[i]);
            }

            if (!TryStep(objective, point, value, target, fall, next, nextSlope, out value))
            {
                return null;
            }

            (point, next) = (next, point);
            (slope, nextSlope) = (nextSlope, slope);
        }

        return null;
    }

    private bool TryStep(
        Objective objective, double[] point, double value, double[] target, double fall, double[] next, double[] nextSlope, out double nextValue)
    {
        var whole = value + Absolute(point);
        var part = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, part /= 2)
        {
            for (var i = 0; i < point.Length; i++)
            {
                next[i] = part == 1 ? target[i] : point[i] + (part * (target[i] - point[i]));
            }

            nextValue = objective(next, nextSlope);
            if (nextValue + Absolute(next) <= whole + (Decrease * part * Math.Min(0, fall)) + (Rounding * Math.Abs(whole)))
            {
                return true;
            }
        }

        nextValue = value;
        return false;
    }

    private double[]? Target(double[] point, double[] slope, double[][] curvature, CancellationToken cancellationToken)
    {
        if (Array.TrueForAll(AbsoluteWeights, weight => weight == 0))
        {
            var way = LeastSquares.Cholesky(curvature, [.. slope.Select(value => -value)], cancellationToken);
            return way is null ? null : [.. point.Zip(way, (at, change) => at + change)];
        }

        return new QuasiNewton
        {
            Memory = 50,
            SlopeTolerance = 0,
            PartOfSlope = 1e-5,
            AbsoluteWeights = AbsoluteWeights,
        }.Minimize((at, slopeThere) => Picture(point, slope, curvature, at, slopeThere), cancellationToken, point);
    }

    private static double Picture(double[] point, double[] slope, double[][] curvature, ReadOnlySpan<double> at, Span<double> slopeThere)
    {
        var way = new double[point.Length];
        for (var i = 0; i < way.Length; i++)
        {
            way[i] = at[i] - point[i];
        }

        slope.CopyTo(slopeThere);
        for (var i = 0; i < way.Length; i++)
        {
            var line = curvature[i];
            slopeThere[i] += FixedSums.Dot(line, way.AsSpan(0, line.Length));
            for (var j = 0; j < i; j++)
            {
                slopeThere[j] += line[j] * way[i];
            }
        }

        var value = 0.0;
        for (var i = 0; i < way.Length; i++)
        {
            value += 0.5 * (slope[i] + slopeThere[i]) * way[i];
        }

        return value;
    }

    private double Absolute(double[] point)
    {
        var sum = 0.0;
        for (var i = 0; i < point.Length; i++)
        {
            sum += AbsoluteWeights[i] * Math.Abs(point[i]);
        }

        return sum;
    }
}
