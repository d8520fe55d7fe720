using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Server.Api.Factories;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Malformed calls of every operation: each gets Azure's error body, and none is a mistake of ours.</summary>
/// <remarks>The seed is new each time and printed; AUSPEX_FUZZ_SEED repeats one.</remarks>
public sealed class ManagementFuzzScenarios
{
    private const int Calls = 3000;

    private static readonly string[] Names =
    [
        "p", "P", "flow", "store", "table", "daily", "default", "host", "fuzz-factory", "a%20b", "a%2Fb", "%00", "%0A", "%C3%A9", "%FF", "%E2%82",
        "..", ".", "a.b", "%25", "%3F", "*", "%3Cx%3E", "a:b", "AutoResolveIntegrationRuntime", "CON", "aux", "%20x%20", "x%7F", "-",
        "11111111-1111-1111-1111-111111111111", "%F0%9F%98%80", "'", "%22", "{name}", "$skipToken",
    ];

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

    private static readonly string[] Values =
    [
        "null", "true", "-1", "1e999", "12345678901234567890", "\"\"", "\"**********\"", "\"@{\"", "\"@pipeline().x\"", "[]", "{}", "[[]]", "\"\\ud800\"",
        "{\"type\": \"Expression\", \"value\": 1}", "{\"referenceName\": \"none\", \"type\": \"DatasetReference\"}", "\"9999-99-99T99:99:99Z\"", "\"\\u0000\"",
        "{\"type\": \"SecureString\", \"value\": \"x\"}",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyCall_HoweverMalformed_GetsAzuresAnswer()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AUSPEX_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"AUSPEX_FUZZ_SEED={seed}");
        var random = new Random(seed);
        await using var server = await ServerHarness.StartAsync();
        var accepted = 0;
        for (var call = 0; call < Calls; call++)
        {
            if (call % 50 == 0)
            {
                await RestoreAsync(server);
            }

            using var request = MakeRequest(random, server);
            var asked = $"seed {seed}, call {call}: {request.Method} {request.RequestUri!.OriginalString}";
            using var response = await server.Http.SendAsync(request, Cancellation);
            var body = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True((int)response.StatusCode < 500, $"{asked} gave {(int)response.StatusCode}: {body}");

            accepted += response.IsSuccessStatusCode ? 1 : 0;

            // What is no HTTP at all (a zero byte in the path, no host name) never reaches this server's code: the connection ends.
            var isNoHttp = (int)response.StatusCode == 400 && body.Length == 0 && response.Headers.ConnectionClose == true;
            if ((int)response.StatusCode >= 400 && !isNoHttp)
            {
                Assert.True(IsAzureError(body), $"{asked} gave {(int)response.StatusCode} with the body '{body}'");
            }
        }

        Assert.True(accepted > Calls / 20, $"Only {accepted} of {Calls} calls were accepted: the others said nothing of what lies deeper.");
    }

    // Calls delete things too, and then all that follow would only hear that nothing is there.
    private static async Task RestoreAsync(ServerHarness server)
    {
        var factory = Fill(FactoryOperation.FactoryPath, _ => "fuzz-factory");
        foreach (var (path, body) in new (string, string)[]
        {
            ("", Bodies[5]), ("/pipelines/p", Bodies[0]), ("/linkedservices/store", Bodies[1]), ("/datasets/table", Bodies[2]), ("/triggers/daily", Bodies[3]),
            ("/integrationRuntimes/host", """{"properties": {"type": "SelfHosted"}}"""),
        })
        {
            await server.ManageAsync(HttpMethod.Put, $"{factory}{path}?api-version=2018-06-01", body);
        }
    }

    private static bool IsAzureError(string body)
    {
        try
        {
            var error = JsonNode.Parse(body)?["error"];
            return (string?)error?["code"] is { Length: > 0 } && (string?)error["message"] is { Length: > 0 } && error["details"] is JsonArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static HttpRequestMessage MakeRequest(Random random, ServerHarness server)
    {
        var operation = Pick(random, [.. FactoryOperation.All]);
        var path = operation.SynapsePath is { } synapse && (operation.IsSynapseOnly || random.Next(3) == 0) ? synapse : operation.FullPath;
        path = random.Next(20) == 0 ? "/api/auspex/factories/fuzz-factory/events" : path;
        var isSynapse = !path.StartsWith("/subscriptions", StringComparison.Ordinal);
        var target = Fill(path, name => name == "factory" && random.Next(10) > 0 ? "fuzz-factory" : Pick(random, Names)) + Query(random, isSynapse);
        var method = random.Next(12) == 0 ? Pick(random, ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "QUERY"]) : operation.Method;
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
                Pick(random, ["If-Match", "If-None-Match", "Accept", "Host"]), Pick(random, ["*", "\"", "W/\"x\"", ",,,", "a\\\"b", "fuzz-factory.dev.local"]));
        }

        if (method is not "GET" && random.Next(10) > 0)
        {
            request.Content = new ByteArrayContent(Body(random));
            request.Content.Headers.TryAddWithoutValidation(
                "Content-Type", Pick(random, ["application/json", "application/json; charset=utf-16", "text/plain", "x/y/z", ""]));
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
            : Pick(random,
            [
                "isRecursive=maybe", "isRecovery=true", "referencePipelineRunId=x", "referencePipelineRunId=11111111-1111-1111-1111-111111111111",
                "startActivityName=none&referencePipelineRunId=11111111-1111-1111-1111-111111111111", "startFromFailure=1", "$skipToken=%00", "%FF=%FF", "&&&=", "code=x",
            ]);
        return $"?{version}{more}";
    }

    private static byte[] Body(Random random)
    {
        var text = Pick(random, Bodies);
        switch (random.Next(10))
        {
            case 0:
                return Encoding.UTF8.GetBytes(text[..random.Next(text.Length)]);
            case 1:
                var bytes = Encoding.UTF8.GetBytes(text);
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                var depth = random.Next(20, 3000);
                return Encoding.UTF8.GetBytes("{\"properties\":" + string.Concat(Enumerable.Repeat("{\"a\":[", depth)) + "1" + string.Concat(Enumerable.Repeat("]}", depth)) + "}");
            case 3:
                return Encoding.UTF8.GetBytes(Pick(random, Values));
            case 4:
                return Encoding.UTF8.GetBytes(text.Replace("\"properties\"", "\"name\": \"other\", \"properties\"", StringComparison.Ordinal).Replace("{\"", "{\"x\": 1, \"x\": 2, \"", StringComparison.Ordinal));
            case 5:
                return Encoding.UTF8.GetBytes(text);
            default:
                return Encoding.UTF8.GetBytes(Mutate(random, text));
        }
    }

    // Puts odd values in the place of members, as text, so that values that no JSON tree can hold come through as well.
    private static string Mutate(Random random, string text)
    {
        var root = JsonNode.Parse(text)!;
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            var parents = Flatten(root).Where(node => node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }).ToList();
            if (parents.Count == 0)
            {
                break;
            }

            switch (Pick(random, [.. parents]))
            {
                case JsonObject json:
                    json[Pick(random, [.. json.Select(member => member.Key)])] = $"#{random.Next(Values.Length)}#";
                    break;
                case JsonArray array:
                    array[random.Next(array.Count)] = $"#{random.Next(Values.Length)}#";
                    break;
            }
        }

        var mutated = root.ToJsonString();
        for (var index = 0; index < Values.Length; index++)
        {
            mutated = mutated.Replace($"\"#{index}#\"", Values[index], StringComparison.Ordinal);
        }

        return mutated;
    }

    private static IEnumerable<JsonNode> Flatten(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => Flatten(member.Value)).Prepend(json),
        JsonArray array => array.SelectMany(Flatten).Prepend(array),
        _ => [],
    };

    private static string Fill(string path, Func<string, string> valueOf)
    {
        var filled = new StringBuilder();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            filled.Append('/').Append(part is ['{', .., '}'] ? valueOf(part[1..^1]) : part);
        }

        return filled.ToString();
    }

    private static T Pick<T>(Random random, T[] all) => all[random.Next(all.Length)];
}
