using MathNet.Numerics;

namespace Auspex.Experiments.Scoring;

/// <summary>What becomes of a sum of trees, or of several.</summary>
public enum SumLinkKind
{
    /// <summary>Each sum is a score.</summary>
    None,

    /// <summary>1 / (1 + exp(-z)) of each.</summary>
    Logistic,

    /// <summary>exp(z) of each: counts and amounts trained on their logarithm.</summary>
    Exponential,

    /// <summary>z * |z| of each: trained on square roots.</summary>
    SignedSquare,

    /// <summary>exp(z), divided by the sum of these over all.</summary>
    Softmax,

    /// <summary>z, divided by the sum of these over all: votes of a forest.</summary>
    Share,

    /// <summary>The normal distribution's part below z.</summary>
    Probit,
}

/// <summary>From sums of trees to scores: a function of z = slope * (sum / divisor) + offset.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Slope">Factor of the sum.</param>
/// <param name="Offset">Added after it.</param>
/// <param name="Divisor">Divides the sum before: the number of trees where their mean is meant.</param>
public sealed record SumLink(SumLinkKind Kind, double Slope = 1, double Offset = 0, double Divisor = 1)
{
    private const double RootOfTwo = 1.4142135623730951;

    /// <summary>The sum is the score.</summary>
    public static SumLink None { get; } = new(SumLinkKind.None);

    /// <summary>Whether every score comes from its own sum alone.</summary>
    public bool IsElementwise => Kind is not (SumLinkKind.Softmax or SumLinkKind.Share);

    /// <summary>Whether all numbers are finite, the divisor is not 0 and the kind is one of the above.</summary>
    internal bool IsValid =>
        double.IsFinite(Slope) && double.IsFinite(Offset) && double.IsFinite(Divisor) && Divisor != 0 && Enum.IsDefined(Kind);

    /// <summary>Makes scores of sums, in place.</summary>
    internal void Apply(Span<double> sums)
    {
        if (Kind == SumLinkKind.None && Slope == 1 && Offset == 0 && Divisor == 1)
        {
            return;
        }

        foreach (ref var sum in sums)
        {
            var z = (Slope * (sum / Divisor)) + Offset;
            sum = Kind switch
            {
                SumLinkKind.Logistic => 1 / (1 + Math.Exp(-z)),
                SumLinkKind.Exponential => Math.Exp(z),
                SumLinkKind.Probit => 0.5 * SpecialFunctions.Erfc(-z / RootOfTwo),
                SumLinkKind.SignedSquare => z * Math.Abs(z),
                _ => z,
            };
        }
    }

    /// <summary>Makes scores of the sums of one row, in place; for kinds that are not elementwise, after <see cref="Apply"/>.</summary>
    internal void Normalize(Span<double> row)
    {
        if (Kind == SumLinkKind.Softmax)
        {
            var greatest = double.NegativeInfinity;
            foreach (var sum in row)
            {
                greatest = Math.Max(greatest, sum);
            }

            foreach (ref var sum in row)
            {
                sum = Math.Exp(sum - greatest);
            }
        }

        var total = 0.0;
        foreach (var sum in row)
        {
            total += sum;
        }

        foreach (ref var sum in row)
        {
            sum /= total;
        }
    }
}
