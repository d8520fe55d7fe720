using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Planning;

/// <summary>What a member is when nobody writes it, so that writing it changes nothing.</summary>
internal static class TypeDefaults
{
    // A line per type of what a service assumes; values are JSON.
    private const string Table =
        """
        activity state="Active" onInactiveMarkAs="Succeeded"
        policy timeout="0.12:00:00" retry=0 retryIntervalInSeconds=30 secureInput=false secureOutput=false
        ForEach isSequential=false batchCount=20
        Lookup firstRowOnly=true
        ExecutePipeline waitOnCompletion=true
        Until timeout="7.00:00:00"
        Delete recursive=false enableLogging=false
        Copy enableStaging=false enableSkipIncompatibleRow=false validateDataConsistency=false
        WebActivity disableCertValidation=false turnOffAsync=false httpRequestTimeout="00:01:00"
        WebHook timeout="00:10:00" reportStatusOnCallBack=false
        Validation sleep=10
        Custom retentionTimeInDays=30
        SetVariable setSystemVariable=false
        DelimitedText columnDelimiter="," quoteChar="\"" escapeChar="\\" firstRowAsHeader=false nullValue=""
        Sftp port=22
        FtpServer port=21 enableSsl=true enableServerCertificateValidation=true
        HttpServer enableServerCertificateValidation=true
        RestService enableServerCertificateValidation=true
        PostgreSqlV2 port=5432
        TumblingWindowTrigger delay="00:00:00"
        retryPolicy count=0 intervalInSeconds=30
        BlobEventsTrigger ignoreEmptyBlobs=true
        recurrence timeZone="UTC" interval=1
        ReadSettings recursive=true enablePartitionDiscovery=false deleteFilesAfterCompletion=false disableMetricsCollection=false
        WriteSettings copyBehavior="PreserveHierarchy" disableMetricsCollection=false
        HttpReadSettings requestMethod="GET"
        RestSource requestMethod="GET" httpRequestTimeout="00:01:40" disableMetricsCollection=false
        Source partitionOption="None" queryTimeout="02:00:00" disableMetricsCollection=false
        Sink sqlWriterUseTableLock=false disableMetricsCollection=false
        JsonWriteSettings filePattern="setOfObjects"
        """;

    private static readonly FrozenDictionary<string, (string Member, JsonNode Value)[]> ByType = Table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .ToFrozenDictionary(
            words => words[0],
            words => words[1..].Select(word => word.Split('=', 2)).Select(pair => (pair[0], JsonNode.Parse(pair[1])!)).ToArray(),
            StringComparer.OrdinalIgnoreCase);

    // Lists and maps whose absence is the same as their emptiness.
    private static readonly FrozenSet<string> EmptyIsAbsent = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "dependsOn", "userProperties", "annotations", "parameters", "variables", "policy", "typeProperties", "ifTrueActivities", "ifFalseActivities",
        "defaultActivities", "cases", "inputs", "outputs", "schema", "structure", "datasets", "linkedServices", "headers", "storedProcedureParameters",
        "preserveRules", "preserve", "folder", "runDimensions", "globalParameters", "arguments", "defines", "additionalColumns", "stagingSettings");

    /// <summary>Whether a member with this value says what is assumed without it.</summary>
    /// <param name="type">The type of the object, or the name of the member that holds it: <c>ForEach</c>, <c>policy</c>.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value, normalized.</param>
    public static bool IsDefault(string type, string member, JsonNode? value)
    {
        if (value is null || (value is JsonObject { Count: 0 } or JsonArray { Count: 0 } && EmptyIsAbsent.Contains(member)))
        {
            return true;
        }

        return Has(type, member, value)
            || (type.EndsWith("ReadSettings", StringComparison.OrdinalIgnoreCase) && Has("ReadSettings", member, value))
            || (type.EndsWith("WriteSettings", StringComparison.OrdinalIgnoreCase) && Has("WriteSettings", member, value))
            || (type.EndsWith("Source", StringComparison.OrdinalIgnoreCase) && Has("Source", member, value))
            || (type.EndsWith("Sink", StringComparison.OrdinalIgnoreCase) && Has("Sink", member, value));
    }

    private static bool Has(string type, string member, JsonNode value) =>
        ByType.TryGetValue(type, out var defaults)
        && defaults.Any(entry => string.Equals(entry.Member, member, StringComparison.OrdinalIgnoreCase) && JsonNode.DeepEquals(SemanticJson.Scalar(entry.Value), value));
}
