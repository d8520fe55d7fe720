using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Execution;

/// <summary>Which nodes a run needs, and where callers' tables stand in.</summary>
internal sealed class NodeScope
{
    private NodeScope(HashSet<string> needed, HashSet<PortKey> wanted)
    {
        Needed = needed;
        Wanted = wanted;
    }

    /// <summary>Nodes to run.</summary>
    public IReadOnlySet<string> Needed { get; }

    /// <summary>Ports whose values the run's caller will ask for.</summary>
    public IReadOnlySet<PortKey> Wanted { get; }

    /// <summary>Everything that the targets need, stopping where a caller's table stands in.</summary>
    public static NodeScope Of(
        CompiledExperiment experiment, ExperimentRunRequest request, IReadOnlyDictionary<PortKey, PortValue> given)
    {
        var wanted = experiment.ServiceOutputs.Select(output => output.Source).ToHashSet();
        var open = new Stack<string>(Targets(experiment, request, given));
        var needed = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out var id))
        {
            if (needed.Add(id))
            {
                foreach (var edge in experiment[id].Inputs.Where(edge => !given.ContainsKey(edge.Source)))
                {
                    open.Push(edge.Source.Node);
                }
            }
        }

        return new NodeScope(needed, wanted);
    }

    private static IEnumerable<string> Targets(
        CompiledExperiment experiment, ExperimentRunRequest request, IReadOnlyDictionary<PortKey, PortValue> given)
    {
        if (request.Targets is { } targets)
        {
            return targets.Where(id => experiment.Find(id) is not null);
        }

        if (!request.IsCall)
        {
            return experiment.Nodes.Where(node => node.Outputs.All(port => !given.ContainsKey(new PortKey(node.Id, port.Name))))
                .Select(node => node.Id);
        }

        // An export has no outputs that anyone could want, yet it is what some services are called for.
        var exports = experiment.Nodes.Where(node => node.Outputs.IsEmpty && node.Module?.Descriptor.IsDeterministic == false);
        return experiment.ServiceOutputs.Where(output => !given.ContainsKey(output.Source)).Select(output => output.Source.Node)
            .Concat(exports.Select(node => node.Id));
    }
}
