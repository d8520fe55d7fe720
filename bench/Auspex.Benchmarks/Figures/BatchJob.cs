using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Auspex.Benchmarks.Figures;

/// <summary>
/// <c>batch submit ADDRESS KEY FOLDER INPUT OUTPUT</c> starts a batch job from blob to blob of a folder and prints its id;
/// <c>batch wait ADDRESS KEY ID</c> waits for its end and prints the seconds that it took. ADDRESS is the service's, without a suffix.
/// </summary>
internal static class BatchJob
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["submit", var address, var key, var folder, var input, var output]:
                using (var http = Client(key))
                {
                    Console.WriteLine(await SubmitAsync(http, address, folder, input, output));
                }

                return 0;
            case ["wait", var address, var key, var id]:
                using (var http = Client(key))
                {
                    return await WaitAsync(http, address, id);
                }

            default:
                await Console.Error.WriteLineAsync("batch: expected submit ADDRESS KEY FOLDER INPUT OUTPUT, or wait ADDRESS KEY ID.");
                return 2;
        }
    }

    private static HttpClient Client(string key)
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task<string> SubmitAsync(HttpClient http, string address, string folder, string input, string output)
    {
        JsonObject Blob(string path) => new() { ["ConnectionString"] = "FileRoot=" + folder, ["RelativeLocation"] = path };
        var job = new JsonObject
        {
            ["Inputs"] = new JsonObject { ["input1"] = Blob(input) },
            ["Outputs"] = new JsonObject { ["output1"] = Blob(output) },
            ["GlobalParameters"] = new JsonObject(),
        };
        using var body = new StringContent(job.ToJsonString(), Encoding.UTF8, "application/json");
        using var submitted = await http.PostAsync(address + "/jobs?api-version=2.0", body);
        var id = (await ReadAsync(submitted)).Trim('"');
        using var started = await http.PostAsync($"{address}/jobs/{id}/start?api-version=2.0", null);
        await ReadAsync(started);
        return id;
    }

    private static async Task<int> WaitAsync(HttpClient http, string address, string id)
    {
        while (true)
        {
            using var answer = await http.GetAsync($"{address}/jobs/{id}?api-version=2.0");
            var status = JsonNode.Parse(await ReadAsync(answer))!;
            switch ((string?)status["StatusCode"])
            {
                case "Finished":
                    var took = Time(status["EndTime"]) - Time(status["StartTime"]);
                    Console.WriteLine(took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
                    return 0;
                case "NotStarted" or "Running":
                    await Task.Delay(PollEvery, TimeProvider.System);
                    break;
                default:
                    await Console.Error.WriteLineAsync(status.ToJsonString());
                    return 1;
            }
        }
    }

    private static DateTimeOffset Time(JsonNode? node) => DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? text
            : throw new HttpRequestException($"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}: {text}");
    }
}
