using System.Text.Json.Nodes;
using Auspex.Cli.Templates;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>Each template as a person begins with it in an empty folder: written, then run as the command says.</summary>
public sealed class TemplateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Name, an output of it, that output's rows, and a column of its last node.</summary>
    public static TheoryData<string, string, int, string> Templates => new()
    {
        { "blank", "metrics", 1, "AUC" },
        { "car-price", "scored", 11, "Scored Labels" },
        { "census-income", "metrics", 2, "AUC" },
        { "credit-risk", "metrics", 2, "AUC" },
        { "iris-clusters", "assigned", 10, "Assignments" },
        { "letter-recognition", "metrics", 1, "Overall accuracy" },
        { "restaurant-recommender", "recommended", 15, "Item 3" },
        { "price-analytics", "effect", 4, "profit" },
        { "shipping-forecast", "forecast", 12, "forecast" },
        { "join-service", "joined", 3, "name" },
        { "flight-delay", "metrics", 1, "AUC" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Templates_AreAllThereAre() =>
        Assert.Equal(ExperimentTemplate.All.Select(template => template.Name), Templates.Select(row => row.Data.Item1));

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task New_ThenRun_GivesItsOutput(string template, string output, int rows, string column)
    {
        var written = await RunAsync(0, "experiment", "new", template, "experiment/My one");
        Assert.Contains("auspex experiment run \"experiment/My one.json\"", written.Transcript, StringComparison.Ordinal);

        var process = await RunAsync(0, "experiment", "run", "experiment/My one.json", "--output", $"{output}=out.csv", "--json");

        var summary = JsonNode.Parse(process.Output[^1])!;
        Assert.Equal("Finished", (string?)summary["status"]);
        Assert.All(summary["nodes"]!.AsArray(), node => Assert.Equal("Finished", (string?)node!["status"]));
        var lines = await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation);
        Assert.Equal(rows, lines.Length - 1);
        Assert.Contains(column, lines[0].Split(','));
        Assert.All(lines[1..], line => Assert.DoesNotContain(",,", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_OverWhatIsThere_KeepsItAndSaysWhatToDo()
    {
        Directory.CreateDirectory(_folder.File("experiment"));
        await RunAsync(0, "experiment", "new", "join-service", "experiment/j.json");
        await File.WriteAllTextAsync(_folder.File("data/tables/stored.csv"), "id,name\n1,mine\n", Cancellation);
        await File.WriteAllTextAsync(_folder.File("experiment/j.json"), "{}", Cancellation);

        var refused = await RunAsync(2, "experiment", "new", "experiment/j.json");
        var folder = await RunAsync(2, "experiment", "new", "experiment");
        await RunAsync(0, "experiment", "new", "join-service", "experiment/j.json", "--force");

        Assert.Contains("--force", refused.Transcript, StringComparison.Ordinal);
        Assert.Contains("experiment is a folder; name the file to write, such as \"experiment/blank.json\"", folder.Transcript, StringComparison.Ordinal);
        Assert.Contains("\"join\"", await File.ReadAllTextAsync(_folder.File("experiment/j.json"), Cancellation), StringComparison.Ordinal);
        Assert.Equal("id,name\n1,mine\n", await File.ReadAllTextAsync(_folder.File("data/tables/stored.csv"), Cancellation));
    }

    [Fact]
    public async Task New_WithAName_ThatIsNone_SaysWhichThereAre()
    {
        var list = await RunAsync(0, "experiment", "new", "--list");
        var unknown = await RunAsync(2, "experiment", "new", "car-pric", "x.json");
        var forgotten = await RunAsync(2, "experiment", "new", "car-price");
        var nothing = await RunAsync(2, "experiment", "new");

        Assert.Equal(ExperimentTemplate.All.Select(template => template.Name), list.Output.Select(line => line.Split(' ')[0]));
        Assert.Single(list.Output.Select((line, i) => line.IndexOf(ExperimentTemplate.All[i].Summary, StringComparison.Ordinal)).Distinct());
        Assert.Contains("Did you mean 'car-price'?", unknown.Transcript, StringComparison.Ordinal);
        Assert.Contains("'car-price' is a template", forgotten.Transcript, StringComparison.Ordinal);
        Assert.Contains("--list", nothing.Transcript, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private async Task<AuspexProcess> RunAsync(int expectedExitCode, params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);
        await process.DisposeAsync();
        Assert.True(exitCode == expectedExitCode, process.Transcript);
        return process;
    }
}
