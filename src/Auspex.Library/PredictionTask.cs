using Auspex.Experiments.Models;

namespace Auspex.Library;

/// <summary>What a model predicts.</summary>
public enum PredictionTask
{
    /// <summary>One of two classes, with the probability of the second, "positive" one.</summary>
    TwoClasses,

    /// <summary>One of several classes, with a probability each.</summary>
    SeveralClasses,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One of several ranks, with a probability each.</summary>
    Rank,

    /// <summary>Quantiles of a number.</summary>
    Quantiles,

    /// <summary>Whether a row is unlike those of training.</summary>
    Anomaly,

    /// <summary>The cluster that a row belongs to, with the distance to each.</summary>
    Cluster,
}

/// <summary>From the tasks of models to those of the library.</summary>
internal static class PredictionTasks
{
    public static PredictionTask Of(ModelTask task) => task switch
    {
        ModelTask.Binary => PredictionTask.TwoClasses,
        ModelTask.Multiclass => PredictionTask.SeveralClasses,
        ModelTask.Ordinal => PredictionTask.Rank,
        ModelTask.Quantile => PredictionTask.Quantiles,
        ModelTask.Anomaly => PredictionTask.Anomaly,
        ModelTask.Clustering => PredictionTask.Cluster,
        _ => PredictionTask.Number,
    };
}
