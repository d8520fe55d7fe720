using System.Diagnostics;

namespace Auspex.Engine.ControlFlow;

/// <summary>Begins the activities that the engine itself carries out.</summary>
internal static class ControlActivities
{
    /// <exception cref="Dispatch.ActivityException">The activity cannot begin, or failed at once.</exception>
    /// <exception cref="Expressions.ExpressionException">An expression of it failed.</exception>
    public static ValueTask BeginAsync(ActivityBeginning beginning) =>
        beginning.Activity.Plan.Definition.Type.ToUpperInvariant() switch
        {
            "IFCONDITION" => Branching.BeginIfAsync(beginning),
            "SWITCH" => Branching.BeginSwitchAsync(beginning),
            "FOREACH" => ForEachLoop.BeginAsync(beginning),
            "UNTIL" => UntilLoop.BeginAsync(beginning),
            "WAIT" => Waiting.BeginAsync(beginning),
            "SETVARIABLE" => VariableSetting.BeginSetAsync(beginning),
            "APPENDVARIABLE" => VariableSetting.BeginAppendAsync(beginning),
            "FILTER" => Filtering.BeginAsync(beginning),
            "FAIL" => Failing.BeginAsync(beginning),
            var type => throw new UnreachableException($"'{type}' is no control activity."),
        };
}
