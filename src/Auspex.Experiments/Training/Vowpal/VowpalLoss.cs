namespace Auspex.Experiments.Training.Vowpal;

/// <summary>
/// Losses, and how far a step goes: with importance invariance (Karampatziakis and Langford 2011) as if the example came many times with
/// steps that are tiny; else along the gradient.
/// </summary>
internal static class VowpalLoss
{
    // Below it the closed forms of many tiny steps lose their digits, and are one step.
    private const double Tiny = 1e-6;

    /// <summary>The slope of the loss at a prediction.</summary>
    public static double Slope(VowpalOptions options, double prediction, double label) => options.Loss switch
    {
        VowpalLossKind.Squared => 2 * (prediction - label),
        VowpalLossKind.Logistic => -label / (1 + Math.Exp(label * prediction)),
        VowpalLossKind.Hinge => label * prediction >= 1 ? 0 : -label,
        _ => label == prediction ? 0 : label > prediction ? -options.Tau : 1 - options.Tau,
    };

    /// <summary>How far the sum is to move for each unit of <paramref name="perUpdate"/>.</summary>
    /// <param name="options">The loss and the rule.</param>
    /// <param name="prediction">The present prediction.</param>
    /// <param name="label">The label.</param>
    /// <param name="scale">The rate times the example's weight.</param>
    /// <param name="perUpdate">How much the prediction moves for an update of one.</param>
    public static double Update(VowpalOptions options, double prediction, double label, double scale, double perUpdate)
    {
        var step = scale * perUpdate;
        if (!options.IsInvariant)
        {
            return -scale * Slope(options, prediction, label);
        }

        switch (options.Loss)
        {
            case VowpalLossKind.Squared:
                return step < Tiny
                    ? 2 * (label - prediction) * scale
                    : (label - prediction) * (1 - Math.Exp(-2 * step)) / perUpdate;
            case VowpalLossKind.Logistic:
                var power = Math.Exp(label * prediction);
                return step < Tiny
                    ? label * scale / (1 + power)
                    : -((label * LambertLess(step + (label * prediction) + power)) + prediction) / perUpdate;
            case VowpalLossKind.Hinge:
                var missing = 1 - (label * prediction);
                return missing <= 0 ? 0 : label * (step < missing ? scale : missing / perUpdate);
            default:
                var error = label - prediction;
                var rate = error == 0 ? 0 : error > 0 ? options.Tau * scale : (options.Tau - 1) * scale;
                return Math.Abs(rate * perUpdate) < Math.Abs(error) ? rate : error / perUpdate;
        }
    }

    // Lambert's W of e^x, less x, in one step of Fritsch, Shafer and Crowley 1973.
    private static double LambertLess(double x)
    {
        var guess = x >= 1 ? (0.86 * x) + 0.01 : Math.Exp((0.8 * x) - 0.65);
        var rest = x >= 1 ? x - Math.Log(guess) - guess : (0.2 * x) + 0.65 - guess;
        var next = 1 + guess;
        var twice = 2 * next * (next + (2 * rest / 3));
        return (guess * (1 + (rest / next * (twice - rest) / (twice - (2 * rest))))) - x;
    }
}
