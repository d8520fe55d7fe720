using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Evaluation;

/// <summary>How tight and how far apart clusters are.</summary>
/// <param name="Own">Per cluster the mean distance of its rows to its centre.</param>
/// <param name="Other">Per cluster the mean distance of its rows to the nearest other centre.</param>
/// <param name="Counts">Per cluster its rows.</param>
/// <param name="Farthest">Per cluster the greatest distance of its rows to its centre.</param>
internal sealed record ClusterMetrics(double[] Own, double[] Other, long[] Counts, double[] Farthest)
{
    /// <summary>The sum over all rows of how much nearer the own centre is than the next one, -1 to 1: 0 where both are as near.</summary>
    public double Silhouette { get; private set; }

    /// <summary>Null where the table has no clusters.</summary>
    public static ClusterMetrics? Evaluate(TableBatch scored)
    {
        DoubleColumn[] distances =
        [
            .. Enumerable.Range(0, scored.Schema.Fields.Length)
                .Where(index => scored.Schema.Fields[index].Score is { Task: ScoreNames.ClusterTask } score && score.Kind != ScoreNames.Assignments)
                .Select(index => scored.Columns[index])
                .OfType<DoubleColumn>(),
        ];
        if (distances.Length == 0)
        {
            return null;
        }

        var clusters = distances.Length;
        var metrics = new ClusterMetrics(new double[clusters], new double[clusters], new long[clusters], new double[clusters]);
        for (var row = 0; row < scored.RowCount; row++)
        {
            if (distances[0].IsNull(row))
            {
                continue;
            }

            var (own, nearest, second) = (0, double.PositiveInfinity, double.PositiveInfinity);
            for (var i = 0; i < clusters; i++)
            {
                var distance = distances[i].Values[row];
                if (distance < nearest)
                {
                    (own, second, nearest) = (i, nearest, distance);
                }
                else
                {
                    second = Math.Min(second, distance);
                }
            }

            metrics.Counts[own]++;
            metrics.Own[own] += nearest;
            metrics.Other[own] += clusters > 1 ? second : double.NaN;
            metrics.Silhouette += clusters == 1 ? double.NaN : second > 0 ? (second - nearest) / second : 0;
            metrics.Farthest[own] = Math.Max(metrics.Farthest[own], nearest);
        }

        return metrics.Counts.Sum() > 0 ? metrics : throw ModelMetrics.NoRows(scored.RowCount);
    }

    /// <summary>Studio's table: a row for all, then one per cluster.</summary>
    public static TableBatch Table(ClusterMetrics[] models)
    {
        var schema = new TableSchema(
        [
            new() { Name = "Result Description", Type = ColumnType.String },
            new() { Name = "Average Distance to Cluster Center", Type = ColumnType.Double },
            new() { Name = "Average Distance to Other Center", Type = ColumnType.Double },
            new() { Name = "Number of Points", Type = ColumnType.Int64 },
            new() { Name = "Maximal Distance To Cluster Center", Type = ColumnType.Double },
        ]);
        var table = new TableBatchBuilder(schema, models.Sum(model => model.Counts.Length + 1));
        foreach (var model in models)
        {
            var rows = model.Counts.Sum();
            table.AppendRow(
                ["Combined Evaluation", model.Own.Sum() / rows, Known(model.Other.Sum() / rows), rows, model.Farthest.Max()]);
            for (var i = 0; i < model.Counts.Length; i++)
            {
                var count = (double)model.Counts[i];
                table.AppendRow(
                [
                    FormattableString.Invariant($"Evaluation For Cluster No.{i}"),
                    Known(model.Own[i] / count),
                    Known(model.Other[i] / count),
                    model.Counts[i],
                    model.Farthest[i],
                ]);
            }
        }

        return table.Build();

        // Of a cluster without rows there is no mean.
        static object? Known(double number) => double.IsFinite(number) ? number : null;
    }
}
