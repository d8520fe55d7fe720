using Auspex.Connectors.Tables;

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
        _ => type.Name,
    };
}

/// <summary>A whole table.</summary>
public sealed record TableValue(TableBatch Table) : PortValue;

/// <summary>A learner with its parameters, not yet trained.</summary>
public sealed record LearnerValue(ILearner Learner) : PortValue;

/// <summary>A trained model.</summary>
public sealed record ModelValue(TrainedModel Model) : PortValue;

/// <summary>A fitted transform, not bound to a schema.</summary>
public sealed record TransformValue(FittedTransform Transform) : PortValue;
