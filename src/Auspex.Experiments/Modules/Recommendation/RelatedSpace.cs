using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>
/// Places users, or items, so that the square of the distance between two is the mean square of how far their predicted ratings are
/// apart, over all of the other side.
/// </summary>
internal static class RelatedSpace
{
    /// <param name="candidates">Biases and traits.</param>
    /// <param name="others">The other side.</param>
    public static Candidates Place(Candidates candidates, Candidates others)
    {
        var size = candidates.Size;
        var factor = Factor(others);
        var places = new double[candidates.Values.Length];
        for (var index = 0; index < candidates.Count; index++)
        {
            var own = candidates.Of(index);
            var place = places.AsSpan(index * size, size);
            for (var row = 0; row < size; row++)
            {
                for (var column = 0; column <= row; column++)
                {
                    place[column] += factor[(row * size) + column] * own[row];
                }
            }
        }

        return candidates with { Values = places };
    }

    public static double Square(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }

        return sum;
    }

    // Cholesky's factor of the mean product of (1, traits), which is how the others ask about differences.
    private static double[] Factor(Candidates others)
    {
        var size = others.Size;
        var matrix = new double[size * size];
        var vector = new double[size];
        for (var index = 0; index < others.Count; index++)
        {
            others.Of(index).CopyTo(vector);
            vector[0] = 1;
            SmallMatrix.AddProduct(matrix, vector, 1.0 / others.Count);
        }

        var trace = 0.0;
        for (var i = 0; i < size; i++)
        {
            trace += matrix[(i * size) + i];
        }

        // Traits that nobody has are in no way between two.
        SmallMatrix.AddToDiagonal(matrix, size, 1e-9 * trace);
        SmallMatrix.Factorize(matrix, size);
        return matrix;
    }
}
