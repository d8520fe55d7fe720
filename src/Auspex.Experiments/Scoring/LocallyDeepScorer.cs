using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Walks rows through a tree of weighted sums and makes probabilities of what its nodes add up to.</summary>
internal sealed class LocallyDeepScorer(FeatureLayout layout, BoundFeature[] features, LocallyDeepModel model) : IScorer
{
    public int Outputs => 1;

    public void Score(TableBatch batch, double[][] scores) => new SlotReader(layout, features, model.Scale).Read(
        batch,
        (row, slots, values) => scores[0][row] = model.Link.Probability(Margin(slots, values)),
        row => Rows.Clear(scores, row));

    private double Margin(ReadOnlySpan<int> slots, ReadOnlySpan<double> values)
    {
        var size = layout.SlotCount + 1;
        var margin = 0.0;
        var node = 0;
        for (var depth = 0; ; depth++)
        {
            margin += Math.Tanh(model.Sharpness * Sum(model.Gates.AsSpan(), node, size, slots, values))
                * Sum(model.Votes.AsSpan(), node, size, slots, values);
            if (depth == model.Depth)
            {
                return margin;
            }

            node = (2 * node) + (Sum(model.Routes.AsSpan(), node, size, slots, values) > 0 ? 1 : 2);
        }
    }

    /// <summary>The weighted sum of a node, bias last.</summary>
    public static double Sum(ReadOnlySpan<double> weights, int node, int size, ReadOnlySpan<int> slots, ReadOnlySpan<double> values)
    {
        var own = weights.Slice(node * size, size);
        var sum = own[^1];
        for (var i = 0; i < slots.Length; i++)
        {
            sum += own[slots[i]] * values[i];
        }

        return sum;
    }
}
