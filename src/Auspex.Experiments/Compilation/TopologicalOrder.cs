using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Experiments.Compilation;

/// <summary>
/// Orders nodes so that each comes after what it needs, file order otherwise; reports circles with their path.
/// </summary>
internal static class TopologicalOrder
{
    private enum Mark
    {
        None,
        Open,
        Done,
    }

    public static ImmutableArray<CompiledNode> Sort(IReadOnlyDictionary<string, CompiledNode> nodes, CompilationLog log)
    {
        var order = ImmutableArray.CreateBuilder<CompiledNode>(nodes.Count);
        var marks = new Dictionary<string, Mark>(StringComparer.Ordinal);

        // An explicit stack: a long chain of nodes must not end the process.
        var stack = new Stack<(CompiledNode Node, int NextInput)>();
        foreach (var start in nodes.Values)
        {
            if (marks.GetValueOrDefault(start.Id) == Mark.None)
            {
                stack.Push((start, 0));
                marks[start.Id] = Mark.Open;
            }

            while (stack.TryPop(out var top))
            {
                var (node, next) = top;
                if (next == node.Inputs.Length)
                {
                    marks[node.Id] = Mark.Done;
                    order.Add(node);
                    continue;
                }

                stack.Push((node, next + 1));
                var source = node.Inputs[next].Source.Node;
                switch (marks.GetValueOrDefault(source))
                {
                    case Mark.None when nodes.TryGetValue(source, out var needed):
                        marks[source] = Mark.Open;
                        stack.Push((needed, 0));
                        break;
                    case Mark.Open:
                        Report(source, stack, node.Inputs[next], log);
                        break;
                    default:
                        break;
                }
            }
        }

        return order.DrainToImmutable();
    }

    private static void Report(
        string source, Stack<(CompiledNode Node, int NextInput)> stack, CompiledEdge edge, CompilationLog log)
    {
        // From the top of the stack each node needs the one above it, so that reading downwards follows the data.
        var circle = new List<string> { source };
        foreach (var (node, _) in stack)
        {
            circle.Add(node.Id);
            if (node.Id == source)
            {
                break;
            }
        }

        log.Error(
            ErrorCode.ExperimentCycle,
            $"Nodes feed each other in a circle: {string.Join(" -> ", circle)}. Remove one of these connections.",
            ExperimentPaths.Input(circle[1], edge.Port.Name));
    }
}
