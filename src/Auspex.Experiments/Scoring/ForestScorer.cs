using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Scoring;

/// <summary>Finds each row's leaf in every tree by the tree kernels, and combines what the leaves hold.</summary>
/// <param name="kernels">One per tree, all given the same columns; a tree's sum is the number of the leaf.</param>
/// <param name="features">The model's columns.</param>
/// <param name="combiner">From leaves to scores.</param>
/// <param name="starts">Per leaf where its values begin.</param>
/// <param name="values">The leaves' values.</param>
/// <param name="allowsUnknownLevels">Whether a row with an unknown level has a score.</param>
internal sealed class ForestScorer(
    TreeKernel<float>[] kernels,
    BoundFeature[] features,
    LeafCombiner combiner,
    ImmutableArray<int> starts,
    ImmutableArray<double> values,
    bool allowsUnknownLevels) : IScorer
{
    private const int Block = TreeKernel.BlockRows;

    private readonly int[] _numbers = kernels[0].NumberColumns;
    private readonly int[] _levels = kernels[0].LevelColumns;
    private readonly int _stateLength = Math.Max(1, kernels.Max(kernel => kernel.StateLength));

    public int Outputs => combiner.Outputs;

    public void Score(TableBatch batch, double[][] scores)
    {
        var numbers = new float[_numbers.Length * Block];
        var codes = new int[_levels.Length * Block];
        var state = new byte[_stateLength];
        var sums = new double[Block];
        var leaves = new int[Block * kernels.Length];
        var row = new double[Outputs];
        for (var start = 0; start < batch.RowCount; start += Block)
        {
            var rows = Math.Min(Block, batch.RowCount - start);
            for (var i = 0; i < _numbers.Length; i++)
            {
                features[_numbers[i]].ReadSingles(batch, start, numbers.AsSpan(i * Block, rows));
            }

            for (var i = 0; i < _levels.Length; i++)
            {
                features[_levels[i]].ReadCodes(batch, start, codes.AsSpan(i * Block, rows));
            }

            for (var tree = 0; tree < kernels.Length; tree++)
            {
                kernels[tree].Sum(numbers, codes, rows, state, sums);
                for (var i = 0; i < rows; i++)
                {
                    leaves[(i * kernels.Length) + tree] = (int)sums[i];
                }
            }

            for (var i = 0; i < rows; i++)
            {
                combiner.Combine(leaves.AsSpan(i * kernels.Length, kernels.Length), starts.AsSpan(), values.AsSpan(), row);
                for (var output = 0; output < row.Length; output++)
                {
                    scores[output][start + i] = row[output];
                }
            }
        }

        if (!allowsUnknownLevels)
        {
            UnknownLevels.Drop(features, batch, scores);
        }
    }
}
