using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Limits of the service that do not exist here.</summary>
internal static class LimitRules
{
    private const int Activities = 120;
    private const int Parameters = 50;
    private const int SizeInBytes = 200 * 1024;
    private const int UserProperties = 5;
    private const int SwitchCases = 25;
    private const int ForEachBatchCount = 50;

    public static void Check(PipelineDefinition pipeline, DefinitionReport report)
    {
        var places = ActivityPlace.All(pipeline).ToArray();
        if (places.Length > Activities)
        {
            Exceeds(report, pipeline.Source, "activities, inner ones included,", places.Length, Activities);
        }

        if (pipeline.Parameters.Length > Parameters)
        {
            Exceeds(report, pipeline.Source, "parameters", pipeline.Parameters.Length, Parameters);
        }

        var size = Encoding.UTF8.GetByteCount(pipeline.Source.ToJsonString());
        if (size > SizeInBytes)
        {
            Exceeds(report, pipeline.Source, "bytes of JSON", size, SizeInBytes);
        }

        foreach (var place in places)
        {
            CheckActivity(place, report);
        }
    }

    private static void CheckActivity(ActivityPlace place, DefinitionReport report)
    {
        var source = place.Activity.Source;
        if (source.ArrayMember("userProperties") is { } properties && properties.Count > UserProperties)
        {
            Exceeds(report, properties, "user properties", properties.Count, UserProperties);
        }

        var typeProperties = place.Activity.TypeProperties;
        if (place.Is("Switch") && typeProperties.ArrayMember("cases") is { } cases && cases.Count > SwitchCases)
        {
            Exceeds(report, source, "cases", cases.Count, SwitchCases);
        }

        if (place.Is("ForEach") && typeProperties.IntegerMember("batchCount") is { } batchCount and (< 1 or > ForEachBatchCount))
        {
            report.Add(
                ErrorCode.OutsideServiceRange,
                DiagnosticSeverity.Warning,
                typeProperties,
                "batchCount",
                string.Create(CultureInfo.InvariantCulture, $"Found {batchCount} for 'batchCount'; Data Factory allows 1 to {ForEachBatchCount}."));
        }
    }

    private static void Exceeds(DefinitionReport report, JsonNode node, string what, int found, int limit) =>
        report.Warning(
            ErrorCode.OutsideServiceRange,
            node,
            string.Create(CultureInfo.InvariantCulture, $"Found {found} {what} where Data Factory allows {limit}. It runs here, not there."));
}
