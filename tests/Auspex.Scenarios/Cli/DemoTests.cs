using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Auspex.Scenarios.Cli;

public sealed class DemoTests(DemoFixture demo)
{
    [Fact]
    public async Task Demo_ScoreBatch_WritesEveryRowInOrder()
    {
        await demo.RunOnceAsync();

        var input = await LinesAsync("amltest/input/in1.csv");
        var scored = await LinesAsync("amltest2/output/out1.csv");

        Assert.Equal(DemoFixture.Rows + 1, scored.Length);
        Assert.EndsWith(",Scored Labels,Scored Probabilities", scored[0], StringComparison.Ordinal);
        Assert.Equal(input.Select(Person), scored.Select(Person));
    }

    [Fact]
    public async Task Demo_ScoreBatch_SummarisesEveryRegion()
    {
        await demo.RunOnceAsync();

        var summary = await LinesAsync("amltest2/output/out2.csv");

        Assert.Equal("region_name,people,above_50k,mean_probability", summary[0]);
        Assert.Equal(["East", "North", "South", "West"], summary.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Equal(DemoFixture.Rows, summary.Skip(1).Sum(line => int.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Demo_Retrain_ChangesTheScores()
    {
        await demo.RunOnceAsync();

        var before = await LinesAsync("amltest2/output/out1.csv");
        var after = await LinesAsync("amltest2/output/out1-retrained.csv");

        Assert.Equal(before.Length, after.Length);
        Assert.Equal(before.Select(Person), after.Select(Person));
        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task Demo_ScoreSql_WritesEveryPersonOnce()
    {
        await demo.RunOnceAsync();

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(demo.Folder, "data", "people.db")};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*), count(distinct person) from scored_people";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal((DemoFixture.Rows, DemoFixture.Rows), (reader.GetInt32(0), reader.GetInt32(1)));
    }

    [Fact]
    public async Task Demo_Transcript_NamesMetricsFilesAndACall()
    {
        var transcript = await demo.RunOnceAsync();

        Assert.Matches(@"AUC 0\.\d{4}", transcript);
        Assert.Contains("rows/s", transcript, StringComparison.Ordinal);
        Assert.Contains("out1-retrained.csv", transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_PrintedCall_ScoresAPerson()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var transcript = await demo.RunOnceAsync();
        var path = Regex.Match(transcript, @"curl -s 'http://[^/]+(/[^']+)'").Groups[1].Value;
        var key = Regex.Match(transcript, "Authorization: Bearer ([^']+)'").Groups[1].Value;
        var body = Regex.Match(transcript, "-d '([^']+)'").Groups[1].Value;
        using var folder = new TemporaryFolder();
        await using var server = new RunningServer(await demo.CopyAsync(folder.File("factory")));
        await server.StartAsync(cancellationToken);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await http.SendAsync(request, cancellationToken);

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        Assert.Equal("table", (string?)answer["Results"]!["outputName1"]!["type"]);
        Assert.Contains((string?)answer["Results"]!["outputName1"]!["value"]!["Values"]![0]![10], (string?[])[">50K", "<=50K"]);
    }

    private static string Person(string line) => line.Split(',')[0];

    private Task<string[]> LinesAsync(string blob) =>
        File.ReadAllLinesAsync(Path.Combine([demo.Folder, "data", .. blob.Split('/')]), TestContext.Current.CancellationToken);
}
