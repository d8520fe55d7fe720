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
        Assert.Contains("/execute?api-version=2.0&details=true", transcript, StringComparison.Ordinal);
    }

    private static string Person(string line) => line.Split(',')[0];

    private Task<string[]> LinesAsync(string blob) =>
        File.ReadAllLinesAsync(Path.Combine([demo.Folder, "data", .. blob.Split('/')]), TestContext.Current.CancellationToken);
}
