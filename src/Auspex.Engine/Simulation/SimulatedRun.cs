using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Simulation;

/// <summary>All that is known of a run that was simulated, the runs that it started included.</summary>
/// <remarks>Paths of a run that an ExecutePipeline started begin with that activity's: <c>Call child/ForEach1[2]/Copy1</c>.</remarks>
public sealed record SimulatedRun
{
    /// <summary>The run.</summary>
    public required PipelineRun Run { get; init; }

    /// <summary>
    /// Its activity runs in the order of their start, one per attempt; those of a run that an ExecutePipeline started stand
    /// behind that activity's. Secure inputs and outputs are left out, as in any history.
    /// </summary>
    public required ImmutableArray<ActivityRun> Activities { get; init; }

    /// <summary>The last values of the run's own variables.</summary>
    public required JsonObject Variables { get; init; }

    /// <summary>Which branch each IfCondition and Switch took, by path; null for a branch that is not there.</summary>
    public required ImmutableSortedDictionary<string, string?> Branches { get; init; }

    /// <summary>How many iterations each ForEach and Until began, by path.</summary>
    public required ImmutableSortedDictionary<string, int> Iterations { get; init; }
}

/// <summary>Where a run stands among the runs of a simulation.</summary>
/// <param name="Root">The run that no pipeline started.</param>
/// <param name="Path">The path of the ExecutePipeline that started the run, as seen from the root; empty for the root.</param>
/// <param name="Arguments">The arguments of the root, secure ones masked.</param>
public sealed record RunPlace(RunId Root, string Path, JsonObject Arguments)
{
    /// <summary>The path of an activity of that run, as seen from the root.</summary>
    public string PathOf(string activityPath) => Path.Length == 0 ? activityPath : $"{Path}/{activityPath}";
}
