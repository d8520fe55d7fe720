using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models;

/// <summary>
/// A function from batch to batch, row by row, bound to one input schema: as many rows come out as went in, in the same
/// order, and a row's values depend on that row alone.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public interface IRowTransform
{
    /// <summary>The schema of what comes out.</summary>
    TableSchema Output { get; }

    /// <summary>What becomes of the input's columns.</summary>
    ColumnFlow Flow { get; }

    /// <summary>Applies the function. The batch must have the schema that the function was bound to.</summary>
    TableBatch Apply(TableBatch batch);
}

/// <summary>
/// A transform that was fitted on a table and can be bound to others: what an <c>.itransform</c> file holds. Each kind
/// registers a reader under its <see cref="Kind"/> in <c>ModelContainer</c>.
/// </summary>
public abstract class FittedTransform
{
    /// <summary>The kind's stable name in files, such as <c>normalize</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Binds the transform to a schema; extra columns pass through.</summary>
    /// <exception cref="Modules.ModuleException">A column is missing (1) or of another type (17).</exception>
    public abstract IRowTransform Bind(TableSchema input);

    /// <summary>Whether every row that goes in comes out; false for cleaning that drops rows, which no scoring plan may hold.</summary>
    public virtual bool KeepsRows => true;

    /// <summary>Writes what was fitted as JSON; the kind's reader takes it back.</summary>
    public abstract void Write(System.Text.Json.Utf8JsonWriter writer);
}

/// <summary>A learner with its parameters, as an Initialize Model module gives it.</summary>
public interface ILearner
{
    /// <summary>The module's name, such as <c>Two-Class Boosted Decision Tree</c>.</summary>
    string Name { get; }

    /// <summary>What its models predict.</summary>
    ModelTask Task { get; }

    /// <summary>Trains on a table whose label column is named; anomaly detectors and clusters take an empty name for none.</summary>
    /// <exception cref="Modules.ModuleException">Studio's numbers for labels and features that do not fit.</exception>
    TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions options, CancellationToken cancellationToken);
}

/// <summary>How to train.</summary>
/// <param name="Threads">Threads to use; the model does not depend on it.</param>
/// <param name="ReportProgress">What is done, iterations done, iterations in all.</param>
public sealed record TrainingOptions(int Threads, Action<string, long, long?>? ReportProgress);
