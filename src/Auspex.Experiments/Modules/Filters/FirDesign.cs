namespace Auspex.Experiments.Modules.Filters;

/// <summary>Windowed ideal filters; frequencies are parts of half the sampling rate.</summary>
internal static class FirDesign
{
    public static double[] Design(int order, string window, string type, double low, double high, bool scales)
    {
        // The gain of an odd order vanishes at half the sampling rate, which these two must pass.
        var taps = order + (type is "HighPass" or "BandStop" && order % 2 == 1 ? 2 : 1);
        var middle = (taps - 1) / 2.0;
        var weights = new double[taps];
        for (var i = 0; i < taps; i++)
        {
            var at = i - middle;
            weights[i] = Ideal(type, low, high, at) * Window(window, i, taps);
        }

        if (scales)
        {
            // Unit gain in the middle of what passes.
            var frequency = type switch { "LowPass" or "BandStop" => 0, "HighPass" => 1, _ => (low + high) / 2 };
            var gain = 0.0;
            for (var i = 0; i < taps; i++)
            {
                gain += weights[i] * Math.Cos(Math.PI * frequency * (i - middle));
            }

            for (var i = 0; i < taps; i++)
            {
                weights[i] /= gain;
            }
        }

        return weights;
    }

    private static double Ideal(string type, double low, double high, double at) => type switch
    {
        "LowPass" => Sinc(low, at),
        "HighPass" => Sinc(1, at) - Sinc(high, at),
        "BandPass" => Sinc(high, at) - Sinc(low, at),
        _ => Sinc(1, at) - Sinc(high, at) + Sinc(low, at),
    };

    private static double Sinc(double cutoff, double at) => at == 0 ? cutoff : Math.Sin(Math.PI * cutoff * at) / (Math.PI * at);

    private static double Window(string name, int i, int taps)
    {
        var part = taps == 1 ? 0.5 : (double)i / (taps - 1);
        return name[0] switch
        {
            'B' when name.StartsWith("Bartlett", StringComparison.Ordinal) => 1 - Math.Abs((2 * part) - 1),
            'B' => 0.42 - (0.5 * Math.Cos(2 * Math.PI * part)) + (0.08 * Math.Cos(4 * Math.PI * part)),
            'H' when name == "Hamming" => 0.54 - (0.46 * Math.Cos(2 * Math.PI * part)),
            'H' => 0.5 - (0.5 * Math.Cos(2 * Math.PI * part)),
            _ => 1,
        };
    }
}
