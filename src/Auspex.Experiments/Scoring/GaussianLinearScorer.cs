using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>The weighted sum, and the root of noise * (1 + z' C z) for a row of scaled entries z.</summary>
internal sealed class GaussianLinearScorer(FeatureLayout layout, BoundFeature[] features, GaussianLinearModel model) : IScorer
{
    private readonly LinearScorer _mean = new(layout, features, [model.Weights], [model.Bias], ScoreLink.None);

    public int Outputs => 2;

    public void Score(TableBatch batch, double[][] scores)
    {
        _mean.Score(batch, [scores[0]]);
        var size = layout.SlotCount + 1;
        new SlotReader(layout, features, model.Scale).Read(
            batch,
            (row, slots, values) =>
            {
                var covariance = model.Covariance.AsSpan();

                // The bias is one more entry, of 1.
                var sum = covariance[^1];
                for (var i = 0; i < slots.Length; i++)
                {
                    var line = covariance.Slice(slots[i] * size, size);
                    var inner = 2 * line[^1];
                    for (var j = 0; j < slots.Length; j++)
                    {
                        inner += line[slots[j]] * values[j];
                    }

                    sum += values[i] * inner;
                }

                scores[1][row] = Math.Sqrt(model.Noise * (1 + Math.Max(0, sum)));
            },
            row => Rows.Clear(scores, row));
    }
}
