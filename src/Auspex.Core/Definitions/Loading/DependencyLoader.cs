using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads <c>dependsOn</c>.</summary>
internal static class DependencyLoader
{
    public static ImmutableArray<ActivityDependency> Load(JsonObject activity, DefinitionReport report)
    {
        JsonNode?[] entries;
        switch (activity.Member("dependsOn"))
        {
            case null:
                return [];
            case JsonArray array:
                entries = [.. array];
                break;
            case JsonObject single:
                entries = [single];
                break;
            default:
                report.WrongType(activity, "dependsOn", "an array of {\"activity\", \"dependencyConditions\"}");
                return [];
        }

        var loaded = ImmutableArray.CreateBuilder<ActivityDependency>(entries.Length);
        foreach (var entry in entries)
        {
            var json = entry as JsonObject;
            if ((json?.TextMember("activity") ?? entry.AsText()) is { } name)
            {
                loaded.Add(new ActivityDependency(name, json is null ? [DependencyCondition.Succeeded] : Conditions(json, report)));
            }
            else
            {
                report.Error(
                    ErrorCode.MissingMember,
                    entry ?? activity,
                    "An entry of 'dependsOn' names no activity; expected {\"activity\": \"A\", \"dependencyConditions\": [\"Succeeded\"]}.");
            }
        }

        return loaded.ToImmutable();
    }

    private static ImmutableArray<DependencyCondition> Conditions(JsonObject entry, DefinitionReport report)
    {
        var written = entry.Member("dependencyConditions") switch
        {
            JsonArray array => array.ToArray(),
            null => [],
            var single => [single],
        };
        var conditions = new List<DependencyCondition>();
        foreach (var node in written)
        {
            if (Enum.TryParse<DependencyCondition>(node.AsText(), ignoreCase: true, out var condition)
                && Enum.IsDefined(condition) && node.AsInteger() is null)
            {
                if (!conditions.Contains(condition))
                {
                    conditions.Add(condition);
                }
            }
            else
            {
                report.Error(
                    ErrorCode.UnknownDependencyCondition,
                    node ?? entry,
                    $"Found '{node.AsText() ?? node.Describe()}' in 'dependencyConditions', expected Succeeded, "
                    + "Failed, Skipped or Completed.");
            }
        }

        return conditions.Count == 0 ? [DependencyCondition.Succeeded] : [.. conditions];
    }
}
