using System.Collections.Immutable;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.Dispatch;

/// <summary>Which executor carries out which activity type. Filled at composition, one explicit line per type.</summary>
/// <remarks>Filled by one thread before the host starts; read by any number afterwards.</remarks>
public sealed class ActivityCatalog
{
    private readonly Dictionary<string, IActivityExecutor> _executors = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every type that can be run, the engine's own control activities included, in ordinal order.</summary>
    public ImmutableArray<string> Types =>
        [.. _executors.Keys.Concat(ActivityKinds.ControlTypes).Append(ControlFlow.ExecutePipelineExecutor.Type).Order(StringComparer.Ordinal)];

    /// <summary>Registers the executor of a type.</summary>
    /// <exception cref="ArgumentException">The type has an executor already, or is the engine's own.</exception>
    public ActivityCatalog Add(string type, IActivityExecutor executor)
    {
        if (ActivityKinds.Of(type) != ActivityKind.Work
            || type.Equals(ControlFlow.ExecutePipelineExecutor.Type, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"Activity type '{type}' is carried out by the engine itself.", nameof(type));
        }

        if (!_executors.TryAdd(type, executor))
        {
            throw new ArgumentException($"Activity type '{type}' has an executor already.", nameof(type));
        }

        return this;
    }

    /// <summary>The executor of a type, ignoring case; null when there is none.</summary>
    public IActivityExecutor? Find(string type) => _executors.GetValueOrDefault(type);

    /// <summary>The failure of an activity that nobody can carry out.</summary>
    internal Failure Unsupported(string activity, string type) => new(
        ErrorCode.ActivityTypeUnknown.Value,
        $"Activity '{activity}' is of type '{type}', which is not supported here. Supported types: {string.Join(", ", Types)}.",
        FailureType.UserError,
        activity);
}
