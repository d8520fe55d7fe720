using System.Collections.Frozen;
using MathNet.Numerics.Distributions;

namespace Auspex.Experiments.Modules.Statistics;

/// <summary>The functions of a distribution with its parameters set; NaN where an argument is out of range.</summary>
internal sealed record DistributionFunctions(Func<double, double> Pdf, Func<double, double> Cdf, Func<double, double> Inverse);

/// <summary>The parameters of Evaluate Probability Function by their labels.</summary>
internal sealed class DistributionParameters(ModuleParameters parameters)
{
    public double this[string name] => parameters.Float(name);

    /// <summary>A parameter that must be greater than 0.</summary>
    /// <exception cref="ModuleException">Error 4: it is not.</exception>
    public double Positive(string name) => parameters.Float(name) is var value && value > 0
        ? value
        : throw new ModuleException(4, FormattableString.Invariant($"'{name}' is {value}; it must be greater than 0."));
}

/// <summary>The distributions by the names of the choice.</summary>
internal static class Distributions
{
    public static FrozenDictionary<string, Func<DistributionParameters, DistributionFunctions>> ByName { get; } =
        new Dictionary<string, Func<DistributionParameters, DistributionFunctions>>(StringComparer.Ordinal)
        {
            ["Bernoulli"] = p => Discrete(new Bernoulli(p["Probability of success"]), 0, 1),
            ["Beta"] = BetaOnInterval,
            ["Binomial"] = p => Discrete(new Binomial(p["Probability of success"], (int)p["Number of trials"]), 0, (int)p["Number of trials"]),
            ["Cauchy"] = p => Of(new Cauchy(p["Location"], p.Positive("Scale")), q => Cauchy.InvCDF(p["Location"], p["Scale"], q)),
            ["ChiSquare"] = p => ChiSquare(p.Positive("Number of degrees of freedom")),
            ["ChiSquareRightTailed"] = p => RightTail(ChiSquare(p.Positive("Number of degrees of freedom"))),
            ["Exponential"] = p => Of(new Exponential(p.Positive("Lambda")), q => Exponential.InvCDF(p["Lambda"], q)),
            ["FFisher"] = Fisher,
            ["FFisherRightTailed"] = p => RightTail(Fisher(p)),
            ["Gamma"] = p => Of(
                new Gamma(p.Positive("Shape"), 1 / p.Positive("Scale")), q => Gamma.InvCDF(p["Shape"], 1 / p["Scale"], q)),
            ["GeneralizedExtremeValues"] = p => ExtremeValues(p["Location"], p.Positive("Scale"), p["Shape"]),
            ["Geometric"] = p => Discrete(new Geometric(p["Probability of success"]), 1, int.MaxValue),
            ["GumbelMax"] = p => ExtremeValues(p["Location"], p.Positive("Scale"), 0),
            ["GumbelMin"] = p => GumbelMin(p["Location"], p.Positive("Scale")),
            ["Hypergeometric"] = p => Discrete(
                new Hypergeometric((int)p["Population size"], (int)p["Number of success"], (int)p["Number of samples"]), 0, (int)p["Number of samples"]),
            ["Laplace"] = p => Laplace(p["Location"], p.Positive("Scale")),
            ["Logistic"] = p => Logistic(p["Location"], p.Positive("Scale")),
            ["Lognormal"] = p => Of(
                new LogNormal(p["Mean"], p.Positive("Standard deviation")), q => LogNormal.InvCDF(p["Mean"], p["Standard deviation"], q)),
            ["NegativeBinomial"] = p => Discrete(new NegativeBinomial(p["Number of success"], p["Probability of success"]), 0, int.MaxValue),
            ["Normal"] = p => NormalOf(p["Mean"], p.Positive("Standard deviation")),
            ["Pareto"] = p => Of(new Pareto(p.Positive("Scale"), p.Positive("Shape")), q => Pareto.InvCDF(p["Scale"], p["Shape"], q)),
            ["Poisson"] = p => Discrete(new Poisson(p.Positive("Lambda")), 0, int.MaxValue),
            ["Rayleigh"] = p => Of(new Rayleigh(p.Positive("Scale")), q => Rayleigh.InvCDF(p["Scale"], q)),
            ["StandardNormal"] = _ => NormalOf(0, 1),
            ["TStudent"] = p => Student(p.Positive("Number of degrees of freedom")),
            ["TStudentRightTailed"] = p => RightTail(Student(p.Positive("Number of degrees of freedom"))),
            ["TStudentTwoTailed"] = p => TwoTails(Student(p.Positive("Number of degrees of freedom"))),
            ["Uniform"] = UniformOf,
            ["Weibull"] = p => Of(
                new Weibull(p.Positive("Shape"), p.Positive("Scale")),
                q => p["Scale"] * Math.Pow(-double.LogP1(-q), 1 / p["Shape"])),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static DistributionFunctions Of(IContinuousDistribution distribution, Func<double, double> inverse) => new(
        x => double.IsNaN(x) ? x : distribution.Density(x),
        x => double.IsNaN(x) ? x : distribution.CumulativeDistribution(x),
        Within(inverse));

    private static Func<double, double> Within(Func<double, double> inverse) => q => q is >= 0 and <= 1 ? inverse(q) : double.NaN;

    /// <summary>Of a whole-number distribution; its inverse is the least number whose distribution function reaches the probability.</summary>
    private static DistributionFunctions Discrete(IDiscreteDistribution distribution, int least, int most) => new(
        x => double.IsNaN(x) ? x : x == Math.Floor(x) && x >= least && x <= most ? distribution.Probability((int)x) : 0,
        x => double.IsNaN(x) ? x : x < least ? 0 : x >= most ? 1 : ((IUnivariateDistribution)distribution).CumulativeDistribution(Math.Floor(x)),
        Within(q => LeastReaching(distribution, q, least, most)));

    private static double LeastReaching(IDiscreteDistribution distribution, double q, int least, int most)
    {
        if (q >= 1)
        {
            return most == int.MaxValue ? double.PositiveInfinity : most;
        }

        long low = least, high = least;
        while (high < most && ((IUnivariateDistribution)distribution).CumulativeDistribution(high) < q)
        {
            low = high;
            high = Math.Min(most, least + ((high - least + 1) * 2));
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ((IUnivariateDistribution)distribution).CumulativeDistribution(middle) >= q ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static DistributionFunctions RightTail(DistributionFunctions left) => new(left.Pdf, x => 1 - left.Cdf(x), q => left.Inverse(1 - q));

    private static DistributionFunctions TwoTails(DistributionFunctions left) => new(
        left.Pdf, x => 2 * (1 - left.Cdf(Math.Abs(x))), q => left.Inverse(1 - (q / 2)));

    private static DistributionFunctions BetaOnInterval(DistributionParameters p)
    {
        // Studio has one shape and one scale for the two exponents, on an interval.
        var (a, b, low, high) = (p.Positive("Shape"), p.Positive("Scale"), p["Lower bound"], p["Upper bound"]);
        RequireOrder(low, high);
        var width = high - low;
        return new DistributionFunctions(
            x => double.IsNaN(x) ? x : x < low || x > high ? 0 : Beta.PDF(a, b, (x - low) / width) / width,
            x => double.IsNaN(x) ? x : x <= low ? 0 : x >= high ? 1 : Beta.CDF(a, b, (x - low) / width),
            Within(q => low + (width * Beta.InvCDF(a, b, q))));
    }

    private static DistributionFunctions UniformOf(DistributionParameters p)
    {
        var (low, high) = (p["Lower bound"], p["Upper bound"]);
        RequireOrder(low, high);
        return new DistributionFunctions(
            x => double.IsNaN(x) ? x : x < low || x > high ? 0 : 1 / (high - low),
            x => double.IsNaN(x) ? x : Math.Clamp((x - low) / (high - low), 0, 1),
            Within(q => low + (q * (high - low))));
    }

    private static void RequireOrder(double low, double high)
    {
        if (!(low < high))
        {
            throw new ModuleException(6, FormattableString.Invariant($"'Lower bound' is {low}; it must be less than 'Upper bound', which is {high}."));
        }
    }

    private static DistributionFunctions NormalOf(double mean, double deviation) =>
        Of(new Normal(mean, deviation), q => Normal.InvCDF(mean, deviation, q));

    private static DistributionFunctions ChiSquare(double freedom) => Of(new ChiSquared(freedom), q => ChiSquared.InvCDF(freedom, q));

    private static DistributionFunctions Student(double freedom) =>
        Of(new StudentT(0, 1, freedom), q => StudentT.InvCDF(0, 1, freedom, q));

    private static DistributionFunctions Fisher(DistributionParameters p)
    {
        var (above, below) = (p.Positive("Numerator degrees of freedom"), p.Positive("Denominator degrees of freedom"));
        var distribution = new FisherSnedecor(above, below);
        return new DistributionFunctions(
            x => double.IsNaN(x) ? x : x <= 0 ? 0 : distribution.Density(x),
            x => double.IsNaN(x) ? x : x <= 0 ? 0 : distribution.CumulativeDistribution(x),
            Within(q =>
            {
                // By the inverse of the beta distribution that F is a ratio of.
                var b = q is 0 or 1 ? q : Beta.InvCDF(above / 2, below / 2, q);
                return below * b / (above * (1 - b));
            }));
    }

    private static DistributionFunctions ExtremeValues(double location, double scale, double shape) => new(
        x => double.IsNaN(x) ? x : TailAt(x, location, scale, shape) is var t && t > 0 && double.IsFinite(t) ? Math.Pow(t, shape + 1) * Math.Exp(-t) / scale : 0,
        x => double.IsNaN(x) ? x : Math.Exp(-TailAt(x, location, scale, shape)),
        Within(q => shape == 0
            ? location - (scale * Math.Log(-Math.Log(q)))
            : location + (scale * (Math.Pow(-Math.Log(q), -shape) - 1) / shape)));

    private static double TailAt(double x, double location, double scale, double shape)
    {
        var z = (x - location) / scale;
        if (shape == 0)
        {
            return Math.Exp(-z);
        }

        var support = 1 + (shape * z);
        return support > 0 ? Math.Pow(support, -1 / shape) : shape > 0 ? double.PositiveInfinity : 0;
    }

    private static DistributionFunctions GumbelMin(double location, double scale) => new(
        x => double.IsNaN(x) ? x : Math.Exp(((x - location) / scale) - Math.Exp((x - location) / scale)) / scale,
        x => double.IsNaN(x) ? x : -double.ExpM1(-Math.Exp((x - location) / scale)),
        Within(q => location + (scale * Math.Log(-double.LogP1(-q)))));

    private static DistributionFunctions Laplace(double location, double scale) => new(
        x => double.IsNaN(x) ? x : Math.Exp(-Math.Abs(x - location) / scale) / (2 * scale),
        x => double.IsNaN(x) ? x : x < location ? Math.Exp((x - location) / scale) / 2 : 1 - (Math.Exp((location - x) / scale) / 2),
        Within(q => q < 0.5 ? location + (scale * Math.Log(2 * q)) : location - (scale * Math.Log(2 - (2 * q)))));

    private static DistributionFunctions Logistic(double location, double scale) => new(
        x => double.IsNaN(x) ? x : 1 / (1 + Math.Exp(-(x - location) / scale)) is var p ? p * (1 - p) / scale : 0,
        x => double.IsNaN(x) ? x : 1 / (1 + Math.Exp(-(x - location) / scale)),
        Within(q => location + (scale * (Math.Log(q) - Math.Log(1 - q)))));
}
