namespace Auspex.Experiments.Training.Linear;

/// <summary>What is to be made as small as possible: gives the value at a point and writes the slope there.</summary>
internal delegate double Objective(ReadOnlySpan<double> point, Span<double> slope);

/// <summary>
/// Finds the least value of a smooth convex function and a weighted sum of absolute values: L-BFGS, orthant by orthant where absolute
/// values count (Andrew and Gao 2007). In double precision and on one thread: what it finds depends on nothing else.
/// </summary>
internal sealed class QuasiNewton
{
    private const int MostSteps = 1000;
    private const int MostHalvings = 40;
    private const double Decrease = 1e-4;
    private const double Rounding = 1e-12;

    /// <summary>Steps that are remembered.</summary>
    public required int Memory { get; init; }

    /// <summary>The search ends where no slope is steeper.</summary>
    public required double SlopeTolerance { get; init; }

    /// <summary>The search ends also where no slope is steeper than this part of the steepest one at its begin.</summary>
    public double PartOfSlope { get; init; }

    /// <summary>The weight of each absolute value; 0 for those that do not count.</summary>
    public required double[] AbsoluteWeights { get; init; }

    /// <summary>The point of the least value, searched from zero, or from where it is thought to be.</summary>
    public double[] Minimize(Objective objective, CancellationToken cancellationToken, ReadOnlySpan<double> from = default)
    {
        var size = AbsoluteWeights.Length;
        var (point, slope, pseudo, direction) = (new double[size], new double[size], new double[size], new double[size]);
        from.CopyTo(point);
        var enough = SlopeTolerance;
        var (next, nextSlope) = (new double[size], new double[size]);
        var steps = new Queue<Step>();
        var value = objective(point, slope);
        for (var step = 0; step < MostSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Pseudo(point, slope, pseudo);
            var steepest = pseudo.Max(Math.Abs);
            enough = step == 0 ? Math.Max(enough, PartOfSlope * steepest) : enough;
            if (!(steepest > enough))
            {
                break;
            }

            Turn(pseudo, steps, direction);
            Descend(direction, pseudo, steps);
            var length = steps.Count == 0 ? 1 / Math.Max(1, Math.Sqrt(Dot(pseudo, pseudo))) : 1;
            if (!TryStep(objective, point, value + Absolute(point), pseudo, direction, length, next, nextSlope, out var nextValue))
            {
                if (steps.Count == 0)
                {
                    break;
                }

                // What is remembered misleads; straight down once more.
                steps.Clear();
                continue;
            }

            Remember(steps, point, slope, next, nextSlope);
            value = nextValue;
            (point, next) = (next, point);
            (slope, nextSlope) = (nextSlope, slope);
        }

        return point;
    }

    private bool TryStep(
        Objective objective, double[] point, double whole, double[] pseudo, double[] direction, double length, double[] next, double[] nextSlope,
        out double nextValue)
    {
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            var way = 0.0;
            for (var i = 0; i < point.Length; i++)
            {
                next[i] = point[i] + (length * direction[i]);

                // Where absolute values count, a step ends at zero, not beyond it.
                if (AbsoluteWeights[i] > 0 && next[i] * Orthant(point[i], pseudo[i]) < 0)
                {
                    next[i] = 0;
                }

                way += pseudo[i] * (next[i] - point[i]);
            }

            nextValue = objective(next, nextSlope);
            var nextWhole = nextValue + Absolute(next);
            if (way < 0 && nextWhole <= whole + (Decrease * way))
            {
                return true;
            }

            // So near the end rounding hides which value is less: there the slopes tell.
            if (way < 0 && Math.Abs(nextWhole - whole) <= Rounding * Math.Abs(whole) && IsLessSteep(next, nextSlope, pseudo))
            {
                return true;
            }
        }

        nextValue = 0;
        return false;
    }

    private bool IsLessSteep(double[] next, double[] nextSlope, double[] pseudo)
    {
        var nextPseudo = new double[next.Length];
        Pseudo(next, nextSlope, nextPseudo);
        return Dot(nextPseudo, nextPseudo) < 0.99 * Dot(pseudo, pseudo);
    }

    private static double Orthant(double value, double pseudo) => value != 0 ? Math.Sign(value) : -Math.Sign(pseudo);

    // The slope on the side to which the whole function falls; 0 where it rises on both.
    private void Pseudo(double[] point, double[] slope, double[] pseudo)
    {
        for (var i = 0; i < point.Length; i++)
        {
            var weight = AbsoluteWeights[i];
            pseudo[i] = weight == 0 ? slope[i]
                : point[i] > 0 ? slope[i] + weight
                : point[i] < 0 ? slope[i] - weight
                : slope[i] + weight < 0 ? slope[i] + weight
                : slope[i] - weight > 0 ? slope[i] - weight
                : 0;
        }
    }

    private static void Turn(double[] pseudo, Queue<Step> steps, double[] direction)
    {
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = -pseudo[i];
        }

        Step[] remembered = [.. steps];
        var parts = new double[remembered.Length];
        for (var k = remembered.Length - 1; k >= 0; k--)
        {
            parts[k] = Dot(remembered[k].Way, direction) / remembered[k].Curvature;
            Add(direction, -parts[k], remembered[k].Turn);
        }

        if (remembered.Length > 0)
        {
            var scale = remembered[^1].Curvature / Dot(remembered[^1].Turn, remembered[^1].Turn);
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (var k = 0; k < remembered.Length; k++)
        {
            Add(direction, parts[k] - (Dot(remembered[k].Turn, direction) / remembered[k].Curvature), remembered[k].Way);
        }
    }

    // Never against the slope where absolute values count, and never uphill.
    private void Descend(double[] direction, double[] pseudo, Queue<Step> steps)
    {
        for (var i = 0; i < direction.Length; i++)
        {
            if (AbsoluteWeights[i] > 0 && direction[i] * pseudo[i] >= 0)
            {
                direction[i] = 0;
            }
        }

        if (!(Dot(direction, pseudo) < 0))
        {
            steps.Clear();
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = -pseudo[i];
            }
        }
    }

    private void Remember(Queue<Step> steps, double[] point, double[] slope, double[] next, double[] nextSlope)
    {
        var (way, turn) = (new double[point.Length], new double[point.Length]);
        for (var i = 0; i < way.Length; i++)
        {
            way[i] = next[i] - point[i];
            turn[i] = nextSlope[i] - slope[i];
        }

        var curvature = Dot(way, turn);
        if (curvature > 1e-16 * Dot(turn, turn))
        {
            steps.Enqueue(new Step(way, turn, curvature));
            if (steps.Count > Memory)
            {
                steps.Dequeue();
            }
        }
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

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void Add(double[] target, double factor, double[] values)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += factor * values[i];
        }
    }

    private sealed record Step(double[] Way, double[] Turn, double Curvature);
}
