using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Reads the lists of inner activities of the containers.</summary>
internal static class BranchLoader
{
    /// <summary>The members of <c>typeProperties</c> that hold inner activities.</summary>
    public static FrozenSet<string> Members { get; } = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "activities", "ifTrueActivities", "ifFalseActivities", "cases", "defaultActivities");

    public static ImmutableArray<ActivityBranch> Load(
        string? type,
        JsonObject typeProperties,
        DefinitionReport report) =>
        type?.ToUpperInvariant() switch
        {
            "FOREACH" or "UNTIL" => Named(typeProperties, report, "activities"),
            "IFCONDITION" => Named(typeProperties, report, "ifTrueActivities", "ifFalseActivities"),
            "SWITCH" => [.. Cases(typeProperties, report), .. Named(typeProperties, report, "defaultActivities")],
            _ => [],
        };

    private static ImmutableArray<ActivityBranch> Named(
        JsonObject parent,
        DefinitionReport report,
        params ReadOnlySpan<string> names)
    {
        var branches = ImmutableArray.CreateBuilder<ActivityBranch>();
        foreach (var name in names)
        {
            if (parent.Member(name) is not null)
            {
                branches.Add(new ActivityBranch(name, ActivityLoader.LoadList(parent, name, report)));
            }
        }

        return branches.ToImmutable();
    }

    private static IEnumerable<ActivityBranch> Cases(JsonObject typeProperties, DefinitionReport report)
    {
        switch (typeProperties.Member("cases"))
        {
            case null:
                yield break;
            case JsonArray cases:
                foreach (var json in cases.OfType<JsonObject>())
                {
                    var value = json.TextMember("value") ?? string.Empty;
                    yield return new ActivityBranch($"case:{value}", ActivityLoader.LoadList(json, "activities", report));
                }

                break;
            default:
                report.WrongType(typeProperties, "cases", "an array of {\"value\", \"activities\"}");
                break;
        }
    }
}
