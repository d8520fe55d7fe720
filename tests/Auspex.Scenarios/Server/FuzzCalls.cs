using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Malformed calls: names, bodies and values that nobody should send, and what each answer must be like.</summary>
/// <remarks>The seed is new each time and printed; AUSPEX_FUZZ_SEED repeats one.</remarks>
internal static class FuzzCalls
{
    public static readonly string[] Names =
    [
        "p", "P", "flow", "store", "table", "daily", "default", "host", "fuzz-factory", "a%20b", "a%2Fb", "%00", "%0A", "%C3%A9", "%FF", "%E2%82",
        "..", ".", "a.b", "%25", "%3F", "*", "%3Cx%3E", "a:b", "AutoResolveIntegrationRuntime", "CON", "aux", "%20x%20", "x%7F", "-",
        "11111111-1111-1111-1111-111111111111", "%F0%9F%98%80", "'", "%22", "{name}", "$skipToken",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "1e999", "12345678901234567890", "\"\"", "\"**********\"", "\"@{\"", "\"@pipeline().x\"", "[]", "{}", "[[]]", "\"\\ud800\"",
        "{\"type\": \"Expression\", \"value\": 1}", "{\"referenceName\": \"none\", \"type\": \"DatasetReference\"}", "\"9999-99-99T99:99:99Z\"", "\"\\u0000\"",
        "{\"type\": \"SecureString\", \"value\": \"x\"}",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes calls; none may get a status of 500 or above, unless a store that it names does not answer, and each refusal must have Azure's error body.</summary>
    public static async Task RunAsync(ServerHarness server, int calls, Func<Task> restore, Func<Random, HttpRequestMessage> make)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AUSPEX_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"AUSPEX_FUZZ_SEED={seed}");
        var random = new Random(seed);
        var accepted = 0;
        for (var call = 0; call < calls; call++)
        {
            if (call % 50 == 0)
            {
                await restore();
            }

            using var request = make(random);
            var asked = $"seed {seed}, call {call}: {request.Method} {request.RequestUri!.OriginalString}";
            using var response = await server.Http.SendAsync(request, Cancellation);
            var body = await response.Content.ReadAsStringAsync(Cancellation);

            // Only where the address that the call itself names does not answer is a server to say: later.
            var isElsewhere = response.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable && body.Contains("No answer for", StringComparison.Ordinal);
            Assert.True((int)response.StatusCode < 500 || isElsewhere, $"{asked} gave {(int)response.StatusCode}: {body}");
            accepted += response.IsSuccessStatusCode ? 1 : 0;

            // What is no HTTP at all (a zero byte in the path, no host name) never reaches this server's code: the connection ends.
            var isNoHttp = (int)response.StatusCode == 400 && body.Length == 0 && response.Headers.ConnectionClose == true;
            if ((int)response.StatusCode >= 400 && !isNoHttp)
            {
                Assert.True(IsAzureError(body), $"{asked} gave {(int)response.StatusCode} with the body '{body}'");
            }
        }

        Assert.True(accepted > calls / 20, $"Only {accepted} of {calls} calls were accepted: the others said nothing of what lies deeper.");
    }

    public static byte[] Body(Random random, string[] bodies)
    {
        var text = Pick(random, bodies);
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

    public static string Fill(string path, Func<string, string> valueOf)
    {
        var filled = new StringBuilder();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            filled.Append('/').Append(part is ['{', .., '}'] ? valueOf(part[1..^1]) : part);
        }

        return filled.ToString();
    }

    public static T Pick<T>(Random random, T[] all) => all[random.Next(all.Length)];

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
}
