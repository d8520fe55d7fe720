using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions.Validation;

namespace Auspex.Definitions.Planning;

/// <summary>What a change to what pipelines use does.</summary>
internal static class ResourceComparison
{
    public static PlanChange? Compare(DatasetDefinition? old, DatasetDefinition? now, ResourceUsers users) => Compare(
        "dataset", "DatasetReference", old?.Name, old?.Source, now?.Name, now?.Source, (now ?? old)!.Type, users,
        details => details.Any(detail => detail.Contains("location", StringComparison.OrdinalIgnoreCase) || detail.Contains("linkedServiceName", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("table", StringComparison.OrdinalIgnoreCase) || detail.Contains("folderPath", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("fileName", StringComparison.OrdinalIgnoreCase))
            ? "It points elsewhere."
            : null);

    public static PlanChange? Compare(LinkedServiceDefinition? old, LinkedServiceDefinition? now, ResourceUsers users) => Compare(
        "linkedService", "LinkedServiceReference", old?.Name, WithOverlay(old), now?.Name, WithOverlay(now), (now ?? old)!.Type, users, _ => null);

    public static IEnumerable<PlanChange> GlobalParameters(FactoryDefinition old, FactoryDefinition now)
    {
        foreach (var name in Names(old.GlobalParameters.Select(entry => entry.Key), now.GlobalParameters.Select(entry => entry.Key)))
        {
            var (was, isThere) = (old.GlobalParameters.MemberName(name), now.GlobalParameters.MemberName(name));
            var (before, after) = (was is null ? null : old.GlobalParameters[was], isThere is null ? null : now.GlobalParameters[isThere]);
            if (was is not null && isThere is not null && SemanticJson.Text(SemanticJson.Of(before)) == SemanticJson.Text(SemanticJson.Of(after)))
            {
                continue;
            }

            var isSecret = SecretRules.IsSecretMember(name);
            yield return new PlanChange(
                was is null ? PlanAction.Added : isThere is null ? PlanAction.Removed : PlanAction.Changed,
                "globalParameter",
                name,
                [
                    isSecret ? "its value is not shown"
                        : was is null ? $"it is {PlanValues.Show(after)}"
                        : isThere is null ? $"it was {PlanValues.Show(before)}"
                        : $"it changes from {PlanValues.Show(before)} to {PlanValues.Show(after)}",
                ],
                ["New runs read the new value; runs in progress keep the one they began with."]);
        }
    }

    public static IEnumerable<PlanChange> Others(FactoryDefinition old, FactoryDefinition now)
    {
        var before = ByName(old);
        var after = ByName(now);
        foreach (var key in Names(before.Keys, after.Keys).Order(StringComparer.OrdinalIgnoreCase))
        {
            var (was, isThere) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
            var shown = isThere ?? was!;
            var details = PlanValues.Differences(Meaning(was), Meaning(isThere)).ToImmutableArray();
            if (was is null || isThere is null)
            {
                yield return new PlanChange(was is null ? PlanAction.Added : PlanAction.Removed, shown.Kind, shown.Name, [], []);
            }
            else if (!details.IsEmpty)
            {
                yield return new PlanChange(PlanAction.Changed, shown.Kind, shown.Name, details, []);
            }
        }

        foreach (var name in Names(old.Experiments.Keys, now.Experiments.Keys).Order(StringComparer.OrdinalIgnoreCase))
        {
            var (was, isThere) = (old.Experiments.GetValueOrDefault(name), now.Experiments.GetValueOrDefault(name));
            var details = PlanValues.Differences(SemanticJson.Of(was?.Source), SemanticJson.Of(isThere?.Source)).ToImmutableArray();
            if (was is null || isThere is null || !details.IsEmpty)
            {
                yield return new PlanChange(
                    was is null ? PlanAction.Added : isThere is null ? PlanAction.Removed : PlanAction.Changed,
                    "experiment", name, was is null || isThere is null ? [] : details, []);
            }
        }
    }

    public static IEnumerable<PlanChange> Overlay(OverlayDefinition old, OverlayDefinition now)
    {
        var details = new List<string>();
        foreach (var name in Names(old.Secrets.Keys, now.Secrets.Keys).Order(StringComparer.OrdinalIgnoreCase))
        {
            var (was, isThere) = (old.Secrets.GetValueOrDefault(name), now.Secrets.GetValueOrDefault(name));
            if (was != isThere)
            {
                details.Add($"the secret '{name}' comes from {From(isThere)} instead of {From(was)}");
            }
        }

        foreach (var from in Names(old.Endpoints.Select(entry => entry.From), now.Endpoints.Select(entry => entry.From)))
        {
            var (was, isThere) = (old.Endpoints.FirstOrDefault(entry => entry.From == from)?.To, now.Endpoints.FirstOrDefault(entry => entry.From == from)?.To);
            if (was != isThere)
            {
                details.Add($"calls to {from} go to {isThere ?? "that address itself"} instead of {was ?? "that address itself"}");
            }
        }

        foreach (var activity in Names(old.BadRows.Keys, now.BadRows.Keys))
        {
            var (was, isThere) = (old.BadRows.GetValueOrDefault(activity), now.BadRows.GetValueOrDefault(activity));
            if (was != isThere)
            {
                details.Add($"rows that {(activity == "*" ? "batch executions" : $"'{activity}'")} cannot read: {isThere?.Policy ?? "fail"} instead of {was?.Policy ?? "fail"}");
            }
        }

        foreach (var activity in Names(old.DriftReports.Keys, now.DriftReports.Keys))
        {
            var (was, isThere) = (old.DriftReports.GetValueOrDefault(activity), now.DriftReports.GetValueOrDefault(activity));
            if (was != isThere)
            {
                details.Add($"{(activity == "*" ? "batch executions" : $"'{activity}'")} {(isThere ? "reports" : "no longer reports")} drift");
            }
        }

        foreach (var activity in Names(old.Challengers.Keys, now.Challengers.Keys))
        {
            var (was, isThere) = (Versions(old.Challengers, activity), Versions(now.Challengers, activity));
            if (was != isThere)
            {
                details.Add($"beside {(activity == "*" ? "batch executions" : $"'{activity}'")} score {isThere} instead of {was}");
            }
        }

        foreach (var activity in Names(old.ModelGates.Keys, now.ModelGates.Keys))
        {
            var (was, isThere) = (old.ModelGates.GetValueOrDefault(activity), now.ModelGates.GetValueOrDefault(activity));
            if (was != isThere)
            {
                details.Add(
                    $"the gate of {(activity == "*" ? "model updates" : $"'{activity}'")}: {Gate(isThere)} instead of {Gate(was)}");
            }
        }

        foreach (var trigger in Names(old.TriggerLinkedServices.Keys, now.TriggerLinkedServices.Keys))
        {
            var (was, isThere) = (old.TriggerLinkedServices.GetValueOrDefault(trigger), now.TriggerLinkedServices.GetValueOrDefault(trigger));
            if (!string.Equals(was, isThere, StringComparison.OrdinalIgnoreCase))
            {
                details.Add($"the trigger '{trigger}' watches {isThere ?? "nothing"} instead of {was ?? "nothing"}");
            }
        }

        return details.Count == 0 ? [] : [new PlanChange(PlanAction.Changed, "overlay", "auspex.json", [.. details], [])];
    }

    private static string Versions(ImmutableDictionary<string, ImmutableArray<int>> challengers, string activity) =>
        !challengers.TryGetValue(activity, out var versions) ? "the endpoint's own challengers"
        : versions.IsEmpty ? "no challengers"
        : $"version(s) {string.Join(", ", versions)}";

    private static string Gate(ModelGateOverlay? gate) =>
        gate is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"{gate.Metric}, margin {gate.Margin}");

    private static PlanChange? Compare(
        string kind,
        string referenceType,
        string? oldName,
        JsonObject? old,
        string? newName,
        JsonObject? now,
        string type,
        ResourceUsers users,
        Func<ImmutableArray<string>, string?> effectOf)
    {
        var name = newName ?? oldName!;
        var usedBy = users.Of(referenceType, name);
        if (old is null)
        {
            return new PlanChange(PlanAction.Added, kind, name, [$"it is a {type}"], usedBy is null ? [] : [$"It is used by {usedBy}."]);
        }

        if (now is null)
        {
            return new PlanChange(
                PlanAction.Removed, kind, name, [$"it was a {type}"], usedBy is null ? [] : [$"It is still used by {usedBy}, which fails then."]);
        }

        var details = PlanValues.Differences(FactoryComparison.Body(old, type), FactoryComparison.Body(now, type)).ToImmutableArray();
        var forPeople = FactoryComparison.ForPeople(old, now).ToImmutableArray();
        if (details.IsEmpty && forPeople.IsEmpty)
        {
            return null;
        }

        return new PlanChange(
            PlanAction.Changed,
            kind,
            name,
            details.AddRange(forPeople),
            details.IsEmpty
                ? []
                :
                [
                    .. effectOf(details) is { } effect ? (string[])[effect] : [],
                    usedBy is null ? "Nothing uses it." : $"It is used by {usedBy}; activities that start from then on use the new one.",
                ]);
    }

    // What runs is the definition with the overlay over it.
    private static JsonObject? WithOverlay(LinkedServiceDefinition? linkedService)
    {
        if (linkedService is null)
        {
            return null;
        }

        var source = linkedService.Source.DeepClone().AsObject();
        var body = source.ObjectMember("properties") ?? source;
        body["type"] = linkedService.Type;
        body[body.MemberName("typeProperties") ?? "typeProperties"] = linkedService.TypeProperties.DeepClone();
        if (string.Equals(linkedService.ConnectVia ?? "AutoResolveIntegrationRuntime", "AutoResolveIntegrationRuntime", StringComparison.OrdinalIgnoreCase)
            && body.MemberName("connectVia") is { } automatic)
        {
            body.Remove(automatic);
        }

        return source;
    }

    // A factory's own file names its place and its identity, which say nothing of what runs; its parameters are told on their own.
    private static JsonObject? Meaning(OtherDefinition? other) => other is null ? null : FactoryComparison.Body(other.Source, string.Empty, "globalParameters");

    private static Dictionary<string, OtherDefinition> ByName(FactoryDefinition factory)
    {
        var byName = new Dictionary<string, OtherDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var other in factory.Others.Where(other => other.Kind is not ("factory" or "globalParameters" or "fragment")))
        {
            byName[$"{other.Kind}/{other.Name}"] = other;
        }

        return byName;
    }

    private static string From(SecretSource? source) => source switch
    {
        null => "nowhere",
        { Env: { } variable } => $"the environment variable {variable}",
        { File: { } file } => $"the file {file}",
        _ => "the overlay itself (not shown)",
    };

    private static IEnumerable<string> Names(IEnumerable<string> old, IEnumerable<string> now) => old.Concat(now).Distinct(StringComparer.OrdinalIgnoreCase);
}
