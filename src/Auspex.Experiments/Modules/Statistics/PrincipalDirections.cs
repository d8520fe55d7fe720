using Auspex.Experiments.Execution;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Auspex.Experiments.Modules.Statistics;

/// <summary>The directions in which points vary most.</summary>
internal static class PrincipalDirections
{
    // Above this many slots the matrix of their products costs more than a few passes over the rows.
    private const int MostExactSlots = 600;
    private const int Oversampling = 10;
    private const int PowerPasses = 4;

    /// <summary>The first directions, each of length one, the greatest weight of each positive.</summary>
    /// <param name="slots">Centred values, a slot each.</param>
    /// <param name="rows">Rows of each slot.</param>
    /// <param name="count">Directions wanted, at most as many as slots.</param>
    public static double[][] Of(double[][] slots, int rows, int count)
    {
        var directions = slots.Length <= MostExactSlots ? Exact(slots, count) : Randomized(slots, rows, count);
        foreach (var direction in directions)
        {
            var greatest = direction.MaxBy(Math.Abs);
            if (greatest < 0)
            {
                for (var i = 0; i < direction.Length; i++)
                {
                    direction[i] = -direction[i];
                }
            }
        }

        return directions;
    }

    private static double[][] Exact(double[][] slots, int count)
    {
        var products = new DenseMatrix(slots.Length, slots.Length);
        for (var i = 0; i < slots.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                products[i, j] = products[j, i] = System.Numerics.Tensors.TensorPrimitives.Dot<double>(slots[i], slots[j]);
            }
        }

        return Leading(products, count);
    }

    /// <summary>Randomised range finding with power passes, after Halko, Martinsson and Tropp (2011).</summary>
    private static double[][] Randomized(double[][] slots, int rows, int count)
    {
        var width = Math.Min(Math.Min(count + Oversampling, slots.Length), Math.Max(rows, 1));
        var random = new SeededRandom(1);
        Matrix<double> sample = DenseMatrix.Create(slots.Length, width, (_, _) => (2 * random.NextDouble()) - 1);
        Matrix<double> range = Orthonormal(Times(slots, rows, sample));
        for (var pass = 0; pass < PowerPasses; pass++)
        {
            range = Orthonormal(Times(slots, rows, Orthonormal(TransposeTimes(slots, range))));
        }

        // The directions of the small matrix, brought back to the slots.
        var small = TransposeTimes(slots, range);
        var leading = Leading(small.TransposeThisAndMultiply(small), Math.Min(count, width));
        var directions = new List<double[]>();
        foreach (var vector in leading)
        {
            var direction = small * DenseVector.OfArray(vector);
            var length = direction.L2Norm();
            directions.Add([.. length > 0 ? direction / length : direction]);
        }

        while (directions.Count < count)
        {
            directions.Add(new double[slots.Length]);
        }

        return [.. directions];
    }

    private static Matrix<double> Orthonormal(Matrix<double> matrix) =>
        matrix.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q;

    private static DenseMatrix Times(double[][] slots, int rows, Matrix<double> right)
    {
        var result = new DenseMatrix(rows, right.ColumnCount);
        Parallel.For(0, right.ColumnCount, column =>
        {
            var sums = new double[rows];
            for (var slot = 0; slot < slots.Length; slot++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<double>(slots[slot], right[slot, column], sums, sums);
            }

            result.SetColumn(column, sums);
        });
        return result;
    }

    private static DenseMatrix TransposeTimes(double[][] slots, Matrix<double> right)
    {
        var columns = Enumerable.Range(0, right.ColumnCount).Select(column => right.Column(column).ToArray()).ToArray();
        var result = new DenseMatrix(slots.Length, columns.Length);
        Parallel.For(0, slots.Length, slot =>
        {
            for (var column = 0; column < columns.Length; column++)
            {
                result[slot, column] = System.Numerics.Tensors.TensorPrimitives.Dot<double>(slots[slot], columns[column]);
            }
        });
        return result;
    }

    /// <summary>Eigenvectors of a symmetric matrix, greatest eigenvalue first.</summary>
    public static double[][] Leading(Matrix<double> symmetric, int count)
    {
        var evd = symmetric.Evd(Symmetricity.Symmetric);

        // Eigenvalues come ascending.
        return [.. Enumerable.Range(1, count).Select(i => evd.EigenVectors.Column(symmetric.RowCount - i).ToArray())];
    }
}
