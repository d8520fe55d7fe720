using System.CommandLine;
using Auspex.Cli.Client;
using Auspex.Cli.Demo;
using Auspex.Server;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex demo</c>: the whole mission in one go, no service needed.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--dir")
        {
            Description = "Where to write the demo's factory and data.",
            DefaultValueFactory = _ => "auspex-demo",
        };
        var rows = new Option<int>("--rows") { Description = "How many people, 100 to 100,000,000.", DefaultValueFactory = _ => 100_000 };
        var keepRunning = new Option<bool>("--keep-running") { Description = "Leave the server running at the end." };
        var command = new Command(
            "demo", "Make data, train, publish, score a batch by a pipeline, retrain, update, score again.")
        {
            folder, rows, keepRunning,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(rows) is not (>= 100 and <= 100_000_000))
            {
                await Console.Error.WriteLineAsync("auspex: --rows: expected 100 to 100,000,000.");
                return ExitCodes.BadDefinition;
            }

            return await RunAsync(
                Path.GetFullPath(parsed.GetRequiredValue(folder)),
                parsed.GetValue(rows),
                parsed.GetValue(keepRunning),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, int rows, bool keepRunning, CancellationToken cancellationToken)
    {
        var story = new DemoStory(new DemoFactory(folder), rows, Console.Out);
        await story.PrepareAsync(cancellationToken);
        await using var server = await AuspexServer.StartAsync(
            new ServerOptions
            {
                Urls = keepRunning ? ServerOptions.DefaultUrls : "http://127.0.0.1:0",
                DataFolder = Path.Combine(folder, ".auspex"),
                FactoryFolder = folder,
                LogLevel = LogLevel.Warning,
            },
            cancellationToken);
        using var client = new AuspexClient(server.Url, server.FactoryName, server.SessionOwnerToken);
        await story.PublishAsync(server, client, cancellationToken);
        foreach (var pipeline in (string[])["score-batch", "score-sql", "retrain"])
        {
            if (!await story.RunPipelineAsync(client, pipeline, cancellationToken))
            {
                return ExitCodes.Failure;
            }
        }

        await story.ConcludeAsync(cancellationToken);
        ShowCall(server, story, keepRunning, folder);
        if (keepRunning)
        {
            await server.WaitForShutdownAsync(cancellationToken);
        }

        return ExitCodes.Success;
    }

    private static void ShowCall(AuspexServer server, DemoStory story, bool keepRunning, string folder)
    {
        var path = new Uri((string)story.ScoringService!["apiLocation"]!).AbsolutePath;
        var address = keepRunning ? server.Url.ToString().TrimEnd('/') : ServerOptions.DefaultUrls;
        Console.WriteLine();
        Console.WriteLine(keepRunning
            ? "The server goes on until Ctrl+C. Score one person:"
            : $"Score one person, after 'auspex up --factory {folder} --data {Path.Combine(folder, ".auspex")}':");
        Console.WriteLine($$$"""
              curl -s '{{{address}}}{{{path}}}/execute?api-version=2.0&details=true' \
                -H 'Authorization: Bearer {{{(string)story.ScoringService["primaryKey"]!}}}' -H 'Content-Type: application/json' \
                -d '{"Inputs":{"input1":{"ColumnNames":["person","age","education","occupation","hours_per_week","capital_gain","married","region"],"Values":[["1","44","Master","Manager","50","0","True","N"]]},"input2":{"ColumnNames":["region","region_name","cost_index"],"Values":[["N","North","112.5"]]}},"GlobalParameters":{}}'
            """);
    }
}
