using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Evaluation;

/// <summary>A metric by Studio's name.</summary>
/// <param name="Name">Such as <c>AUC</c>.</param>
/// <param name="Value">NaN where the rows do not define it.</param>
public sealed record Metric(string Name, double Value);

/// <summary>How good a model's scores are on rows whose labels are known.</summary>
public abstract record ModelMetrics
{
    /// <summary>The task of the model that gave the scores.</summary>
    public abstract ModelTask Task { get; }

    /// <summary>Rows with a label and a score: those that count.</summary>
    public required int Rows { get; init; }

    /// <summary>The metrics in Studio's order.</summary>
    public abstract ImmutableArray<Metric> Values { get; }

    /// <summary>Computes the metrics of a scored table by the label and score columns that its schema marks.</summary>
    /// <exception cref="ModuleException">
    /// No label column (24), several (37), no score column (25), no row with both (21), a label of another kind than the scores (58).
    /// </exception>
    public static ModelMetrics Evaluate(TableBatch scored)
    {
        var labels = Enumerable.Range(0, scored.Schema.Fields.Length)
            .Where(index => scored.Schema.Fields[index].Role == ColumnRole.Label)
            .ToArray();
        if (labels.Length != 1)
        {
            throw labels.Length == 0
                ? new ModuleException(
                    24, "The scored table has no label column; mark one as label with Edit Metadata, or score a table that has "
                    + "the column that the model was trained to predict.")
                : new ModuleException(37, $"The scored table has {labels.Length} label columns: {ColumnNames.Listed(labels.Select(index => scored.Schema.Fields[index].Name))}; "
                    + "expected one. Clear the others with Edit Metadata.");
        }

        if (QuantileMetrics.Evaluate(scored, labels[0]) is { } quantiles)
        {
            return quantiles;
        }

        var scoredLabels = Find(scored, ScoreNames.ScoredLabels);
        var task = scored.Schema.Fields[scoredLabels].Score!.Task;
        return task switch
        {
            ScoreNames.BinaryTask => BinaryMetrics.Evaluate(
                scored, labels[0], scoredLabels, Find(scored, ScoreNames.ScoredProbabilities)),
            ScoreNames.MulticlassTask => MulticlassMetrics.Evaluate(scored, labels[0], scoredLabels),
            ScoreNames.RegressionTask => RegressionMetrics.Evaluate(scored, labels[0], scoredLabels, -1),
            ScoreNames.BayesianTask => RegressionMetrics.Evaluate(scored, labels[0], scoredLabels, Find(scored, ScoreNames.LabelDeviation)),
            ScoreNames.OrdinalTask => OrdinalMetrics.Evaluate(scored, labels[0], scoredLabels),
            _ => throw new ModuleException(25, $"The scored table has scores of task '{task}', which is not evaluated here."),
        };
    }

    internal static ModuleException NoRows(int rows) =>
        new(21, $"None of the {rows} scored rows has both a label and a score; at least one is needed.");

    private static int Find(TableBatch scored, string kind)
    {
        for (var i = 0; i < scored.Schema.Fields.Length; i++)
        {
            if (scored.Schema.Fields[i].Score?.Kind == kind)
            {
                return i;
            }
        }

        throw new ModuleException(
            25, $"The table has no column with the scores '{kind}'; connect the output of Score Model, and do not clear its score columns.");
    }
}
