using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Expressions.Typing;

namespace Auspex.Definitions.Validation;

/// <summary>What <c>activity('A')</c> gives, by the activity's type and by what its definition asks for.</summary>
internal static class ActivityOutputs
{
    // Beside its own members nearly every output has these.
    private const string Common = "effectiveIntegrationRuntime:- executionDuration:- durationInQueue:- billingReference:-";

    private static readonly OutputShape Error = OutputShape.Of("errorCode:- message:- failureType:- target:- details:-");

    private static readonly FrozenDictionary<string, OutputShape> ByType = new Dictionary<string, OutputShape>
    {
        ["Copy"] = OutputShape.Of(
            """
            dataRead:n dataWritten:n filesRead:n filesWritten:n filesSkipped:n rowsRead:n rowsCopied:n rowsSkipped:n copyDuration:n throughput:n
            sourcePeakConnections:n sinkPeakConnections:n usedDataIntegrationUnits:- usedParallelCopies:- logFilePath:- redirectRowPath:-
            sqlDwPolyBase:- errors:a executionDetails:a dataConsistencyVerification:- reportLineageToPurview:- resumeFilePath:- profile:-
            skippedFiles:- skippedRows:- usedCloudDataMovementUnits:- logPath:- usedStaging:- copyAttempts:- rowsAffected:-
            """ + " " + Common),
        ["Delete"] = OutputShape.Of(
            "datasetName:- type:- path:- prefix:- wildcard:- recursive:- isWildcardUsed:- maxConcurrentConnections:- filesDeleted:n foldersDeleted:n logPath:- "
            + Common),
        ["SqlServerStoredProcedure"] = OutputShape.Of("recordsAffected:- " + Common),
        ["Script"] = OutputShape.Of(
            "resultSetCount:i recordsAffected:n outputParameters:- outputLogs:- outputLogsLocation:- outputTruncated:- " + Common,
            ("resultSets", OutputShape.ArrayOf(OutputShape.Of("rowCount:i rows:a")))),
        ["Custom"] = OutputShape.Of("exitcode:- outputs:a customOutput:- computeInformation:- " + Common),
        ["Filter"] = OutputShape.Of("Value:a ItemsCount:i FilteredItemsCount:i") with { IsComplete = true },
        ["SetVariable"] = OutputShape.Of("name:- value:-"),
        ["AppendVariable"] = OutputShape.Of("name:- value:-"),
        ["Wait"] = OutputShape.Of(Common),
        ["Validation"] = OutputShape.Of("exists:b itemName:s itemType:s size:n lastModified:s childItems:a " + Common),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, OutputShape> MetadataFields = new Dictionary<string, OutputShape>
    {
        ["itemName"] = new(ValueTypes.Text),
        ["itemType"] = new(ValueTypes.Text),
        ["size"] = new(ValueTypes.Number),
        ["created"] = new(ValueTypes.Any),
        ["lastModified"] = new(ValueTypes.Text),
        ["childItems"] = OutputShape.ArrayOf(OutputShape.Of("name:s type:s") with { IsComplete = true }),
        ["contentMD5"] = new(ValueTypes.Any),
        ["structure"] = OutputShape.ArrayOf(OutputShape.Anything),
        ["columnCount"] = new(ValueTypes.Integer),
        ["exists"] = new(ValueTypes.Boolean),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The fields that a GetMetadata can be asked for.</summary>
    public static IEnumerable<string> KnownMetadataFields => MetadataFields.Keys.Order(StringComparer.Ordinal);

    /// <summary>The whole of <c>activity('A')</c>.</summary>
    public static OutputShape Of(ActivityDefinition activity, FactoryDefinition factory) => OutputShape.Of(
        """
        status:s name:- activityName:- activityType:- activityRunId:- pipelineRunId:- pipelineName:- input:- duration:- durationInMs:- startTime:- endTime:-
        executionStartTime:- executionEndTime:- activityRunStart:- activityRunEnd:- statusCode:- userProperties:- recoveryStatus:- retryAttempt:-
        iterationHash:- integrationRuntimeNames:- linkedServiceName:- id:- action:- additionalProperties:-
        """,
        ("output", Output(activity, factory)),
        ("error", Error));

    private static OutputShape Output(ActivityDefinition activity, FactoryDefinition factory) => activity.Type.ToUpperInvariant() switch
    {
        _ when activity.TypeProperties.Parent is null && ArmText.IsExpression(activity.Source.Member("typeProperties")) => OutputShape.Anything,
        "LOOKUP" => Lookup(activity),
        "GETMETADATA" => Metadata(activity),
        "EXECUTEPIPELINE" => Child(activity, factory),
        _ => ByType.GetValueOrDefault(activity.Type) ?? OutputShape.Anything,
    };

    private static OutputShape Lookup(ActivityDefinition activity)
    {
        var written = activity.TypeProperties.Member("firstRowOnly");
        var one = written is null ? true : written.AsExpression() is null ? written.AsBoolean() : null;
        return one switch
        {
            true => OutputShape.Of(Common, ("firstRow", new OutputShape(ValueTypes.Object))) with { IsComplete = true },
            false => OutputShape.Of("count:i value:a " + Common) with { IsComplete = true },
            null => OutputShape.Of("count:i value:a firstRow:o " + Common) with { IsComplete = true },
        };
    }

    // Asked for by an expression, any of the fields may be there.
    private static OutputShape Metadata(ActivityDefinition activity)
    {
        if (activity.TypeProperties.ArrayMember("fieldList") is not { Count: > 0 } list)
        {
            return OutputShape.Anything;
        }

        var isOpen = list.Any(field => field.AsExpression() is not null || field.AsText() is null);
        var fields = isOpen ? MetadataFields.Keys : list.Select(field => field.AsText()!);
        var shape = OutputShape.Of(
            Common, [.. fields.Distinct(StringComparer.OrdinalIgnoreCase).Select(field => (field, MetadataFields.GetValueOrDefault(field, OutputShape.Anything)))]);
        return shape with { IsComplete = true };
    }

    private static OutputShape Child(ActivityDefinition activity, FactoryDefinition factory)
    {
        var target = ReferenceLoader.Load(activity.TypeProperties.Member("pipeline"));
        var returned = target is not null && factory.Pipelines.TryGetValue(target.ReferenceName, out var pipeline)
            ? ReturnValues(pipeline)
            : OutputShape.Anything;
        return OutputShape.Of("pipelineRunId:s pipelineName:s " + Common, ("pipelineReturnValue", returned));
    }

    // A pipeline returns what its SetVariables of pipelineReturnValue name; a list that is itself computed may hold anything.
    private static OutputShape ReturnValues(PipelineDefinition pipeline)
    {
        var keys = new List<(string, OutputShape)>();
        foreach (var place in ActivityPlace.All(pipeline).Where(place => place.Is("SetVariable")))
        {
            var properties = place.Activity.TypeProperties;
            if (properties.BooleanMember("setSystemVariable") != true)
            {
                continue;
            }

            if (properties.Member("value") is not JsonArray entries)
            {
                return OutputShape.Anything;
            }

            foreach (var entry in entries)
            {
                if ((entry as JsonObject)?.Member("key") is not { } key || key.AsExpression() is not null || key.AsText() is not { } name)
                {
                    return OutputShape.Anything;
                }

                keys.Add((name, OutputShape.Anything));
            }
        }

        return OutputShape.Of(string.Empty, [.. keys]) with { IsComplete = true };
    }
}
