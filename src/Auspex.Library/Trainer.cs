using Auspex.Experiments.Training;

namespace Auspex.Library;

/// <summary>Trains one learner on a table, as <c>auspex train</c> does. For modules before and after it there is <see cref="Experiment"/>.</summary>
/// <remarks>Equal rows and settings give an equal model, whatever the number of threads.</remarks>
public static class Trainer
{
    /// <summary>The learners' names.</summary>
    public static IReadOnlyList<string> Learners => TableTrainer.Learners;

    /// <summary>Trains on rows in memory.</summary>
    /// <param name="rows">The label and any columns beside it, which all become inputs: text by its different values, missing values handled.</param>
    /// <param name="settings">What to train.</param>
    /// <param name="cancellationToken">Stops between iterations.</param>
    /// <exception cref="LibraryException">There is no such learner, parameter or label, or the rows do not suit the learner.</exception>
    public static TrainingResult Train(Table rows, TrainingSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(settings);
        return Errors.Translate(() =>
        {
            var trained = TableTrainer.Train(
                rows.Batch,
                new TableTraining
                {
                    Label = settings.Label,
                    Learner = settings.Learner,
                    Parameters = settings.Parameters,
                    HeldOut = settings.HoldOut,
                    Seed = settings.Seed,
                    Threads = settings.Threads,
                    ReportProgress = settings.ReportProgress,
                },
                TimeProvider.System,
                cancellationToken);
            return new TrainingResult(new Model(trained.Model), Evaluation.Of(trained.Metrics), trained.AreHeldOut, trained.Elapsed);
        });
    }

    /// <summary>Trains on a file, which is read whole.</summary>
    /// <param name="path">A file as <see cref="Table.ReadAsync"/> takes it.</param>
    /// <param name="settings">What to train.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="LibraryException">As above, or the file is malformed.</exception>
    public static async Task<TrainingResult> TrainFileAsync(string path, TrainingSettings settings, CancellationToken cancellationToken = default)
    {
        var rows = await Table.ReadAsync(path, cancellationToken);
        return await Task.Run(() => Train(rows, settings, cancellationToken), cancellationToken);
    }
}

/// <summary>What to train.</summary>
public sealed record TrainingSettings
{
    /// <summary>The column to predict, by its exact name.</summary>
    public required string Label { get; init; }

    /// <summary>One of <see cref="Trainer.Learners"/>, ignoring case; null chooses boosted trees for two classes and numbers, logistic regression for more classes.</summary>
    public string? Learner { get; init; }

    /// <summary>The learner's parameters by their names, as text; others keep their default.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The part of rows, 0 to 0.9, that a first model is measured on and not trained on; the model that comes out is trained on all. 0: measured on its own rows.</summary>
    public double HoldOut { get; init; }

    /// <summary>Chooses the rows that are held out.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; the model does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told what is done, how far, and of how much if that is known.</summary>
    public Action<string, long, long?>? ReportProgress { get; init; }
}

/// <summary>A trained model and how good it is.</summary>
/// <param name="Model">Trained on all rows.</param>
/// <param name="Evaluation">Of the held-out rows, else of the training rows, which is flattering.</param>
/// <param name="IsHeldOut">Whether it is of rows that the measured model had not seen.</param>
/// <param name="Elapsed">How long it took, reading not counted.</param>
public sealed record TrainingResult(Model Model, Evaluation Evaluation, bool IsHeldOut, TimeSpan Elapsed);
