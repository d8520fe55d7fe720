using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Planning;

/// <summary>Says what a change to a factory will do.</summary>
public static class FactoryComparison
{
    /// <summary>
    /// Compares two factories by what they do. Order, formatting, the case of names, and members that say what is assumed anyway make
    /// no difference. Secrets are told to change and never shown.
    /// </summary>
    public static FactoryPlan Compare(FactoryDefinition old, FactoryDefinition now, PlanTime time)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(time);
        var users = new ResourceUsers(now);
        var changes = ImmutableArray.CreateBuilder<PlanChange>();
        Each(old.Pipelines, now.Pipelines, (before, after) => PipelineComparison.Compare(before, after, old, now, users), changes);
        Each(old.Triggers, now.Triggers, (before, after) => TriggerComparison.Compare(before, after, time), changes);
        Each(old.Datasets, now.Datasets, (before, after) => ResourceComparison.Compare(before, after, users), changes);
        Each(old.LinkedServices, now.LinkedServices, (before, after) => ResourceComparison.Compare(before, after, users), changes);
        changes.AddRange(ResourceComparison.GlobalParameters(old, now));
        changes.AddRange(ResourceComparison.Others(old, now));
        changes.AddRange(ResourceComparison.Overlay(old.Overlay, now.Overlay));
        return new FactoryPlan(changes.ToImmutable());
    }

    /// <summary>A definition's body by its meaning, without what only people read.</summary>
    internal static JsonObject Body(JsonObject source, string type, params ReadOnlySpan<string> without)
    {
        var body = (source.ObjectMember("properties") ?? source).DeepClone().AsObject();
        foreach (var member in (ReadOnlySpan<string>)["name", "id", "etag", "lastPublishTime", "description", "annotations", "folder", .. without])
        {
            if (body.MemberName(member) is { } actual)
            {
                body.Remove(actual);
            }
        }

        if (source.ObjectMember("properties") is null && body.MemberName("type") is { } own && source.TextMember("type")?.Contains('/', StringComparison.Ordinal) == true)
        {
            body.Remove(own);
        }

        return SemanticJson.OfObject(body, type, "properties");
    }

    /// <summary>What only people read, as sentences.</summary>
    internal static IEnumerable<string> ForPeople(JsonObject? old, JsonObject? now)
    {
        foreach (var member in (string[])["description", "annotations", "folder"])
        {
            var before = SemanticJson.Of((old?.ObjectMember("properties") ?? old)?.Member(member), string.Empty, member);
            var after = SemanticJson.Of((now?.ObjectMember("properties") ?? now)?.Member(member), string.Empty, member);
            var (left, right) = (IsNothing(before) ? null : before, IsNothing(after) ? null : after);
            if (SemanticJson.Text(left) != SemanticJson.Text(right))
            {
                yield return $"its '{member}' changes, which does nothing to runs";
            }
        }
    }

    private static bool IsNothing(JsonNode? node) => node is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || node.AsText() is "";

    private static void Each<T>(
        ImmutableDictionary<string, T> old,
        ImmutableDictionary<string, T> now,
        Func<T?, T?, PlanChange?> compare,
        ImmutableArray<PlanChange>.Builder changes)
        where T : class
    {
        foreach (var name in old.Keys.Concat(now.Keys).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            if (compare(old.GetValueOrDefault(name), now.GetValueOrDefault(name)) is { } change)
            {
                changes.Add(change);
            }
        }
    }
}
