using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Makes the score columns of a task, in the order of <see cref="ScoreNames.Fields"/>, from what a scorer computed.</summary>
internal static class ScoreColumns
{
    /// <summary>Adds the columns.</summary>
    /// <param name="columns">Where to.</param>
    /// <param name="task">What was predicted.</param>
    /// <param name="labels">The classes as values; null where there are none.</param>
    /// <param name="scores">
    /// The scorer's outputs; NaN in the first where a row has no score. Anomaly: whether it is one (0 or 1), and how much.
    /// </param>
    public static void AddTo(ImmutableArray<Column>.Builder columns, ModelTask task, LabelValues? labels, double[][] scores)
    {
        var validity = MissingScores(scores[0]);
        switch (task)
        {
            case ModelTask.Binary:
                columns.Add(labels!.Column(Above(scores[0]), validity));
                break;
            case ModelTask.Ordinal:
                columns.Add(labels!.Column(Middle(scores), validity));
                break;
            case ModelTask.Anomaly:
                columns.Add(Whole(Above(scores[0]), validity));
                break;
            case ModelTask.Clustering:
                columns.Add(Whole(Nearest(scores), validity));
                break;
        }

        for (var i = task == ModelTask.Anomaly ? 1 : 0; i < scores.Length; i++)
        {
            columns.Add(new DoubleColumn(scores[i], scores[i].Length, validity));
        }

        if (task == ModelTask.Multiclass)
        {
            columns.Add(labels!.Column(Greatest(scores), validity));
        }
    }

    /// <summary>What is predicted for one row by its scores: the index of a class or cluster; -1 for numbers and rows without a score.</summary>
    public static int ClassOf(ModelTask task, ReadOnlySpan<double> scores)
    {
        if (double.IsNaN(scores[0]))
        {
            return -1;
        }

        switch (task)
        {
            case ModelTask.Binary or ModelTask.Anomaly:
                return scores[0] > 0.5 ? 1 : 0;
            case ModelTask.Multiclass or ModelTask.Clustering:
                var best = 0;
                for (var i = 1; i < scores.Length; i++)
                {
                    best = (task == ModelTask.Multiclass ? scores[i] > scores[best] : scores[i] < scores[best]) ? i : best;
                }

                return best;
            case ModelTask.Ordinal:
                var rank = 0;
                for (var below = scores[0]; below < 0.5 && rank < scores.Length - 1; below += scores[rank])
                {
                    rank++;
                }

                return rank;
            default:
                return -1;
        }
    }

    /// <summary>Per row the output of the least score; -1 where it has none.</summary>
    public static int[] Nearest(double[][] scores)
    {
        var best = First(scores[0]);
        for (var i = 1; i < scores.Length; i++)
        {
            for (var row = 0; row < best.Length; row++)
            {
                best[row] = best[row] >= 0 && scores[i][row] < scores[best[row]][row] ? i : best[row];
            }
        }

        return best;
    }

    private static int[] Greatest(double[][] scores)
    {
        var best = First(scores[0]);
        for (var i = 1; i < scores.Length; i++)
        {
            for (var row = 0; row < best.Length; row++)
            {
                best[row] = best[row] >= 0 && scores[i][row] > scores[best[row]][row] ? i : best[row];
            }
        }

        return best;
    }

    // The first rank that at least half of the probability does not exceed.
    private static int[] Middle(double[][] scores)
    {
        var ranks = First(scores[0]);
        for (var row = 0; row < ranks.Length; row++)
        {
            var below = scores[0][row];
            while (ranks[row] >= 0 && below < 0.5 && ranks[row] < scores.Length - 1)
            {
                below += scores[++ranks[row]][row];
            }
        }

        return ranks;
    }

    private static int[] First(double[] scores)
    {
        var first = new int[scores.Length];
        for (var row = 0; row < first.Length; row++)
        {
            first[row] = double.IsNaN(scores[row]) ? -1 : 0;
        }

        return first;
    }

    private static int[] Above(double[] scores)
    {
        var above = new int[scores.Length];
        for (var row = 0; row < above.Length; row++)
        {
            above[row] = double.IsNaN(scores[row]) ? -1 : scores[row] > 0.5 ? 1 : 0;
        }

        return above;
    }

    private static Int64Column Whole(int[] values, ulong[]? validity)
    {
        var whole = new long[values.Length];
        for (var row = 0; row < whole.Length; row++)
        {
            whole[row] = Math.Max(0, values[row]);
        }

        return new Int64Column(whole, whole.Length, validity);
    }

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
