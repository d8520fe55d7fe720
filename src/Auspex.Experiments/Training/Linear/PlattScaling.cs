namespace Auspex.Experiments.Training.Linear;

/// <summary>
/// Fits probabilities to the scores of two classes: 1 / (1 + exp(-(slope * score + offset))), by Newton's method with
/// backtracking on targets that are held off 0 and 1 (Platt 1999; Lin, Lin and Weng 2007).
/// </summary>
internal static class PlattScaling
{
    private const int MostIterations = 100;
    private const double LeastStep = 1e-10;
    private const double Ridge = 1e-12;

    /// <param name="scores">One per row.</param>
    /// <param name="targets">0 or 1 per row.</param>
    public static (double Slope, double Offset) Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> targets)
    {
        var positives = 0.0;
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < scores.Length; i++)
        {
            positives += targets[i];
            least = Math.Min(least, scores[i]);
            greatest = Math.Max(greatest, scores[i]);
        }

        // Scores of any size fit the ridge and the step once they are brought to about 1.
        var scale = Math.Max(Math.Abs(least), Math.Abs(greatest));
        scale = scale > 0 && double.IsFinite(scale) ? scale : 1;
        var negatives = scores.Length - positives;
        var (high, low) = ((positives + 1) / (positives + 2), 1 / (negatives + 2));
        var (slope, offset) = (0.0, Math.Log((positives + 1) / (negatives + 1)));
        var loss = Loss(scores, targets, scale, slope, offset, high, low);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            double h11 = Ridge, h22 = Ridge, h21 = 0, g1 = 0, g2 = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                var score = scores[i] / scale;
                var probability = 1 / (1 + Math.Exp(-((slope * score) + offset)));
                var weight = probability * (1 - probability);
                h11 += score * score * weight;
                h22 += weight;
                h21 += score * weight;
                var error = probability - (targets[i] > 0.5 ? high : low);
                g1 += score * error;
                g2 += error;
            }

            if (Math.Abs(g1) < 1e-9 * scores.Length && Math.Abs(g2) < 1e-9 * scores.Length)
            {
                break;
            }

            var determinant = (h11 * h22) - (h21 * h21);
            var stepSlope = -((h22 * g1) - (h21 * g2)) / determinant;
            var stepOffset = -((h11 * g2) - (h21 * g1)) / determinant;
            var along = (g1 * stepSlope) + (g2 * stepOffset);
            var step = 1.0;
            for (; step >= LeastStep; step /= 2)
            {
                var next = Loss(scores, targets, scale, slope + (step * stepSlope), offset + (step * stepOffset), high, low);
                if (next < loss + (1e-4 * step * along))
                {
                    (slope, offset, loss) = (slope + (step * stepSlope), offset + (step * stepOffset), next);
                    break;
                }
            }

            if (step < LeastStep)
            {
                break;
            }
        }

        return (slope / scale, offset);
    }

    private static double Loss(
        ReadOnlySpan<double> scores, ReadOnlySpan<double> targets, double scale, double slope, double offset, double high, double low)
    {
        var loss = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var z = (slope * scores[i] / scale) + offset;
            var target = targets[i] > 0.5 ? high : low;

            // -t ln p - (1 - t) ln (1 - p), without overflow on either side.
            loss += z >= 0 ? ((1 - target) * z) + Math.Log(1 + Math.Exp(-z)) : Math.Log(1 + Math.Exp(z)) - (target * z);
        }

        return loss;
    }
}
