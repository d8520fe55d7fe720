using Auspex.Experiments.Execution;
using Auspex.Experiments.Training.Linear;
using MathNet.Numerics.LinearAlgebra;

namespace Auspex.Experiments.Training.Anomalies;

/// <summary>
/// The directions that rows spread in most, by a randomised range finder (Halko, Martinsson and Tropp 2011) that is repeated
/// until the spread stands still.
/// </summary>
internal static class PrincipalComponents
{
    private const int MostRounds = 60;
    private const double Tolerance = 1e-9;

    /// <param name="rows">Rows as they are.</param>
    /// <param name="center">Per slot what is subtracted.</param>
    /// <param name="rank">Directions.</param>
    /// <param name="oversampling">Directions that are looked for besides.</param>
    /// <param name="seed">Of the directions to begin with.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    public static double[][] Find(
        LinearRows rows, double[] center, int rank, int oversampling, long seed, CancellationToken cancellationToken)
    {
        var slots = rows.SlotCount;
        var count = Math.Min(slots, rank + oversampling);
        var random = new SeededRandom(seed);
        double[][] directions = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, slots).Select(_ => random.NextDouble() - 0.5).ToArray())];
        Orthogonalize(directions);
        var spread = 0.0;
        for (var round = 0; round < MostRounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (images, small) = Multiply(rows, center, directions);
            var now = Enumerable.Range(0, Math.Min(rank, count)).Sum(i => small[i, i]);
            if (round > 2 && Math.Abs(now - spread) <= Tolerance * Math.Abs(now))
            {
                break;
            }

            spread = now;
            directions = images;
            Orthogonalize(directions);
        }

        return Rotate(directions, Multiply(rows, center, directions).Small, rank);
    }

    // Images of the directions under the rows' covariance, and the directions' own covariance.
    private static (double[][] Images, double[,] Small) Multiply(LinearRows rows, double[] center, double[][] directions)
    {
        var count = directions.Length;
        double[] ofCenter = [.. directions.Select(direction => Dot(direction, center))];
        var images = directions.Select(direction => new double[direction.Length]).ToArray();
        var sums = new double[count];
        var small = new double[count, count];
        var slots = new int[rows.EntryCount];
        var values = new double[rows.EntryCount];
        var lengths = new double[count];
        for (var row = 0; row < rows.RowCount; row++)
        {
            rows.Read(row, slots, values);
            for (var i = 0; i < count; i++)
            {
                var length = -ofCenter[i];
                for (var entry = 0; entry < slots.Length; entry++)
                {
                    length += directions[i][slots[entry]] * values[entry];
                }

                lengths[i] = length;
                sums[i] += length;
                for (var entry = 0; entry < slots.Length; entry++)
                {
                    images[i][slots[entry]] += length * values[entry];
                }
            }

            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    small[i, j] += lengths[i] * lengths[j];
                    small[j, i] = small[i, j];
                }
            }
        }

        for (var i = 0; i < count; i++)
        {
            for (var slot = 0; slot < center.Length; slot++)
            {
                images[i][slot] -= sums[i] * center[slot];
            }
        }

        return (images, small);
    }

    private static double[][] Rotate(double[][] directions, double[,] small, int rank)
    {
        var evd = Matrix<double>.Build.DenseOfArray(small).Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, directions.Length).OrderByDescending(i => evd.EigenValues[i].Real)];
        var rotated = new double[Math.Min(rank, directions.Length)][];
        for (var i = 0; i < rotated.Length; i++)
        {
            rotated[i] = new double[directions[0].Length];
            for (var j = 0; j < directions.Length; j++)
            {
                var weight = evd.EigenVectors[j, order[i]];
                for (var slot = 0; slot < rotated[i].Length; slot++)
                {
                    rotated[i][slot] += weight * directions[j][slot];
                }
            }
        }

        return rotated;
    }

    // Gram-Schmidt, twice, as once loses digits; a direction that is left without length becomes an axis, so that all are of length 1.
    private static void Orthogonalize(double[][] directions)
    {
        for (var i = 0; i < directions.Length; i++)
        {
            var before = Math.Sqrt(Dot(directions[i], directions[i]));
            Reduce(directions, i);
            if (!(Math.Sqrt(Dot(directions[i], directions[i])) > 1e-12 * before))
            {
                for (var axis = 0; axis < directions[i].Length; axis++)
                {
                    Array.Clear(directions[i]);
                    directions[i][axis] = 1;
                    Reduce(directions, i);
                    if (Dot(directions[i], directions[i]) > 1e-6)
                    {
                        break;
                    }
                }
            }

            var length = Math.Sqrt(Dot(directions[i], directions[i]));
            for (var slot = 0; slot < directions[i].Length; slot++)
            {
                directions[i][slot] /= length;
            }

            Reduce(directions, i);
        }
    }

    private static void Reduce(double[][] directions, int i)
    {
        for (var j = 0; j < i; j++)
        {
            var dot = Dot(directions[i], directions[j]);
            for (var slot = 0; slot < directions[i].Length; slot++)
            {
                directions[i][slot] -= dot * directions[j][slot];
            }
        }
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
}
