using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Runs rows through a network, one after the other, each sum in the order of its inputs.</summary>
internal sealed class NetworkScorer(
    FeatureLayout layout, BoundFeature[] features, SlotScale scale, ImmutableArray<NetworkLayer> layers) : IScorer
{
    public int Outputs => layers[^1].Nodes;

    public void Score(TableBatch batch, double[][] scores)
    {
        var sums = layers.Select(layer => new double[layer.Nodes]).ToArray();
        new SlotReader(layout, features, scale).Read(
            batch,
            (row, slots, values) =>
            {
                for (var i = 0; i < sums.Length; i++)
                {
                    var layer = layers[i];
                    layer.Biases.CopyTo(sums[i]);
                    if (i == 0)
                    {
                        for (var entry = 0; entry < slots.Length; entry++)
                        {
                            NetworkLayer.Add(layer.Weights.AsSpan(slots[entry] * layer.Nodes, layer.Nodes), values[entry], sums[0]);
                        }
                    }
                    else
                    {
                        for (var input = 0; input < layer.Inputs; input++)
                        {
                            NetworkLayer.Add(layer.Weights.AsSpan(input * layer.Nodes, layer.Nodes), sums[i - 1][input], sums[i]);
                        }
                    }

                    NetworkLayer.Apply(layer.Function, sums[i]);
                }

                for (var output = 0; output < scores.Length; output++)
                {
                    scores[output][row] = sums[^1][output];
                }
            },
            row => Rows.Clear(scores, row));
    }
}
