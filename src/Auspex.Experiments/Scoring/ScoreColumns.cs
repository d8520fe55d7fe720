using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Makes the score columns of a task, in the order of <see cref="ScoreNames.Fields"/>, from what a scorer computed.</summary>
internal static class ScoreColumns
{
    /// <param name="task">What was predicted.</param>
    /// <param name="labels">The classes as values; null where there are none.</param>
    /// <param name="scores">
    /// The scorer's outputs; NaN in the first where a row has no score. Anomaly: whether it is one (0 or 1), and how much.
    /// </param>
    public static IEnumerable<Column> Of(ModelTask task, LabelValues? labels, double[][] scores)
    {
        var rows = scores[0].Length;
        var validity = MissingScores(scores[0]);
        return task switch
        {
            ModelTask.Binary => [labels!.Column(Classes(scores[0], score => score > 0.5 ? 1 : 0), validity), .. Doubles(scores)],
            ModelTask.Multiclass => [.. Doubles(scores), labels!.Column(Greatest(scores), validity)],
            ModelTask.Ordinal => [labels!.Column(Middle(scores), validity), .. Doubles(scores)],
            ModelTask.Anomaly => [Whole(Classes(scores[0], score => (int)score)), .. Doubles(scores[1..])],
            ModelTask.Clustering => [Whole(Nearest(scores)), .. Doubles(scores)],
            _ => Doubles(scores),
        };

        IEnumerable<Column> Doubles(double[][] values) => values.Select(score => new DoubleColumn(score, rows, validity));

        Int64Column Whole(int[] values) =>
            new([.. values.Select(value => (long)Math.Max(0, value))], rows, validity);
    }

    /// <summary>Per row the output of the least score; -1 where it has none.</summary>
    public static int[] Nearest(double[][] scores) => Best(scores, (score, best) => score < best);

    private static int[] Greatest(double[][] scores) => Best(scores, (score, best) => score > best);

    private static int[] Best(double[][] scores, Func<double, double, bool> isBetter)
    {
        var best = new int[scores[0].Length];
        for (var row = 0; row < best.Length; row++)
        {
            best[row] = double.IsNaN(scores[0][row]) ? -1 : 0;
            for (var i = 1; best[row] >= 0 && i < scores.Length; i++)
            {
                if (isBetter(scores[i][row], scores[best[row]][row]))
                {
                    best[row] = i;
                }
            }
        }

        return best;
    }

    // The first rank that at least half of the probability does not exceed.
    private static int[] Middle(double[][] scores)
    {
        var ranks = new int[scores[0].Length];
        for (var row = 0; row < ranks.Length; row++)
        {
            ranks[row] = double.IsNaN(scores[0][row]) ? -1 : 0;
            var below = scores[0][row];
            while (ranks[row] >= 0 && below < 0.5 && ranks[row] < scores.Length - 1)
            {
                below += scores[++ranks[row]][row];
            }
        }

        return ranks;
    }

    private static int[] Classes(double[] scores, Func<double, int> classOf) =>
        Array.ConvertAll(scores, score => double.IsNaN(score) ? -1 : classOf(score));

    private static ulong[]? MissingScores(double[] scores)
    {
        ulong[]? validity = null;
        for (var row = 0; row < scores.Length; row++)
        {
            if (double.IsNaN(scores[row]))
            {
                validity ??= Column.AllValid(scores.Length);
                validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        return validity;
    }
}
