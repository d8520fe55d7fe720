using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Expressions;

namespace Auspex.Cli.Testing.Mocks;

/// <summary>Which members of activity outputs the expressions of a pipeline read.</summary>
internal sealed class OutputReads
{
    private readonly Dictionary<string, List<ImmutableArray<string>>> _paths = new(StringComparer.OrdinalIgnoreCase);

    // What a Filter leaves of its items are items of the same kind.
    private readonly Dictionary<string, Source> _filters = new(StringComparer.OrdinalIgnoreCase);

    private OutputReads()
    {
    }

    /// <summary>Looks through a pipeline.</summary>
    public static OutputReads Of(PipelineDefinition pipeline)
    {
        var reads = new OutputReads();
        reads.Visit(pipeline.Activities, item: null);
        return reads;
    }

    /// <summary>
    /// The paths below <c>output</c> that are read of an activity: members by name, elements of lists by index. Items of a
    /// ForEach stand below its list's first element.
    /// </summary>
    public IReadOnlyList<ImmutableArray<string>> this[string activity] => _paths.GetValueOrDefault(activity, []);

    private void Visit(ImmutableArray<ActivityDefinition> activities, Source? item)
    {
        foreach (var activity in activities)
        {
            if (activity.Branches.IsEmpty)
            {
                Read(activity.Source, IsFilter(activity) ? ItemsOf(activity, item) : item);
                if (IsFilter(activity) && ItemsOf(activity, item) is { } kept)
                {
                    _filters[activity.Name] = kept;
                }

                continue;
            }

            foreach (var member in (ReadOnlySpan<string>)["expression", "items", "on"])
            {
                Read(activity.TypeProperties.Member(member), item);
            }

            Read(activity.Source.Member("userProperties"), item);
            var inner = activity.Type.Equals("ForEach", StringComparison.OrdinalIgnoreCase) ? ItemsOf(activity, item) : item;
            foreach (var branch in activity.Branches)
            {
                Visit(branch.Activities, inner);
            }
        }
    }

    private void Read(JsonNode? node, Source? item)
    {
        foreach (var reference in ExpressionParser.FindReferences(node))
        {
            if (Locate(reference, item) is { } source && !source.Path.IsEmpty)
            {
                if (!_paths.TryGetValue(source.Activity, out var paths))
                {
                    _paths.Add(source.Activity, paths = []);
                }

                paths.Add(source.Path);
            }
        }
    }

    private Source? ItemsOf(ActivityDefinition loop, Source? item)
    {
        var items = loop.TypeProperties.Member("items");
        return ExpressionParser.FindReferences(items) is [var only] && IsWhole(items) && Locate(only, item) is { } list
            ? list with { Path = list.Path.Add("0") }
            : null;
    }

    // Items that a function makes of an output are of another shape than the output.
    private static bool IsWhole(JsonNode? items) =>
        items.AsExpression() is { } text && text.StartsWith('@') && (text.StartsWith("@activity(", StringComparison.OrdinalIgnoreCase) || text.StartsWith("@item(", StringComparison.OrdinalIgnoreCase));

    private Source? Locate(ExpressionReference reference, Source? item)
    {
        var steps = reference.Path.Select(step => step.Name).ToImmutableArray();
        if (reference.Kind == ExpressionReferenceKind.Item)
        {
            return item is null ? null : item with { Path = item.Path.AddRange(steps) };
        }

        if (reference is not { Kind: ExpressionReferenceKind.Activity, Name: { } activity }
            || steps is not [var output, ..] || !output.Equals("output", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return _filters.TryGetValue(activity, out var kept) && steps is [_, var value, ..] && value.Equals("value", StringComparison.OrdinalIgnoreCase)
            ? kept with { Path = steps.Length > 2 ? kept.Path.AddRange(steps[3..]) : kept.Path[..^1] }
            : new Source(activity, steps[1..]);
    }

    private static bool IsFilter(ActivityDefinition activity) => activity.Type.Equals("Filter", StringComparison.OrdinalIgnoreCase);

    private sealed record Source(string Activity, ImmutableArray<string> Path);
}
