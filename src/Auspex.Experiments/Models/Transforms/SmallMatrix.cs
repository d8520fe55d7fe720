namespace Auspex.Experiments.Models.Transforms;

/// <summary>Arithmetic on the symmetric matrices of a handful of factors, row after row in a span; nothing allocates.</summary>
internal static class SmallMatrix
{
    /// <summary>Adds scale * v * v'.</summary>
    public static void AddProduct(Span<double> matrix, ReadOnlySpan<double> vector, double scale)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            AddScaled(matrix.Slice(i * vector.Length, vector.Length), vector, scale * vector[i]);
        }
    }

    /// <summary>Adds scale * added.</summary>
    public static void AddScaled(Span<double> sum, ReadOnlySpan<double> added, double scale)
    {
        for (var i = 0; i < added.Length; i++)
        {
            sum[i] += scale * added[i];
        }
    }

    public static void AddToDiagonal(Span<double> matrix, int size, double value)
    {
        for (var i = 0; i < size; i++)
        {
            matrix[(i * size) + i] += value;
        }
    }

    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>Cholesky: the lower triangle becomes L, L L' being the matrix, which must be positive definite.</summary>
    public static void Factorize(Span<double> matrix, int size)
    {
        for (var j = 0; j < size; j++)
        {
            for (var i = j; i < size; i++)
            {
                var value = matrix[(i * size) + j]
                    - Dot(matrix.Slice(i * size, j), matrix.Slice(j * size, j));
                matrix[(i * size) + j] = i == j ? Math.Sqrt(Math.Max(value, 1e-300)) : value / matrix[(j * size) + j];
            }
        }
    }

    /// <summary>Solves L L' x = b in place.</summary>
    public static void Solve(ReadOnlySpan<double> factorized, int size, Span<double> b)
    {
        for (var i = 0; i < size; i++)
        {
            b[i] = (b[i] - Dot(factorized.Slice(i * size, i), b)) / factorized[(i * size) + i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            var value = b[i];
            for (var k = i + 1; k < size; k++)
            {
                value -= factorized[(k * size) + i] * b[k];
            }

            b[i] = value / factorized[(i * size) + i];
        }
    }

    /// <summary>The inverse of L L'.</summary>
    public static void Invert(ReadOnlySpan<double> factorized, int size, Span<double> inverse)
    {
        inverse.Clear();
        for (var i = 0; i < size; i++)
        {
            // The inverse is symmetric, so its columns may stand as rows.
            var column = inverse.Slice(i * size, size);
            column[i] = 1;
            Solve(factorized, size, column);
        }
    }
}
