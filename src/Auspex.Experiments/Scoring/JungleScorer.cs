using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>Walks each row through every decision graph and averages the leaves' class distributions.</summary>
/// <param name="layout">The model's columns.</param>
/// <param name="features">The same, bound.</param>
/// <param name="nodes">The graphs.</param>
/// <param name="classes">Classes of a distribution.</param>
/// <param name="outputs">The last so many of them are given.</param>
/// <param name="allowsUnknownLevels">Whether a row with an unknown level has a score.</param>
internal sealed class JungleScorer(
    FeatureLayout layout, BoundFeature[] features, JungleNodes nodes, int classes, int outputs, bool allowsUnknownLevels) : IScorer
{
    private const int Block = 128;

    private readonly int[] _used = [.. nodes.Features.Where(feature => feature >= 0).Distinct().Order()];

    public int Outputs => outputs;

    public void Score(TableBatch batch, double[][] scores)
    {
        var numbers = new float[_used.Length * Block];
        var codes = new int[_used.Length * Block];
        var places = new int[layout.Columns.Length];
        for (var i = 0; i < _used.Length; i++)
        {
            places[_used[i]] = i;
        }

        var graphs = nodes.Starts.Length - 1;
        var sums = new double[classes];
        for (var start = 0; start < batch.RowCount; start += Block)
        {
            var rows = Math.Min(Block, batch.RowCount - start);
            for (var i = 0; i < _used.Length; i++)
            {
                if (layout.IsLevels(_used[i]))
                {
                    features[_used[i]].ReadCodes(batch, start, codes.AsSpan(i * Block, rows));
                }
                else
                {
                    features[_used[i]].ReadSingles(batch, start, numbers.AsSpan(i * Block, rows));
                }
            }

            for (var row = 0; row < rows; row++)
            {
                Array.Clear(sums);
                for (var graph = 0; graph < graphs; graph++)
                {
                    var leaf = nodes.Walk(graph, numbers, codes, places, Block, row);
                    for (var i = 0; i < classes; i++)
                    {
                        sums[i] += nodes.Distributions[(leaf * classes) + i];
                    }
                }

                for (var output = 0; output < outputs; output++)
                {
                    scores[output][start + row] = sums[classes - outputs + output] / graphs;
                }
            }
        }

        if (!allowsUnknownLevels)
        {
            UnknownLevels.Drop(features, batch, scores);
        }
    }
}
