using System.Net.Http.Headers;
using Auspex.Server.Api.Factories;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Malformed calls of every operation: each gets Azure's error body, and none is a mistake of ours.</summary>
/// <remarks>The seed is new each time and printed; AUSPEX_FUZZ_SEED repeats one.</remarks>
public sealed class ManagementFuzzScenarios
{
    private const int Calls = 3000;

    private static readonly string[] Bodies =
    [
        """{"properties": {"activities": [{"name": "A", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}], "parameters": {"p": {"type": "String", "defaultValue": "x"}}}}""",
        """{"properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": {"type": "SecureString", "value": "AccountName=a;AccountKey=b;"}}}}""",
        """{"properties": {"type": "DelimitedText", "linkedServiceName": {"referenceName": "store", "type": "LinkedServiceReference"}, "typeProperties": {}}}""",
        """{"properties": {"type": "ScheduleTrigger", "pipelines": [{"pipelineReference": {"referenceName": "p", "type": "PipelineReference"}}], "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1}}}}""",
        """{"properties": {"limit": {"type": "Int", "value": 1}}}""",
        """{"location": "x", "tags": {"a": "b"}, "properties": {"globalParameters": {"g": {"type": "String", "value": "v"}}}}""",
        """{"lastUpdatedAfter": "2020-01-01T00:00:00Z", "lastUpdatedBefore": "2099-01-01T00:00:00Z", "continuationToken": "x", "filters": [{"operand": "Status", "operator": "In", "values": ["Succeeded", "Failed"]}], "orderBy": [{"orderBy": "RunStart", "order": "DESC"}]}""",
        """{"keyName": "authKey1"}""",
        """{"newName": "p2"}""",
        """[{"eventType": "Microsoft.Storage.BlobCreated", "subject": "/blobServices/default/containers/c/blobs/x", "id": "1", "eventTime": "2026-01-01T00:00:00Z", "data": {}}]""",
    ];

    [Fact]
    public async Task AnyCall_HoweverMalformed_GetsAzuresAnswer()
    {
        await using var server = await ServerHarness.StartAsync();
        await FuzzCalls.RunAsync(server, Calls, () => RestoreAsync(server), random => MakeRequest(random, server));
    }

    // Calls delete things too, and then all that follow would only hear that nothing is there.
    private static async Task RestoreAsync(ServerHarness server)
    {
        var factory = FuzzCalls.Fill(FactoryOperation.FactoryPath, _ => "fuzz-factory");
        foreach (var (path, body) in new (string, string)[]
        {
            ("", Bodies[5]), ("/pipelines/p", Bodies[0]), ("/linkedservices/store", Bodies[1]), ("/datasets/table", Bodies[2]), ("/triggers/daily", Bodies[3]),
            ("/integrationRuntimes/host", """{"properties": {"type": "SelfHosted"}}"""),
        })
        {
            await server.ManageAsync(HttpMethod.Put, $"{factory}{path}?api-version=2018-06-01", body);
        }
    }

    private static HttpRequestMessage MakeRequest(Random random, ServerHarness server)
    {
        var operation = FuzzCalls.Pick(random, [.. FactoryOperation.All]);
        var path = operation.SynapsePath is { } synapse && (operation.IsSynapseOnly || random.Next(3) == 0) ? synapse : operation.FullPath;
        path = random.Next(20) == 0 ? "/api/auspex/factories/fuzz-factory/events" : path;
        var isSynapse = !path.StartsWith("/subscriptions", StringComparison.Ordinal);
        var target = FuzzCalls.Fill(path, name => name == "factory" && random.Next(10) > 0 ? "fuzz-factory" : FuzzCalls.Pick(random, FuzzCalls.Names)) + Query(random, isSynapse);
        var method = random.Next(12) == 0 ? FuzzCalls.Pick(random, ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "QUERY"]) : operation.Method;
        var uri = new Uri(
            server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (random.Next(30) > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Server.SessionOwnerToken);
        }

        if (random.Next(8) == 0)
        {
            request.Headers.TryAddWithoutValidation(
                FuzzCalls.Pick(random, ["If-Match", "If-None-Match", "Accept", "Host"]), FuzzCalls.Pick(random, ["*", "\"", "W/\"x\"", ",,,", "a\\\"b", "fuzz-factory.dev.local"]));
        }

        if (method is not "GET" && random.Next(10) > 0)
        {
            request.Content = new ByteArrayContent(FuzzCalls.Body(random, Bodies));
            request.Content.Headers.TryAddWithoutValidation(
                "Content-Type", FuzzCalls.Pick(random, ["application/json", "application/json; charset=utf-16", "text/plain", "x/y/z", ""]));
        }

        return request;
    }

    private static string Query(Random random, bool isSynapse)
    {
        var version = random.Next(15) switch
        {
            0 => "",
            1 => "api-version=1999-01-01&",
            2 => "api-version=2018-06-01&api-version=x&",
            _ => isSynapse ? "api-version=2020-12-01&" : "api-version=2018-06-01&",
        };
        var more = random.Next(6) != 0
            ? ""
            : FuzzCalls.Pick(random,
            [
                "isRecursive=maybe", "isRecovery=true", "referencePipelineRunId=x", "referencePipelineRunId=11111111-1111-1111-1111-111111111111",
                "startActivityName=none&referencePipelineRunId=11111111-1111-1111-1111-111111111111", "startFromFailure=1", "$skipToken=%00", "%FF=%FF", "&&&=", "code=x",
            ]);
        return $"?{version}{more}";
    }
}
