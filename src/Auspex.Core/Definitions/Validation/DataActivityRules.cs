using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Activities that move or read data: their sources, sinks, datasets and fields fit each other.</summary>
internal static class DataActivityRules
{
    // Formats whose source and sink bear the dataset type's name.
    private static readonly string[] Formats = ["DelimitedText", "Json", "Parquet", "Avro", "Orc", "Binary", "Xml", "Excel"];
    private static readonly string[] SourceOnly = ["Xml", "Excel"];

    public static void Check(ActivityDefinition activity, FactoryDefinition factory, DefinitionReport report)
    {
        switch (activity.Type.ToUpperInvariant())
        {
            case "COPY":
                CheckEnd(activity, "source", "Source", DatasetOf(activity.Source.ArrayMember("inputs")?.FirstOrDefault(), factory), report);
                CheckEnd(activity, "sink", "Sink", DatasetOf(activity.Source.ArrayMember("outputs")?.FirstOrDefault(), factory), report);
                break;
            case "LOOKUP":
                var dataset = DatasetOf(activity.TypeProperties.Member("dataset"), factory);
                CheckEnd(activity, "source", "Source", dataset, report);
                if (dataset is not null && Is(dataset.Type, "Binary"))
                {
                    report.Add(
                        ErrorCode.FormatMismatch,
                        DiagnosticSeverity.Error,
                        activity.TypeProperties,
                        "dataset",
                        $"Lookup '{activity.Name}' reads the dataset '{dataset.Name}', which is Binary and has no rows. Use a dataset of the files' format.");
                }

                break;
            case "GETMETADATA":
                CheckFields(activity, report);
                break;
            case "SCRIPT":
                CheckScripts(activity, report);
                break;
        }
    }

    private static void CheckEnd(ActivityDefinition activity, string member, string ending, DatasetDefinition? dataset, DefinitionReport report)
    {
        if (activity.TypeProperties.ObjectMember(member) is not { } end || end.AsExpression() is not null || activity.TypeProperties.Parent is null)
        {
            return;
        }

        if (end.TextMember("type") is not { Length: > 0 } type)
        {
            report.Error(
                ErrorCode.MissingMember,
                end,
                $"The {member} of {activity.Type} '{activity.Name}' has no 'type'"
                + (dataset is not null && Formats.Contains(dataset.Type, StringComparer.OrdinalIgnoreCase) ? $"; expected \"{dataset.Type}{ending}\"." : ", such as \"DelimitedTextSource\"."));
            return;
        }

        if (dataset is null || ArmText.IsExpression(type) || end.Member("type").AsExpression() is not null)
        {
            return;
        }

        var ofDataset = Formats.FirstOrDefault(format => Is(format, dataset.Type));
        var ofEnd = Formats.FirstOrDefault(format => Is(format + ending, type));
        if (ending == "Sink" && ofDataset is not null && SourceOnly.Contains(ofDataset))
        {
            report.Add(
                ErrorCode.FormatMismatch,
                DiagnosticSeverity.Error,
                end,
                "type",
                $"Copy '{activity.Name}' writes to the dataset '{dataset.Name}' of the format {dataset.Type}, which can only be read.");
        }
        else if (ofDataset is not null && ofEnd is not null && ofDataset != ofEnd)
        {
            report.AddAt(
                ErrorCode.FormatMismatch,
                DiagnosticSeverity.Error,
                JsonPath.Member(JsonPath.Of(end), end.MemberName("type")!),
                $"The {member} of {activity.Type} '{activity.Name}' is a {type}, but its dataset '{dataset.Name}' is {dataset.Type}; expected {ofDataset}{ending}.",
                ofDataset + ending);
        }
    }

    private static void CheckFields(ActivityDefinition activity, DefinitionReport report)
    {
        foreach (var field in activity.TypeProperties.ArrayMember("fieldList") ?? [])
        {
            if (field?.AsText() is { } name && field.AsExpression() is null && !ArmText.IsExpression(field)
                && !ActivityOutputs.KnownMetadataFields.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                report.Error(
                    ErrorCode.UnknownValue,
                    field,
                    $"GetMetadata '{activity.Name}' asks for the field '{name}', which does not exist; the fields are "
                    + $"{string.Join(", ", ActivityOutputs.KnownMetadataFields)}.{NearestName.Hint(name, ActivityOutputs.KnownMetadataFields)}");
            }
        }
    }

    private static void CheckScripts(ActivityDefinition activity, DefinitionReport report)
    {
        foreach (var script in activity.TypeProperties.ArrayMember("scripts")?.OfType<JsonObject>() ?? [])
        {
            foreach (var member in (ReadOnlySpan<string>)["text", "type"])
            {
                if (script.Member(member) is null)
                {
                    report.Error(ErrorCode.MissingMember, script, $"A script of Script '{activity.Name}' has no '{member}', which it needs.");
                }
            }

            if (script.Member("type") is { } type && type.AsExpression() is null && type.AsText() is { } text
                && !Is(text, "Query") && !Is(text, "NonQuery"))
            {
                report.Error(
                    ErrorCode.UnknownValue,
                    type,
                    $"Found '{text}' for the 'type' of a script of Script '{activity.Name}', expected Query or NonQuery.{NearestName.Hint(text, ["Query", "NonQuery"])}");
            }
        }
    }

    private static DatasetDefinition? DatasetOf(JsonNode? reference, FactoryDefinition factory) =>
        ReferenceLoader.Load(reference) is { } target ? factory.Datasets.GetValueOrDefault(target.ReferenceName) : null;

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
