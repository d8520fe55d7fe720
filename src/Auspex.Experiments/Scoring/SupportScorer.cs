using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>The offset less the weighted likeness to the support rows: above 0 a row is an anomaly.</summary>
internal sealed class SupportScorer(FeatureLayout layout, BoundFeature[] features, SupportModel model) : IScorer
{
    public int Outputs => 2;

    public void Score(TableBatch batch, double[][] scores)
    {
        var columns = features.Length;
        var own = new double[columns];
        new SlotReader(layout, features, model.Scale).Read(
            batch,
            (row, slots, values) =>
            {
                for (var column = 0; column < columns; column++)
                {
                    own[column] = layout.IsLevels(column) ? slots[column] - layout.Start(column) : values[column];
                }

                var rows = model.SupportRows.AsSpan();
                var likeness = 0.0;
                for (var i = 0; i < model.Weights.Length; i++)
                {
                    likeness += model.Weights[i] * Math.Exp(-model.Gamma * Distance(layout, own, rows.Slice(i * columns, columns)));
                }

                var score = model.Offset - likeness;
                scores[0][row] = score > 0 ? 1 : 0;
                scores[1][row] = score;
            },
            row => Rows.Clear(scores, row));
    }

    /// <summary>The squared distance between rows with a value per column; two different levels are two slots apart.</summary>
    public static double Distance(FeatureLayout layout, ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var column = 0; column < left.Length; column++)
        {
            var difference = left[column] - right[column];
            sum += layout.IsLevels(column) ? (difference == 0 ? 0 : 2) : difference * difference;
        }

        return sum;
    }
}
