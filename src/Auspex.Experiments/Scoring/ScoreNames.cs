using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Studio's names of score columns and of the tasks that they belong to.</summary>
public static class ScoreNames
{
    /// <summary>The predicted label, or the predicted number.</summary>
    public const string ScoredLabels = "Scored Labels";

    /// <summary>The probability of the positive class.</summary>
    public const string ScoredProbabilities = "Scored Probabilities";

    /// <summary>The mean of a predicted distribution.</summary>
    public const string LabelMean = "Scored Label Mean";

    /// <summary>The standard deviation of a predicted distribution.</summary>
    public const string LabelDeviation = "Scored Label Standard Deviation";

    /// <summary>The number of the cluster, from 0.</summary>
    public const string Assignments = "Assignments";

    /// <summary>Task name of two-class scores.</summary>
    public const string BinaryTask = "Binary Classification Scores";

    /// <summary>Task name of multiclass scores.</summary>
    public const string MulticlassTask = "Multiclass Classification Scores";

    /// <summary>Task name of regression scores.</summary>
    public const string RegressionTask = "Regression Scores";

    /// <summary>Task name of numbers that are predicted with their deviation.</summary>
    public const string BayesianTask = "Bayesian Linear Regression Scores";

    /// <summary>Task name of predicted ranks.</summary>
    public const string OrdinalTask = "Ordinal Regression Scores";

    /// <summary>Task name of predicted quantiles.</summary>
    public const string QuantileTask = "Quantile Regression Scores";

    /// <summary>Task name of clusters.</summary>
    public const string ClusterTask = "Clustering Scores";

    /// <summary>Task name of predicted ratings and of lists.</summary>
    public const string RecommenderTask = "Recommender Scores";

    /// <summary>The column that holds the probability of one class of several.</summary>
    public static string ProbabilityOf(string label) => $"Scored Probabilities for Class \"{label}\"";

    /// <summary>The column that holds a predicted quantile.</summary>
    public static string QuantileOf(double quantile) => FormattableString.Invariant($"Quantile: {quantile:0.000}");

    /// <summary>The column that holds the distance to one cluster's centre.</summary>
    public static string DistanceTo(int cluster) => FormattableString.Invariant($"DistancesToClusterCenter no.{cluster}");

    /// <summary>The name that score columns of a task carry.</summary>
    public static string TaskName(ModelTask task) => task switch
    {
        ModelTask.Binary or ModelTask.Anomaly => BinaryTask,
        ModelTask.Multiclass => MulticlassTask,
        ModelTask.Ordinal => OrdinalTask,
        ModelTask.Quantile => QuantileTask,
        ModelTask.Clustering => ClusterTask,
        ModelTask.Recommendation => RecommenderTask,
        _ => RegressionTask,
    };

    /// <summary>The columns that a model of this description adds, in order.</summary>
    internal static IEnumerable<TableField> Fields(ModelDescription description)
    {
        var task = description.GivesDeviation ? BayesianTask : TaskName(description.Task);
        var labels = Field(ScoredLabels, description.Label.Type) with { Categories = description.Label.Categories };
        return description.Task switch
        {
            ModelTask.Binary => [labels, Number(ScoredProbabilities)],
            ModelTask.Multiclass => [.. Probabilities(), labels],
            ModelTask.Ordinal => [labels, .. Probabilities()],
            ModelTask.Quantile => description.Quantiles.Select(quantile => Number(QuantileOf(quantile))),
            ModelTask.Anomaly => [Field(ScoredLabels, ColumnType.Int32), Number(ScoredProbabilities)],
            ModelTask.Clustering =>
            [
                Field(Assignments, ColumnType.Int32),
                .. Enumerable.Range(0, description.Clusters).Select(cluster => Number(DistanceTo(cluster))),
            ],

            // The mean is the predicted number: whoever looks for that finds it by its kind.
            _ when description.GivesDeviation => [Number(LabelMean) with { Score = new ScoreKind(task, ScoredLabels) }, Number(LabelDeviation)],
            _ => [Number(ScoredLabels)],
        };

        IEnumerable<TableField> Probabilities() => description.Classes.Select(label => Number(ProbabilityOf(label)));

        TableField Number(string name) => Field(name, ColumnType.Double);

        TableField Field(string name, ColumnType type) =>
            new() { Name = name, Type = type, Score = new ScoreKind(task, name) };
    }
}
