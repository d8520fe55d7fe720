using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>A column of levels that has the same level in every row and is in no table.</summary>
internal sealed class ConstantLevel(int level) : BoundFeature(-1)
{
    public override void ReadNumbers(TableBatch batch, int start, Span<double> values) =>
        throw new InvalidOperationException("Levels are no numbers.");

    public override void ReadSingles(TableBatch batch, int start, Span<float> values) =>
        throw new InvalidOperationException("Levels are no numbers.");

    public override void ReadCodes(TableBatch batch, int start, Span<int> codes) => codes.Fill(level);
}

/// <summary>A probability per class, each by a scorer of its own, brought to a sum of 1.</summary>
internal sealed class OneVsAllScorer(IScorer[] parts) : IScorer
{
    public int Outputs => parts.Length;

    public void Score(TableBatch batch, double[][] scores)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i].Score(batch, [scores[i]]);
        }

        for (var row = 0; row < batch.RowCount; row++)
        {
            var sum = 0.0;
            foreach (var score in scores)
            {
                sum += score[row];
            }

            foreach (var score in scores)
            {
                // No class claims the row: each is as likely.
                score[row] = sum == 0 ? 1.0 / parts.Length : score[row] / sum;
            }
        }
    }
}

/// <summary>Probabilities of ranks from those of exceeding each rank but the highest.</summary>
internal sealed class OrdinalScorer(IScorer[] exceeds) : IScorer
{
    public int Outputs => exceeds.Length + 1;

    public void Score(TableBatch batch, double[][] scores)
    {
        for (var i = 0; i < exceeds.Length; i++)
        {
            exceeds[i].Score(batch, [scores[i]]);
        }

        for (var row = 0; row < batch.RowCount; row++)
        {
            // Who exceeds a rank exceeds those below: a model that contradicts itself is taken at its lowest word.
            var above = 1.0;
            for (var i = 0; i < exceeds.Length; i++)
            {
                var next = Math.Min(above, scores[i][row]);
                scores[i][row] = above - next;
                above = next;
            }

            scores[exceeds.Length][row] = above;
        }
    }
}
