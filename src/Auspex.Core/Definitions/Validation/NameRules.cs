using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Names that Data Factory would refuse, and activities that share a name.</summary>
internal static partial class NameRules
{
    // Data Factory's naming article: an activity's name has at most 55 characters.
    private const int ActivityNameLength = 55;

    private static readonly SearchValues<char> RefusedInActivities = SearchValues.Create(@".+?/<>*%&:\");

    public static void CheckResource(string kind, string name, int longest, JsonObject source, DefinitionReport report)
    {
        if (name.Length > longest)
        {
            TooLong(kind, name, longest, source, report);
        }

        if (!ResourceName().IsMatch(name))
        {
            report.Add(
                ErrorCode.InvalidName,
                DiagnosticSeverity.Warning,
                source,
                "name",
                $"The name of the {kind} '{name}' would be refused by Data Factory: it begins with a letter, a "
                + "digit or '_' and has none of "
                + "< > * # . % & : \\ + ? /");
        }
    }

    public static void CheckActivities(PipelineDefinition pipeline, DefinitionReport report)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var place in ActivityPlace.All(pipeline))
        {
            var activity = place.Activity;
            if (!seen.Add(activity.Name))
            {
                report.Add(
                    ErrorCode.DuplicateActivity,
                    DiagnosticSeverity.Error,
                    activity.Source,
                    "name",
                    $"The pipeline '{pipeline.Name}' has two activities named '{activity.Name}' (names are "
                    + "compared ignoring case, and those "
                    + "inside containers count). Rename one.");
            }

            if (activity.Name.Length > ActivityNameLength)
            {
                TooLong("activity", activity.Name, ActivityNameLength, activity.Source, report);
            }

            if (activity.Name.AsSpan().ContainsAny(RefusedInActivities))
            {
                report.Add(
                    ErrorCode.InvalidName,
                    DiagnosticSeverity.Warning,
                    activity.Source,
                    "name",
                    $"The name of the activity '{activity.Name}' would be refused by Data Factory: it may have "
                    + "none of . + ? / < > * % & : \\");
            }
        }
    }

    private static void TooLong(string kind, string name, int longest, JsonObject source, DefinitionReport report) =>
        report.Add(
            ErrorCode.InvalidName,
            DiagnosticSeverity.Warning,
            source,
            "name",
            $"The name of the {kind} '{name}' has {name.Length} characters; Data Factory allows {longest}.");

    [GeneratedRegex(@"^[A-Za-z0-9_][^<>*#.%&:\\+?/]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ResourceName();
}
