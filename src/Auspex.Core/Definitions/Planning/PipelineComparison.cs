using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions.Validation;

namespace Auspex.Definitions.Planning;

/// <summary>What a change to a pipeline does.</summary>
internal static class PipelineComparison
{
    public static PlanChange? Compare(
        PipelineDefinition? old, PipelineDefinition? now, FactoryDefinition before, FactoryDefinition after, ResourceUsers users)
    {
        if (old is null)
        {
            return new PlanChange(PlanAction.Added, "pipeline", now!.Name, [Activities(now)], [Starts(now.Name, users)]);
        }

        if (now is null)
        {
            var callers = users.Of("PipelineReference", old.Name);
            return new PlanChange(
                PlanAction.Removed,
                "pipeline",
                old.Name,
                [Activities(old)],
                [
                    "Runs in progress and queued go on to their end; no new one can be started.",
                    .. callers is null ? (string[])[] : [$"It is still referred to by {callers}, which fails then."],
                ]);
        }

        var details = ImmutableArray.CreateBuilder<string>();
        details.AddRange(Parameters(old, now));
        details.AddRange(Variables(old, now));
        var concurrency = Concurrency(old, now);
        details.AddRange(concurrency);
        details.AddRange(ActivityComparison.Compare(old, now, before, after));
        details.AddRange(PlanValues.Differences(
            FactoryComparison.Body(old.Source, "pipeline", "activities", "parameters", "variables", "concurrency", "type"),
            FactoryComparison.Body(now.Source, "pipeline", "activities", "parameters", "variables", "concurrency", "type")));
        var changesRuns = details.Count > 0;
        details.AddRange(FactoryComparison.ForPeople(old.Source, now.Source));
        return details.Count == 0
            ? null
            : new PlanChange(
                PlanAction.Changed,
                "pipeline",
                now.Name,
                details.ToImmutable(),
                changesRuns
                    ?
                    [
                        "Runs in progress and queued go on with the definition they were created with; new runs follow the new one.",
                        .. concurrency.Length > 0 ? (string[])["The new limit counts for runs created from then on."] : [],
                        .. Callers(old, now, users),
                    ]
                    : []);
    }

    private static string Activities(PipelineDefinition pipeline)
    {
        var count = ActivityPlace.All(pipeline).Count();
        return $"it has {count} {(count == 1 ? "activity" : "activities")}: {string.Join(", ", pipeline.Activities.Take(6).Select(activity => $"{activity.Type} '{activity.Name}'"))}"
            + (pipeline.Activities.Length > 6 ? ", ..." : "");
    }

    private static string Starts(string name, ResourceUsers users) => users.Of("PipelineReference", name) is { } callers
        ? $"It is started by {callers}."
        : "Nothing starts it by itself: no trigger and no pipeline refers to it.";

    private static IEnumerable<string> Parameters(PipelineDefinition old, PipelineDefinition now)
    {
        foreach (var name in Names(old.Parameters.Select(parameter => parameter.Name), now.Parameters.Select(parameter => parameter.Name)))
        {
            var before = old.Parameters.FirstOrDefault(parameter => Same(parameter.Name, name));
            var after = now.Parameters.FirstOrDefault(parameter => Same(parameter.Name, name));
            if (before is null)
            {
                yield return $"parameter '{name}' ({after!.Type}) is added, {(after.HasDefault ? $"by default {Default(after)}" : "without a default: callers that do not give it leave it null")}";
            }
            else if (after is null)
            {
                yield return $"parameter '{name}' is removed; a value that callers give is ignored";
            }
            else
            {
                if (!Same(before.Type, after.Type))
                {
                    yield return $"parameter '{name}' changes its type from {before.Type} to {after.Type}";
                }

                if (before.HasDefault != after.HasDefault || SemanticJson.Text(SemanticJson.Of(before.DefaultValue)) != SemanticJson.Text(SemanticJson.Of(after.DefaultValue)))
                {
                    yield return $"parameter '{name}' changes its default{(IsSecret(before) || IsSecret(after) ? " (not shown)" : $" from {Default(before)} to {Default(after)}")}";
                }
            }
        }
    }

    private static IEnumerable<string> Variables(PipelineDefinition old, PipelineDefinition now)
    {
        foreach (var name in Names(old.Variables.Select(variable => variable.Name), now.Variables.Select(variable => variable.Name)))
        {
            var before = old.Variables.FirstOrDefault(variable => Same(variable.Name, name));
            var after = now.Variables.FirstOrDefault(variable => Same(variable.Name, name));
            if (before is null || after is null)
            {
                yield return $"variable '{name}' ({(before ?? after)!.Type}) is {(before is null ? "added" : "removed")}";
                continue;
            }

            if (!Same(before.Type, after.Type))
            {
                yield return $"variable '{name}' changes its type from {before.Type} to {after.Type}";
            }

            if (SemanticJson.Text(SemanticJson.Of(before.DefaultValue)) != SemanticJson.Text(SemanticJson.Of(after.DefaultValue)))
            {
                yield return $"variable '{name}' begins with {PlanValues.Show(after.DefaultValue)} instead of {PlanValues.Show(before.DefaultValue)}";
            }
        }
    }

    private static string[] Concurrency(PipelineDefinition old, PipelineDefinition now) => old.Concurrency == now.Concurrency
        ? []
        : [$"runs at once: {Limit(old.Concurrency)} before, {Limit(now.Concurrency)} now{(now.Concurrency is not null ? "; further ones wait in a queue" : "")}"];

    // A caller that gives nothing for a new parameter without a default is a caller that changes its meaning.
    private static IEnumerable<string> Callers(PipelineDefinition old, PipelineDefinition now, ResourceUsers users)
    {
        var changed = old.Parameters.Length != now.Parameters.Length
            || old.Parameters.Any(parameter => !now.Parameters.Any(other => Same(other.Name, parameter.Name)));
        return changed && users.Of("PipelineReference", now.Name) is { } callers ? [$"Its parameters are given by {callers}."] : [];
    }

    private static string Default(ParameterDefinition parameter) =>
        !parameter.HasDefault ? "none" : IsSecret(parameter) ? "a secret (not shown)" : PlanValues.Show(SemanticJson.Of(parameter.DefaultValue));

    private static bool IsSecret(ParameterDefinition parameter) =>
        Same(parameter.Type, "SecureString") || (parameter.DefaultValue is JsonValue && SecretRules.IsSecretMember(parameter.Name));

    private static string Limit(int? concurrency) => concurrency is { } limit ? limit.ToString(System.Globalization.CultureInfo.InvariantCulture) : "any number";

    private static IEnumerable<string> Names(IEnumerable<string> old, IEnumerable<string> now) => old.Concat(now).Distinct(StringComparer.OrdinalIgnoreCase);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
