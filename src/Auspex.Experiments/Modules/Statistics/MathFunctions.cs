using System.Collections.Frozen;
using MathNet.Numerics;

namespace Auspex.Experiments.Modules.Statistics;

/// <summary>A function of Apply Math Operation.</summary>
/// <param name="Of">Takes the value, and the second argument where it has one.</param>
/// <param name="IsBinary">Whether there is a second argument.</param>
/// <param name="GivesTruth">Whether the result is true or false.</param>
internal sealed record MathFunction(Func<double, double, double> Of, bool IsBinary, bool GivesTruth = false);

/// <summary>The functions by the names of the choices. What is not defined is NaN. Complex numbers have their real part here.</summary>
internal static class MathFunctions
{
    public static FrozenDictionary<string, MathFunction> ByName { get; } = Make();

    /// <summary>The trigonometric choices, in alphabetical order.</summary>
    public static string[] Trigonometric { get; } = [.. TrigonometricOnes().Select(pair => pair.Name).Order(StringComparer.Ordinal)];

    private static FrozenDictionary<string, MathFunction> Make()
    {
        var functions = new Dictionary<string, MathFunction>(StringComparer.Ordinal);
        One("Abs", Math.Abs);
        Two("Atan2", Math.Atan2);
        One("Conj", x => x);
        One("CubeRoot", Math.Cbrt);
        One("DoubleFactorial", DoubleFactorial);
        One("Eps", x => Math.BitIncrement(Math.Abs(x)) - Math.Abs(x));
        One("Exp", Math.Exp);
        One("Exp2", x => Math.Pow(2, x));
        One("ExpMinus1", double.ExpM1);
        One("Factorial", x => x < 0 || x != Math.Floor(x) ? double.NaN : SpecialFunctions.Gamma(x + 1));
        Two("Hypotenuse", double.Hypot);
        One("ImaginaryPart", x => double.IsNaN(x) ? x : 0);
        One("Ln", Math.Log);
        One("LnPlus1", double.LogP1);
        Two("Log", (x, b) => Math.Log(x) / Math.Log(b));
        One("Log10", Math.Log10);
        One("Log2", Math.Log2);
        Two("NthRoot", (x, n) => x < 0 && n % 2 is 1 or -1 ? -Math.Pow(-x, 1 / n) : Math.Pow(x, 1 / n));
        Two("Pow", Math.Pow);
        One("RealPart", x => x);
        One("Sqrt", Math.Sqrt);
        One("SqrtPi", x => Math.Sqrt(x * Math.PI));
        One("Square", x => x * x);

        Truth("EqualTo", (x, y) => x == y);
        Truth("GreaterThan", (x, y) => x > y);
        Truth("GreaterThanOrEqualTo", (x, y) => x >= y);
        Truth("LessThan", (x, y) => x < y);
        Truth("LessThanOrEqualTo", (x, y) => x <= y);
        Truth("NotEqualTo", (x, y) => x != y);
        Two("PairMax", Math.Max);
        Two("PairMin", Math.Min);

        Two("Add", (x, y) => x + y);
        Two("Divide", (x, y) => x / y);
        Two("Multiply", (x, y) => x * y);
        Two("Subtract", (x, y) => x - y);

        One("Ceiling", Math.Ceiling);
        One("CeilingPower2", x => x > 0 ? Math.Pow(2, Math.Ceiling(Math.Log2(x))) : double.NaN);
        One("Floor", Math.Floor);
        Two("Mod", (x, y) => x - (y * Math.Floor(x / y)));
        Two("Quotient", (x, y) => Math.Truncate(x / y));
        Two("Remainder", (x, y) => x % y);
        Two("RoundDigits", (x, digits) => ToDigits(x, digits, value => Math.Round(value, MidpointRounding.AwayFromZero)));
        Two("RoundDown", (x, digits) => ToDigits(x, digits, Math.Truncate));
        Two("RoundUp", (x, digits) => ToDigits(x, digits, value => Math.Sign(value) * Math.Ceiling(Math.Abs(value))));
        One("ToEven", x => double.IsNaN(x) ? x : Math.Sign(x) * 2 * Math.Ceiling(Math.Abs(x) / 2));
        One("ToOdd", x => double.IsNaN(x) ? x : x == 0 ? 1 : Math.Sign(x) * ((2 * Math.Ceiling((Math.Abs(x) - 1) / 2)) + 1));
        One("Truncate", Math.Truncate);

        Two("Beta", (a, b) => a > 0 && b > 0 ? SpecialFunctions.Beta(a, b) : double.NaN);
        One("EllipticIntegralE", EllipticIntegrals.E);
        One("EllipticIntegralK", EllipticIntegrals.K);
        One("Erf", SpecialFunctions.Erf);
        One("Erfc", SpecialFunctions.Erfc);
        One("ErfScaled", ScaledErfc);
        One("ErfInverse", x => x is >= -1 and <= 1 ? SpecialFunctions.ErfInv(x) : double.NaN);
        One("ExponentialIntegralEin", Ein);
        One("Gamma", x => x <= 0 && x == Math.Floor(x) ? double.NaN : SpecialFunctions.Gamma(x));
        One("GammaLn", x => x > 0 ? SpecialFunctions.GammaLn(x) : double.NaN);
        Two("GammaRegularizedP", (a, x) => a > 0 && x >= 0 ? SpecialFunctions.GammaLowerRegularized(a, x) : double.NaN);
        Two("GammaRegularizedPInverse", (a, p) => a > 0 && p is >= 0 and <= 1 ? SpecialFunctions.GammaLowerRegularizedInv(a, p) : double.NaN);
        Two("GammaRegularizedQ", (a, x) => a > 0 && x >= 0 ? SpecialFunctions.GammaUpperRegularized(a, x) : double.NaN);
        Two("GammaRegularizedQInverse", (a, q) => a > 0 && q is >= 0 and <= 1 ? SpecialFunctions.GammaLowerRegularizedInv(a, 1 - q) : double.NaN);
        Two("PolyGamma", PolyGamma);
        foreach (var (name, function) in TrigonometricOnes())
        {
            One(name, function);
        }

        return functions.ToFrozenDictionary(StringComparer.Ordinal);

        void One(string name, Func<double, double> of) => functions.Add(name, new MathFunction((x, _) => of(x), false));

        void Two(string name, Func<double, double, double> of) => functions.Add(name, new MathFunction(of, true));

        void Truth(string name, Func<double, double, bool> of) =>
            functions.Add(name, new MathFunction((x, y) => of(x, y) ? 1 : 0, true, GivesTruth: true));
    }

    private static IEnumerable<(string Name, Func<double, double> Of)> TrigonometricOnes()
    {
        const double Degree = Math.PI / 180;
        (string Name, Func<double, double> Of, Func<double, double> Inverse, Func<double, double> Hyperbolic, Func<double, double> InverseHyperbolic)[] families =
        [
            ("sin", Math.Sin, Math.Asin, Math.Sinh, Math.Asinh),
            ("cos", Math.Cos, Math.Acos, Math.Cosh, Math.Acosh),
            ("tan", Math.Tan, Math.Atan, Math.Tanh, Math.Atanh),
            ("sec", x => 1 / Math.Cos(x), x => Math.Acos(1 / x), x => 1 / Math.Cosh(x), x => Math.Acosh(1 / x)),
            ("csc", x => 1 / Math.Sin(x), x => Math.Asin(1 / x), x => 1 / Math.Sinh(x), x => Math.Asinh(1 / x)),
            ("cot", x => 1 / Math.Tan(x), x => Math.Atan(1 / x), x => 1 / Math.Tanh(x), x => Math.Atanh(1 / x)),
        ];
        foreach (var (name, of, inverse, hyperbolic, inverseHyperbolic) in families)
        {
            var upper = char.ToUpperInvariant(name[0]) + name[1..];
            yield return (upper, of);
            yield return (upper + "Degrees", x => of(x * Degree));
            yield return (upper + "h", hyperbolic);
            yield return ("A" + name, inverse);
            yield return ("A" + name + "Degrees", x => inverse(x) / Degree);
            yield return ("A" + name + "h", inverseHyperbolic);
        }

        yield return ("Cis", Math.Cos);
        yield return ("DegreesToRadians", x => x * Degree);
        yield return ("Sign", x => double.IsNaN(x) ? x : Math.Sign(x));
        yield return ("Sinc", x => x == 0 ? 1 : Math.Sin(x) / x);
    }

    private static double DoubleFactorial(double x)
    {
        if (x < -1 || x != Math.Floor(x))
        {
            return double.NaN;
        }

        var product = 1.0;
        for (var factor = x; factor > 1 && double.IsFinite(product); factor -= 2)
        {
            product *= factor;
        }

        return product;
    }

    private static double ToDigits(double x, double digits, Func<double, double> round)
    {
        var scale = Math.Pow(10, Math.Truncate(digits));
        var scaled = x * scale;
        return double.IsFinite(scaled) ? round(scaled) / scale : x;
    }

    // exp(x^2) erfc(x); beyond 25 both factors leave the range of doubles, and the asymptotic series is exact enough.
    private static double ScaledErfc(double x)
    {
        if (x < 25)
        {
            return Math.Exp(x * x) * SpecialFunctions.Erfc(x);
        }

        double sum = 1, term = 1;
        for (var k = 1; k < 20 && Math.Abs(term) > 1e-17; k++)
        {
            term *= -((2 * k) - 1) / (2 * x * x);
            sum += term;
        }

        return sum / (x * Math.Sqrt(Math.PI));
    }

    // Ein(x), the integral of (1 - exp(-t)) / t from 0: a power series near 0, else by E1.
    private static double Ein(double x)
    {
        if (double.IsPositiveInfinity(x))
        {
            return x;
        }

        if (x > 2)
        {
            return SpecialFunctions.ExponentialIntegral(x, 1) + Math.Log(x) + Constants.EulerMascheroni;
        }

        double sum = 0, term = 1;
        for (var k = 1; k < 500; k++)
        {
            term *= -x / k;
            var part = -term / k;
            sum += part;
            if (Math.Abs(part) <= Math.Abs(sum) * 1e-17)
            {
                break;
            }
        }

        return sum;
    }

    private static double PolyGamma(double x, double order)
    {
        if (order < 0 || order != Math.Floor(order) || (x <= 0 && x == Math.Floor(x)))
        {
            return double.NaN;
        }

        if (order == 0)
        {
            return SpecialFunctions.DiGamma(x);
        }

        if (x < 0)
        {
            return double.NaN;
        }

        // (-1)^(n+1) n! zeta(n + 1, x): ten terms, and the rest by Euler and Maclaurin.
        var s = order + 1;
        var zeta = 0.0;
        for (var k = 0; k < 10; k++)
        {
            zeta += Math.Pow(x + k, -s);
        }

        var a = x + 10;
        zeta += (Math.Pow(a, 1 - s) / (s - 1)) + (Math.Pow(a, -s) / 2) + (s * Math.Pow(a, -s - 1) / 12)
            - (s * (s + 1) * (s + 2) * Math.Pow(a, -s - 3) / 720)
            + (s * (s + 1) * (s + 2) * (s + 3) * (s + 4) * Math.Pow(a, -s - 5) / 30240);
        return (order % 2 == 0 ? -1 : 1) * SpecialFunctions.Gamma(order + 1) * zeta;
    }

    /// <summary>Complete elliptic integrals of the parameter m, by the arithmetic-geometric mean.</summary>
    private static class EllipticIntegrals
    {
        public static double K(double m) => m > 1 ? double.NaN : m == 1 ? double.PositiveInfinity : Math.PI / (2 * Mean(m, out _));

        public static double E(double m)
        {
            if (m > 1)
            {
                return double.NaN;
            }

            if (m == 1)
            {
                return 1;
            }

            var mean = Mean(m, out var sum);
            return Math.PI / (2 * mean) * (1 - sum);
        }

        private static double Mean(double m, out double sum)
        {
            double a = 1, b = Math.Sqrt(1 - m), power = 0.5;
            sum = power * m;
            for (var i = 0; i < 60 && Math.Abs(a - b) > 1e-16 * a; i++)
            {
                var c = (a - b) / 2;
                (a, b) = ((a + b) / 2, Math.Sqrt(a * b));
                power *= 2;
                sum += power * c * c;
            }

            return a;
        }
    }
}
