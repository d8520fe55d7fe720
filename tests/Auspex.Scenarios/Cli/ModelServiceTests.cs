using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.TestKit;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>A model of another make, published by itself and called; and versions of it that score beside each other.</summary>
public sealed class ModelServiceTests : IDisposable
{
    private static readonly Dictionary<string, string> Token = new() { ["AUSPEX_OWNER_TOKEN"] = RunningServer.Token };

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Publish_OfAnOnnxModel_AnswersByTheSchemaOfItsColumns_AndVersionsChallengeEachOther()
    {
        double[] row = [0.25, -1, 3, 0.5, 2, -0.75];
        var published = await WriteModelAsync("risk.onnx", seed: 3);
        EngineKillTests.WriteFactory(_folder.Path, """{ "name": "none", "properties": { "activities": [] } }""");
        await using var server = new RunningServer(_folder.Path);
        await server.StartAsync(Cancellation);

        var service = JsonNode.Parse((await RunAsync(0, "experiment", "publish", "risk.onnx", "--json")).Output[^1])!;
        var answer = await ScoreAsync(service, row);
        var swagger = JsonNode.Parse(await _http.GetStringAsync($"{service["apiLocation"]}/swagger.json?api-version=2.0", Cancellation))!.ToJsonString();

        Assert.Equal(published.Sum(row, 1)[0], answer, 6);
        Assert.All(Enumerable.Range(0, row.Length), column => Assert.Contains($"X_{column}", swagger, StringComparison.Ordinal));

        var help = await _http.GetStringAsync((string)service["helpLocation"]!, Cancellation);
        Assert.Contains("<td>X_0</td><td>Double</td>", help, StringComparison.Ordinal);
        Assert.Contains("href=\"jobs\"", help, StringComparison.Ordinal);

        await WriteModelAsync("risk.onnx", seed: 4);
        await RunAsync(0, "experiment", "publish", "risk.onnx");
        var challenge = await RunAsync(0, "models", "challenge", "risk", "1");
        var listed = await RunAsync(0, "models", "list", "risk");
        var ended = await RunAsync(0, "models", "challenge", "risk");

        Assert.Contains("risk/default: version 1, Challenger", challenge.Transcript, StringComparison.Ordinal);
        Assert.Equal(["Challenger", "Serving"], listed.Output.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]));
        Assert.Contains("No version scores beside", ended.Transcript, StringComparison.Ordinal);
        Assert.Contains("has no version 9; it has 1, 2", (await RunAsync(1, "models", "challenge", "risk", "9")).Transcript, StringComparison.Ordinal);
        Assert.Contains("no web service 'rusk'; there are risk/default", (await RunAsync(1, "models", "list", "rusk")).Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_OfAnOnnxModelThatIsNoTrees_AnswersWithOnnxRuntimesNumber()
    {
        await File.WriteAllBytesAsync(_folder.File("line.onnx"), OnnxGraphs.LinearRegressor(), Cancellation);
        EngineKillTests.WriteFactory(_folder.Path, """{ "name": "none", "properties": { "activities": [] } }""");
        await using var server = new RunningServer(_folder.Path);
        await server.StartAsync(Cancellation);

        var service = JsonNode.Parse((await RunAsync(0, "experiment", "publish", "line.onnx", "--json")).Output[^1])!;

        Assert.Equal(4.5, await ScoreAsync(service, [2, 0]), 6);
        Assert.Equal(-1.5, await ScoreAsync(service, [-1, 0]), 6);
    }

    [Fact]
    public async Task Import_WithBackground_GivesTheReasonsThatTheFileCouldNot()
    {
        await WriteModelAsync("m.onnx", seed: 5);
        await File.WriteAllTextAsync(
            _folder.File("rows.csv"),
            "X_0,X_1,X_2,X_3,X_4,X_5\n" + string.Concat(Enumerable.Range(0, 50).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 7},{i % 3},{i % 5},{i % 2},{(i % 11) / 4.0},{i}\n"))),
            Cancellation);
        await RunAsync(0, "import", "m.onnx", "--output", "without.ilearner");
        await RunAsync(0, "import", "m.onnx", "--output", "with.ilearner", "--background", "rows.csv");

        var refused = await RunAsync(1, "score", "--model", "without.ilearner", "--input", "rows.csv", "--output", "no.csv", "--reasons", "1");
        await RunAsync(0, "score", "--model", "with.ilearner", "--input", "rows.csv", "--output", "out.csv", "--reasons", "1");
        await RunAsync(0, "score", "--model", "without.ilearner", "--input", "rows.csv", "--output", "plain.csv");
        var missing = await RunAsync(2, "import", "m.onnx", "--output", "x.ilearner", "--background", "none.csv");
        var other = await RunAsync(1, "import", "m.onnx", "--output", "x.ilearner", "--features", "a,b,c,d,e,f", "--background", "rows.csv");

        Assert.Contains("--background", refused.Transcript, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation);
        Assert.EndsWith("Reason 1,Reason 1 Contribution", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines[1..], line => line.Contains("X_", StringComparison.Ordinal));
        Assert.Equal(await File.ReadAllLinesAsync(_folder.File("plain.csv"), Cancellation), lines.Select(line => string.Join(',', line.Split(',')[..^2])));
        Assert.Contains("none.csv", missing.Transcript, StringComparison.Ordinal);
        Assert.Contains("'a'", other.Transcript, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("x.ilearner")));
    }

    [Fact]
    public async Task Score_WithChallengerAndDrift_WritesBothReportsBesideAnUnchangedOutput()
    {
        await File.WriteAllTextAsync(_folder.File("train.csv"), Rows(far: false), Cancellation);
        await File.WriteAllTextAsync(_folder.File("far.csv"), Rows(far: true), Cancellation);
        await RunAsync(0, "train", "--input", "train.csv", "--label", "y", "--model", "a.ilearner");
        await RunAsync(0, "train", "--input", "train.csv", "--label", "y", "--model", "b.ilearner", "--set", "Number of trees constructed=1");
        await RunAsync(0, "score", "--model", "a.ilearner", "--input", "far.csv", "--output", "alone.csv");

        await RunAsync(0, "score", "--model", "a.ilearner", "--challenger", "b.ilearner", "--input", "far.csv", "--output", "out.csv", "--drift", "moved");
        await RunAsync(0, "score", "--model", "a.ilearner", "--input", "train.csv", "--output", "same.csv", "--drift", "still.json");

        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("alone.csv"), Cancellation), await File.ReadAllBytesAsync(_folder.File("out.csv"), Cancellation));
        var challengers = await ReadJsonAsync("out.csv.challengers.json");
        Assert.Equal(("a.ilearner", "b.ilearner", 500), ((string?)challengers["champion"]!["name"], (string?)challengers["challengers"]![0]!["name"], (int?)challengers["challengers"]![0]!["rows"]));
        Assert.Equal(("x", "large"), Drift(await ReadJsonAsync("moved.json")));
        Assert.Equal(("x", "none"), Drift(await ReadJsonAsync("still.json")));
        Assert.False(File.Exists(_folder.File("still.html")));
        foreach (var page in new[] { "moved.html", "out.csv.challengers.html" })
        {
            var html = await File.ReadAllTextAsync(_folder.File(page), Cancellation);
            Assert.Contains("<svg", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        }
    }

    private static (string?, string?) Drift(JsonNode report) => ((string?)report["columns"]![0]!["name"], (string?)report["columns"]![0]!["drift"]);

    private static string Rows(bool far) => "x,y\n" + string.Concat(Enumerable.Range(0, 500).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{(far ? 90 + (i % 10) : i % 100)},{(i % 100 > 49 != (i % 17 == 0) ? "yes" : "no")}\n")));

    private async Task<OnnxSample> WriteModelAsync(string file, int seed)
    {
        var random = new Random(seed);
        var sample = new OnnxSample { Trees = OnnxSample.RandomTrees(random, 5, 8, [0], () => (float)random.NextDouble()) };
        await File.WriteAllBytesAsync(_folder.File(file), sample.ToBytes(), Cancellation);
        return sample;
    }

    private async Task<double> ScoreAsync(JsonNode service, double[] row)
    {
        var input = new JsonObject
        {
            ["ColumnNames"] = new JsonArray([.. row.Select((_, column) => JsonValue.Create($"X_{column}"))]),
            ["Values"] = new JsonArray(new JsonArray([.. row.Select(value => JsonValue.Create(value))])),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{service["apiLocation"]}/execute?api-version=2.0&details=true");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (string?)service["primaryKey"]);
        request.Content = new StringContent(new JsonObject { ["Inputs"] = new JsonObject { ["input1"] = input } }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        var values = JsonNode.Parse(text)!["Results"]!["output1"]!["value"]!["Values"]![0]!.AsArray();
        return double.Parse((string)values[^1]!, CultureInfo.InvariantCulture);
    }

    private async Task<JsonNode> ReadJsonAsync(string file) => JsonNode.Parse(await File.ReadAllTextAsync(_folder.File(file), Cancellation))!;

    private async Task<AuspexProcess> RunAsync(int expectedExitCode, params string[] arguments)
    {
        await using var process = AuspexProcess.Start(_folder.Path, Token, arguments);
        var exitCode = await process.WaitForExitAsync(TimeSpan.FromMinutes(5), Cancellation);
        Assert.True(exitCode == expectedExitCode, process.Transcript);
        return process;
    }
}
