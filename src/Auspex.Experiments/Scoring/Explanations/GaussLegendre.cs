using System.Collections.Immutable;

namespace Auspex.Experiments.Scoring.Explanations;

/// <summary>Points and weights that integrate polynomials over 0 to 1 without an error but rounding: n of them, up to degree 2n - 1.</summary>
internal sealed record GaussLegendre(ImmutableArray<double> Points, ImmutableArray<double> Weights)
{
    // Newton's method doubles the digits: from single precision, two steps reach double; the others are for comfort.
    private const int Steps = 6;

    /// <summary>The rule with a number of points, at least one.</summary>
    public static GaussLegendre Create(int count)
    {
        var points = new double[count];
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            // Rounded, since cosines differ in their last bits from system to system, and explanations must not.
            double x = (float)Math.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            var slope = 0.0;
            for (var step = 0; step < Steps; step++)
            {
                (var value, slope) = Legendre(count, x);
                x -= value / slope;
            }

            points[i] = (1 - x) / 2;
            weights[i] = 1 / ((1 - (x * x)) * slope * slope);
        }

        return new GaussLegendre([.. points], [.. weights]);
    }

    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        var (before, value) = (1.0, x);
        for (var n = 2; n <= degree; n++)
        {
            (before, value) = (value, ((((2 * n) - 1) * x * value) - ((n - 1) * before)) / n);
        }

        return (value, degree * ((x * value) - before) / ((x * x) - 1));
    }
}
