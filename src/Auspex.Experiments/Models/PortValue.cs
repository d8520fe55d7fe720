using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Learners;

namespace Auspex.Experiments.Models;

/// <summary>What a port holds after its module ran.</summary>
public abstract record PortValue
{
    /// <summary>What to call it in a message, with article.</summary>
    public string Kind => NameOf(GetType());

    /// <summary>What to call values of this type in a message.</summary>
    public static string KindOf<T>()
        where T : PortValue => NameOf(typeof(T));

    private static string NameOf(Type type) => type.Name switch
    {
        nameof(TableValue) => "a dataset",
        nameof(LearnerValue) => "an untrained model",
        nameof(ModelValue) => "a trained model",
        nameof(TransformValue) => "a transform",
        nameof(FilterValue) => "a filter",
        nameof(ArchiveValue) => "a zip archive",
        _ => type.Name,
    };
}

/// <summary>A whole table.</summary>
public sealed record TableValue(TableBatch Table) : PortValue
{
    /// <summary>The fold of each row, as Partition and Sample assigned it; null for none. Gone once rows change.</summary>
    public FoldAssignment? Folds { get; init; }

    /// <summary>What a person is shown beside the table, as JSON: curves, confusion matrices, histograms; null for nothing.</summary>
    public string? Visualization { get; init; }
}

/// <summary>A learner with its parameters, not yet trained.</summary>
public sealed record LearnerValue(ILearner Learner) : PortValue
{
    /// <summary>Makes the learner anew with other numbers, for sweeps; null where it has nothing to sweep over.</summary>
    internal LearnerSweep? Sweep { get; init; }
}

/// <summary>A trained model.</summary>
public sealed record ModelValue(TrainedModel Model) : PortValue;

/// <summary>A fitted transform, not bound to a schema.</summary>
public sealed record TransformValue(FittedTransform Transform) : PortValue;

/// <summary>A signal filter that Apply Filter runs over columns.</summary>
public sealed record FilterValue(SignalFilter Filter) : PortValue;

/// <summary>An uploaded zip archive: scripts, or packed datasets.</summary>
/// <param name="Bytes">The archive.</param>
public sealed record ArchiveValue(ReadOnlyMemory<byte> Bytes) : PortValue;
