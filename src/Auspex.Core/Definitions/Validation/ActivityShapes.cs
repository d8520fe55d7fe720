using System.Collections.Frozen;

namespace Auspex.Definitions.Validation;

/// <summary>What a member of <c>typeProperties</c> must be when it is no expression.</summary>
internal enum MemberShape
{
    Any,
    Text,
    Integer,
    Boolean,
    Object,
    Array,
    Reference,
    Expression,
}

/// <summary>A member that an activity of some type has.</summary>
internal sealed record ShapeMember(string Name, bool IsRequired, MemberShape Shape);

/// <summary>The members of an activity type.</summary>
/// <param name="Members">Those of <c>typeProperties</c> that are checked; others are left alone.</param>
/// <param name="NeedsLinkedService">Whether <c>linkedServiceName</c> must be there.</param>
internal sealed record ActivityShape(IReadOnlyList<ShapeMember> Members, bool NeedsLinkedService);

/// <summary>The activity types of the 2018-06-01 model: what each must have.</summary>
internal static class ActivityShapes
{
    // A line per type: `!` needs a linked service; `*` marks a required member; the letter says what it must be: e an
    // expression object or text, t text, i integer, b boolean, o object, a array, r reference, - anything.
    private const string Table =
        """
        AzureMLBatchExecution! globalParameters:o
        AzureMLUpdateResource! trainedModelName*:t
        AzureMLExecutePipeline! mlPipelineId:t mlPipelineEndpointId:t experimentName:t mlPipelineParameters:o dataPathAssignments:o continueOnStepFailure:b
        Copy source*:o sink*:o enableStaging:b stagingSettings:o parallelCopies:i dataIntegrationUnits:i enableSkipIncompatibleRow:b preserve:a validateDataConsistency:b
        Lookup source*:o dataset*:r firstRowOnly:b
        GetMetadata dataset*:r fieldList:a storeSettings:o formatSettings:o
        Delete dataset*:r recursive:b maxConcurrentConnections:i enableLogging:b storeSettings:o
        Validation dataset*:r sleep:i minimumSize:i childItems:b
        WebActivity method*:t url*:- headers:o authentication:o disableCertValidation:b
        WebHook method*:t url*:- headers:o reportStatusOnCallBack:b
        AzureFunctionActivity! method*:t functionName*:- headers:o
        SqlServerStoredProcedure! storedProcedureName*:- storedProcedureParameters:o
        Script! scripts*:a
        Custom! command*:- extendedProperties:o referenceObjects:o
        HDInsightHive! defines:o arguments:a
        HDInsightPig! defines:o
        HDInsightMapReduce! className*:- jarFilePath*:- arguments:a defines:o
        HDInsightStreaming! mapper*:- reducer*:- input*:- output*:- filePaths*:a arguments:a defines:o
        HDInsightSpark! rootPath*:- entryFilePath*:- arguments:a sparkConfig:o
        DataLakeAnalyticsU-SQL! scriptPath*:- scriptLinkedService*:r degreeOfParallelism:i priority:i
        DatabricksNotebook! notebookPath*:- baseParameters:o libraries:a
        DatabricksSparkJar! mainClassName*:- parameters:a libraries:a
        DatabricksSparkPython! pythonFile*:- parameters:a libraries:a
        DatabricksJob! jobId*:-
        AzureDataExplorerCommand! command*:-
        ExecuteDataFlow dataFlow*:r
        ExecuteSSISPackage packageLocation*:o connectVia*:r
        SynapseNotebook notebook*:r parameters:o
        SparkJob sparkJob*:r
        ExecutePipeline pipeline*:r parameters:o waitOnCompletion:b
        ForEach items*:e activities*:a isSequential:b batchCount:i
        IfCondition expression*:e ifTrueActivities:a ifFalseActivities:a
        Switch on*:e cases:a defaultActivities:a
        Until expression*:e activities*:a
        Wait waitTimeInSeconds*:i
        SetVariable variableName*:t value*:- setSystemVariable:b
        AppendVariable variableName*:t value*:-
        Filter items*:e condition*:e
        Fail message*:- errorCode*:-
        """;

    private static readonly FrozenDictionary<string, ActivityShape> ByType = Table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .ToFrozenDictionary(
            words => words[0].TrimEnd('!'),
            words => new ActivityShape([.. words[1..].Select(Member)], words[0].EndsWith('!')),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>The shape of a type; null for one that is not checked.</summary>
    public static ActivityShape? Find(string type) => ByType.GetValueOrDefault(type);

    private static ShapeMember Member(string word)
    {
        var parts = word.Split(':');
        return new ShapeMember(parts[0].TrimEnd('*'), parts[0].EndsWith('*'), parts[1] switch
        {
            "t" => MemberShape.Text,
            "i" => MemberShape.Integer,
            "b" => MemberShape.Boolean,
            "o" => MemberShape.Object,
            "a" => MemberShape.Array,
            "r" => MemberShape.Reference,
            "e" => MemberShape.Expression,
            _ => MemberShape.Any,
        });
    }
}
