using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Evaluation;

/// <summary>Metrics of predicted quantiles: how much each misses, in its own lopsided measure.</summary>
public sealed record QuantileMetrics : ModelMetrics
{
    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Quantile;

    /// <summary>Per quantile its name and its mean loss.</summary>
    public required ImmutableArray<Metric> Losses { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<Metric> Values => Losses;

    /// <summary>Null where the table has no predicted quantiles.</summary>
    internal static QuantileMetrics? Evaluate(TableBatch scored, int label)
    {
        int[] columns =
        [
            .. Enumerable.Range(0, scored.Schema.Fields.Length)
                .Where(index => scored.Schema.Fields[index].Score?.Task == ScoreNames.QuantileTask),
        ];
        if (columns.Length == 0)
        {
            return null;
        }

        var field = scored.Schema.Fields[label];
        if (!field.IsNumeric || field.IsCategorical)
        {
            throw new ModuleException(58, $"Label column '{field.Name}' is no number column, and the scores are predicted numbers.");
        }

        var losses = new double[columns.Length];
        var rows = 0;
        for (var row = 0; row < scored.RowCount; row++)
        {
            var truth = RegressionMetrics.Number(scored.Columns[label], row);
            if (double.IsNaN(truth) || double.IsNaN(RegressionMetrics.Number(scored.Columns[columns[0]], row)))
            {
                continue;
            }

            rows++;
            for (var i = 0; i < columns.Length; i++)
            {
                var error = truth - RegressionMetrics.Number(scored.Columns[columns[i]], row);
                var quantile = Quantile(scored.Schema.Fields[columns[i]].Score!.Kind);
                losses[i] += error >= 0 ? quantile * error : (quantile - 1) * error;
            }
        }

        return rows == 0 ? throw NoRows(scored.RowCount) : new QuantileMetrics
        {
            Rows = rows,
            Losses = [.. columns.Select((column, i) => new Metric($"Average Quantile Loss: {Text(scored.Schema.Fields[column])}", losses[i] / rows))],
        };

        static string Text(TableField field) => field.Score!.Kind["Quantile: ".Length..];

        static double Quantile(string kind) => double.Parse(kind.AsSpan("Quantile: ".Length), CultureInfo.InvariantCulture);
    }
}
