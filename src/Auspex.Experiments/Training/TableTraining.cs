using System.Collections.Immutable;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training;

/// <summary>What to train on a table.</summary>
public sealed record TableTraining
{
    /// <summary>The label column's exact name.</summary>
    public required string Label { get; init; }

    /// <summary>A learner's module name, ignoring case; null chooses boosted trees by the label, and logistic regression for several classes.</summary>
    public string? Learner { get; init; }

    /// <summary>The learner's parameters by label or graph name; others keep their default.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The part of rows, 0 to 0.9, that a first model is not trained on and its metrics are taken from; the model that is
    /// returned is trained on all rows all the same. 0, the default: metrics are of the training rows, and so are flattering.
    /// </summary>
    public double HeldOut { get; init; }

    /// <summary>Chooses the rows that are held out.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads to use; the model does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What is done, how far, of how much.</summary>
    public Action<string, long, long?>? ReportProgress { get; init; }
}

/// <summary>A trained model and how good it is.</summary>
/// <param name="Model">Trained on all rows.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Elapsed">From the table to the model and its metrics.</param>
/// <param name="Metrics">Of the held-out rows, else of the training rows.</param>
/// <param name="AreHeldOut">Whether the metrics are of rows that the measured model had not seen.</param>
public sealed record TrainedTable(TrainedModel Model, long Rows, TimeSpan Elapsed, ModelMetrics Metrics, bool AreHeldOut);
