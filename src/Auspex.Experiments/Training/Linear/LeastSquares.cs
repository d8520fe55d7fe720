using System.Numerics.Tensors;

namespace Auspex.Experiments.Training.Linear;

/// <summary>
/// Solves ridge regression: the normal equations by Cholesky where they are few and definite, else conjugate gradients,
/// which also give the shortest solution where many would do.
/// </summary>
internal static class LeastSquares
{
    // 2,000 unknowns: a matrix of 32 MB, factored in about a second.
    private const int MostDense = 2000;
    private const int MostIterations = 2000;

    /// <summary>Weights for the scaled rows, the penalty counted on the columns' own scale, and the constant.</summary>
    public static (double[] Weights, double Constant) Solve(
        LinearRows rows, double[] targets, double l2Weight, bool intercept, CancellationToken cancellationToken)
    {
        // The intercept is one more unknown at the end, always 1 and never penalised.
        var unknowns = rows.SlotCount + (intercept ? 1 : 0);
        var penalties = new double[unknowns];
        var factors = rows.SlotFactors();
        for (var slot = 0; slot < factors.Length; slot++)
        {
            penalties[slot] = l2Weight * factors[slot] * factors[slot];
        }

        var solution = unknowns <= MostDense ? Dense(rows, targets, penalties, intercept, cancellationToken) : null;
        solution ??= Iterative(rows, targets, penalties, intercept, cancellationToken);
        return intercept ? (solution[..^1], solution[^1]) : (solution, 0);
    }

    private static double[]? Dense(
        LinearRows rows, double[] targets, double[] penalties, bool intercept, CancellationToken cancellationToken)
    {
        var size = penalties.Length;
        var matrix = new double[size][];
        for (var i = 0; i < size; i++)
        {
            matrix[i] = new double[i + 1];
            matrix[i][i] = penalties[i];
        }

        var right = new double[size];
        var reader = new RowReader(rows, intercept);
        for (var row = 0; row < targets.Length; row++)
        {
            if ((row & 0xFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var (slots, values) = reader.Read(row);
            for (var i = 0; i < slots.Length; i++)
            {
                var value = values[i];
                right[slots[i]] += value * targets[row];
                var line = matrix[slots[i]];
                for (var j = 0; j <= i; j++)
                {
                    line[slots[j]] += value * values[j];
                }
            }
        }

        return Cholesky(matrix, right, cancellationToken);
    }

    /// <summary>
    /// Solves for a symmetric matrix, of which the lower half is given and overwritten. Null where it is not clearly definite: columns
    /// that depend on each other, and no penalty to choose.
    /// </summary>
    public static double[]? Cholesky(double[][] matrix, double[] right, CancellationToken cancellationToken)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = matrix[i];
            for (var j = 0; j < i; j++)
            {
                line[j] = (line[j] - TensorPrimitives.Dot<double>(line.AsSpan(0, j), matrix[j].AsSpan(0, j))) / matrix[j][j];
            }

            var diagonal = line[i];
            var pivot = diagonal - TensorPrimitives.SumOfSquares<double>(line.AsSpan(0, i));
            if (!(pivot > 1e-12 * diagonal))
            {
                if (diagonal != 0)
                {
                    return null;
                }

                // A column of zeros: any weight would do, and 0 is the shortest.
                pivot = 1;
            }

            line[i] = Math.Sqrt(pivot);
        }

        for (var i = 0; i < right.Length; i++)
        {
            right[i] = (right[i] - TensorPrimitives.Dot<double>(matrix[i].AsSpan(0, i), right.AsSpan(0, i))) / matrix[i][i];
        }

        for (var i = right.Length - 1; i >= 0; i--)
        {
            right[i] /= matrix[i][i];
            for (var j = 0; j < i; j++)
            {
                right[j] -= matrix[i][j] * right[i];
            }
        }

        return right;
    }

    private static double[] Iterative(
        LinearRows rows, double[] targets, double[] penalties, bool intercept, CancellationToken cancellationToken)
    {
        var size = penalties.Length;
        var reader = new RowReader(rows, intercept);
        var solution = new double[size];
        var residual = new double[size];
        var product = new double[size];
        for (var row = 0; row < targets.Length; row++)
        {
            var (slots, values) = reader.Read(row);
            for (var i = 0; i < slots.Length; i++)
            {
                residual[slots[i]] += values[i] * targets[row];
            }
        }

        var direction = residual.ToArray();
        var norm = TensorPrimitives.SumOfSquares<double>(residual);
        var enough = norm * 1e-24;
        for (var iteration = 0; iteration < Math.Min(MostIterations, 4 * size) && norm > enough; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TensorPrimitives.Multiply(penalties, direction, product);
            for (var row = 0; row < targets.Length; row++)
            {
                var (slots, values) = reader.Read(row);
                var dot = 0.0;
                for (var i = 0; i < slots.Length; i++)
                {
                    dot += values[i] * direction[slots[i]];
                }

                for (var i = 0; i < slots.Length; i++)
                {
                    product[slots[i]] += values[i] * dot;
                }
            }

            var curvature = TensorPrimitives.Dot<double>(direction, product);
            if (!(curvature > 0))
            {
                break;
            }

            var step = norm / curvature;
            TensorPrimitives.MultiplyAdd(direction, step, solution, solution);
            TensorPrimitives.MultiplyAdd(product, -step, residual, residual);
            var next = TensorPrimitives.SumOfSquares<double>(residual);
            TensorPrimitives.MultiplyAdd(direction, next / norm, residual, direction);
            norm = next;
        }

        return solution;
    }

    private sealed class RowReader
    {
        private readonly LinearRows _rows;
        private readonly int[] _slots;
        private readonly double[] _values;

        public RowReader(LinearRows rows, bool intercept)
        {
            _rows = rows;
            _slots = new int[rows.EntryCount + (intercept ? 1 : 0)];
            _values = new double[_slots.Length];
            if (intercept)
            {
                _slots[^1] = rows.SlotCount;
                _values[^1] = 1;
            }
        }

        public (int[] Slots, double[] Values) Read(int row)
        {
            _rows.Read(row, _slots, _values);
            return (_slots, _values);
        }
    }
}
