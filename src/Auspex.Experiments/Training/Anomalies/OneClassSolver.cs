namespace Auspex.Experiments.Training.Anomalies;

/// <summary>
/// Finds the weights of one-class support vectors (Schoelkopf and others 2001) by sequential minimal optimisation: each step
/// moves weight between the two rows that gain most (Fan, Chen and Lin 2005).
/// </summary>
internal sealed class OneClassSolver(KernelRows kernel, int rows, double nu, double epsilon, CancellationToken cancellationToken)
{
    private const double Least = 1e-12;

    /// <summary>Weights between 0 and 1 that sum to nu times the rows, and the offset.</summary>
    public (double[] Weights, double Offset) Solve(Action<long>? report)
    {
        var weights = new double[rows];
        var gradient = new double[rows];
        var left = nu * rows;
        for (var row = 0; row < rows && left > 0; row++)
        {
            weights[row] = Math.Min(1, left);
            left -= weights[row];
            Add(gradient, kernel[row], weights[row]);
            cancellationToken.ThrowIfCancellationRequested();
        }

        var mostSteps = Math.Max(100_000L, 100L * rows);
        for (var step = 0L; step < mostSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Choose(weights, gradient) is not var (up, down))
            {
                break;
            }

            var (ofUp, ofDown) = (kernel[up], kernel[down]);
            var curvature = Math.Max(2 - (2 * ofUp[down]), Least);
            var move = Math.Min((gradient[down] - gradient[up]) / curvature, Math.Min(1 - weights[up], weights[down]));
            weights[up] += move;
            weights[down] -= move;
            Add(gradient, ofUp, move);
            Add(gradient, ofDown, -move);
            if (step % 1000 == 0)
            {
                report?.Invoke(step);
            }
        }

        return (weights, Offset(weights, gradient));
    }

    private (int Up, int Down)? Choose(double[] weights, double[] gradient)
    {
        var (up, least) = (-1, double.PositiveInfinity);
        var greatest = double.NegativeInfinity;
        for (var row = 0; row < rows; row++)
        {
            if (weights[row] < 1 && gradient[row] < least)
            {
                (up, least) = (row, gradient[row]);
            }

            if (weights[row] > 0)
            {
                greatest = Math.Max(greatest, gradient[row]);
            }
        }

        if (up < 0 || greatest - least < epsilon)
        {
            return null;
        }

        var ofUp = kernel[up];
        var (down, best) = (-1, 0.0);
        for (var row = 0; row < rows; row++)
        {
            var difference = gradient[row] - least;
            if (weights[row] > 0 && difference > 0)
            {
                var gain = difference * difference / Math.Max(2 - (2 * ofUp[row]), Least);
                if (gain > best)
                {
                    (down, best) = (row, gain);
                }
            }
        }

        return down < 0 ? null : (up, down);
    }

    // Rows with room on both sides lie on the boundary; without any it is between the two kinds.
    private static double Offset(double[] weights, double[] gradient)
    {
        double sum = 0, above = double.PositiveInfinity, below = double.NegativeInfinity;
        var free = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            if (weights[row] >= 1)
            {
                below = Math.Max(below, gradient[row]);
            }
            else if (weights[row] <= 0)
            {
                above = Math.Min(above, gradient[row]);
            }
            else
            {
                free++;
                sum += gradient[row];
            }
        }

        return free > 0 ? sum / free
            : double.IsInfinity(above) ? below
            : double.IsInfinity(below) ? above
            : (above + below) / 2;
    }

    private static void Add(double[] sums, double[] values, double factor)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += factor * values[i];
        }
    }
}
