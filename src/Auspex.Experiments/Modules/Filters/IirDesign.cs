using System.Numerics;

namespace Auspex.Experiments.Modules.Filters;

/// <summary>
/// Analog prototypes brought to samples by the bilinear transform, as a cascade of sections of at most two poles. Frequencies are
/// parts of half the sampling rate.
/// </summary>
internal static class IirDesign
{
    public static CascadeFilter Design(int order, string kind, string type, double low, double high, double ripple)
    {
        var (zeros, poles, gain) = Prototype(order, kind, ripple);
        var (lowWarped, highWarped) = (Warp(low), Warp(high));
        (zeros, poles, gain) = type switch
        {
            "LowPass" => LowPass(zeros, poles, gain, lowWarped),
            "HighPass" => HighPass(zeros, poles, gain, highWarped),
            "BandPass" => BandPass(zeros, poles, gain, lowWarped, highWarped),
            _ => BandStop(zeros, poles, gain, lowWarped, highWarped),
        };
        (zeros, poles, gain) = Bilinear(zeros, poles, gain);
        return Sections(zeros, poles, gain);
    }

    private static double Warp(double frequency) => 4 * Math.Tan(Math.PI * frequency / 2);

    private static (Complex[] Zeros, Complex[] Poles, double Gain) Prototype(int order, string kind, double ripple)
    {
        var angles = Enumerable.Range(0, order).Select(k => Math.PI * ((2 * k) + 1) / (2.0 * order)).ToArray();
        if (kind == "Butterworth")
        {
            return ([], [.. angles.Select(angle => new Complex(-Math.Sin(angle), Math.Cos(angle)))], 1);
        }

        if (kind == "Chebyshev type 1")
        {
            var epsilon = Math.Sqrt(Math.Pow(10, ripple / 10) - 1);
            var mu = Math.Asinh(1 / epsilon) / order;
            Complex[] poles = [.. angles.Select(angle => new Complex(-Math.Sinh(mu) * Math.Sin(angle), Math.Cosh(mu) * Math.Cos(angle)))];
            var gain = poles.Aggregate(Complex.One, (product, pole) => product * -pole).Real;
            return ([], poles, order % 2 == 0 ? gain / Math.Sqrt(1 + (epsilon * epsilon)) : gain);
        }

        // The ripple of the second type is how far the stop band lies below.
        var delta = 1 / Math.Sqrt(Math.Pow(10, ripple / 10) - 1);
        var width = Math.Asinh(1 / delta) / order;
        Complex[] inverse = [.. angles.Select(angle => Complex.One / new Complex(-Math.Sinh(width) * Math.Sin(angle), Math.Cosh(width) * Math.Cos(angle)))];
        Complex[] zeros = [.. angles.Where(angle => Math.Abs(Math.Cos(angle)) > 1e-12).Select(angle => new Complex(0, 1 / Math.Cos(angle)))];
        return (zeros, inverse, (Product(inverse) / Product(zeros)).Real);
    }

    private static Complex Product(Complex[] roots) => roots.Aggregate(Complex.One, (product, root) => product * -root);

    private static (Complex[] Zeros, Complex[] Poles, double Gain) LowPass(Complex[] zeros, Complex[] poles, double gain, double cutoff) =>
        ([.. zeros.Select(zero => zero * cutoff)], [.. poles.Select(pole => pole * cutoff)], gain * Math.Pow(cutoff, poles.Length - zeros.Length));

    private static (Complex[] Zeros, Complex[] Poles, double Gain) HighPass(Complex[] zeros, Complex[] poles, double gain, double cutoff) =>
        (
            [.. zeros.Select(zero => cutoff / zero), .. Enumerable.Repeat(Complex.Zero, poles.Length - zeros.Length)],
            [.. poles.Select(pole => cutoff / pole)],
            gain * (Product(zeros) / Product(poles)).Real);

    private static (Complex[] Zeros, Complex[] Poles, double Gain) BandPass(Complex[] zeros, Complex[] poles, double gain, double low, double high)
    {
        var (width, center) = (high - low, low * high);
        return (
            [.. zeros.SelectMany(zero => Split(zero * width / 2, center)), .. Enumerable.Repeat(Complex.Zero, poles.Length - zeros.Length)],
            [.. poles.SelectMany(pole => Split(pole * width / 2, center))],
            gain * Math.Pow(width, poles.Length - zeros.Length));
    }

    private static (Complex[] Zeros, Complex[] Poles, double Gain) BandStop(Complex[] zeros, Complex[] poles, double gain, double low, double high)
    {
        var (width, center) = (high - low, low * high);
        var middle = new Complex(0, Math.Sqrt(center));
        return (
            [
                .. zeros.SelectMany(zero => Split(width / 2 / zero, center)),
                .. Enumerable.Range(0, poles.Length - zeros.Length).SelectMany(_ => new[] { middle, -middle }),
            ],
            [.. poles.SelectMany(pole => Split(width / 2 / pole, center))],
            gain * (Product(zeros) / Product(poles)).Real);
    }

    private static Complex[] Split(Complex half, double center)
    {
        var root = Complex.Sqrt((half * half) - center);
        return [half + root, half - root];
    }

    private static (Complex[] Zeros, Complex[] Poles, double Gain) Bilinear(Complex[] zeros, Complex[] poles, double gain)
    {
        const double Rate = 4;
        return (
            [.. zeros.Select(zero => (Rate + zero) / (Rate - zero)), .. Enumerable.Repeat(-Complex.One, poles.Length - zeros.Length)],
            [.. poles.Select(pole => (Rate + pole) / (Rate - pole))],
            gain * (zeros.Aggregate(Complex.One, (product, zero) => product * (Rate - zero))
                / poles.Aggregate(Complex.One, (product, pole) => product * (Rate - pole))).Real);
    }

    private static CascadeFilter Sections(Complex[] zeros, Complex[] poles, double gain)
    {
        var (upper, lower) = (Pairs(zeros), Pairs(poles));
        var sections = new List<LinearFilter>();
        for (var i = 0; i < lower.Count; i++)
        {
            var forward = i < upper.Count ? upper[i] : [1];
            sections.Add(new LinearFilter(i == 0 ? [.. forward.Select(weight => weight * gain)] : forward, lower[i]));
        }

        return new CascadeFilter(sections);
    }

    /// <summary>Polynomials of one or two roots: conjugates together, real ones by twos.</summary>
    private static List<double[]> Pairs(Complex[] roots)
    {
        const double Tiny = 1e-10;
        var pairs = roots.Where(root => root.Imaginary > Tiny)
            .OrderByDescending(root => root.Magnitude)
            .Select(root => new[] { 1, -2 * root.Real, (root.Real * root.Real) + (root.Imaginary * root.Imaginary) })
            .ToList();
        double[] real = [.. roots.Where(root => Math.Abs(root.Imaginary) <= Tiny).Select(root => root.Real).Order()];
        for (var i = 0; i < real.Length; i += 2)
        {
            pairs.Add(i + 1 < real.Length ? [1, -(real[i] + real[i + 1]), real[i] * real[i + 1]] : [1, -real[i]]);
        }

        return pairs;
    }
}
