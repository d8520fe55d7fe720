using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex runs list|show|cancel|rerun</c>: the runs of a server, by default of the one that owns the data folder.</summary>
internal static class RunsCommand
{
    public static Command Create() => new("runs", "List, show, cancel and repeat the runs of a running server.") { List(), Show(), Cancel(), Rerun() };

    private static Command List()
    {
        var status = new Option<string?>("--status")
        {
            Description = "Only runs with this status.",
        };
        status.AcceptOnlyFromAmong("Queued", "InProgress", "Succeeded", "Failed", "Canceling", "Cancelled");
        return ServerCommands.Connect(new Command("list", "List runs, newest first.") { status }, async (client, parsed, cancellationToken) =>
        {
            var runs = await client.ListRunsAsync(parsed.GetValue(status), cancellationToken);
            foreach (var run in runs.OfType<JsonObject>())
            {
                Console.WriteLine(parsed.GetValue<bool>("--json")
                    ? run.ToJsonString()
                    : $"{run["runId"]}  {run["status"],-10}  {Time(run["runStart"])}  {Seconds(run),10}  {run["pipelineName"]}");
            }

            return ExitCodes.Success;
        });
    }

    private static Command Show()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        return ServerCommands.Connect(new Command("show", "Show a run and its activities.") { run }, async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(run);
            var found = await client.GetRunAsync(id, cancellationToken);
            var activities = await client.ListActivityRunsAsync(id, cancellationToken);
            if (parsed.GetValue<bool>("--json"))
            {
                found["activityRuns"] = activities.DeepClone();
                Console.WriteLine(found.ToJsonString());
                return ExitCodes.Success;
            }

            Console.WriteLine($"{found["pipelineName"]}: {found["status"]}, started {Time(found["runStart"])}, {Seconds(found)}");
            foreach (var activity in activities.OfType<JsonObject>())
            {
                Console.WriteLine($"  {activity["status"],-10} {Seconds(activity),10}  {activity["activityName"]} ({activity["activityType"]})");
                if ((string?)activity["error"]?["message"] is { Length: > 0 } message)
                {
                    Console.WriteLine($"    {activity["error"]?["errorCode"]}: {message}");
                }
            }

            if ((string?)found["message"] is { Length: > 0 } reason)
            {
                Console.WriteLine(reason);
            }

            return ExitCodes.Success;
        });
    }

    private static Command Cancel()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        return ServerCommands.Connect(new Command("cancel", "Ask a run and its children to stop.") { run }, async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(run);
            var found = await client.GetRunAsync(id, cancellationToken);
            if (RunView.HasEnded(found))
            {
                Console.WriteLine($"{id}: had ended before, {found["status"]}");
                return ExitCodes.Success;
            }

            await client.CancelAsync(id, cancellationToken);
            Console.WriteLine($"{id}: asked to stop");
            return ExitCodes.Success;
        });
    }

    private static Command Rerun()
    {
        var run = new Argument<string>("RUN") { Description = "The id of the run to repeat; it has ended." };
        var from = new Option<string?>("--from")
        {
            Description = "Begin at this activity: it runs, and all that depend on it; the others keep their results.",
            HelpName = "ACTIVITY",
        };
        var fromFailed = new Option<bool>("--from-failed") { Description = "Begin at the activities that failed or were stopped." };
        var command = new Command("rerun", "Repeat a run with its arguments, all of it or from where you say.") { run, from, fromFailed };
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is not null && result.GetValue(fromFailed))
            {
                result.AddError("--from and --from-failed exclude each other. Give one of them.");
            }
        });
        return ServerCommands.Connect(command, async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(run);
            var found = await client.GetRunAsync(id, cancellationToken);
            var again = await client.RepeatRunAsync(
                (string?)found["pipelineName"] ?? "", id, parsed.GetValue(from), parsed.GetValue(fromFailed), cancellationToken);
            Console.WriteLine(parsed.GetValue<bool>("--json")
                ? new JsonObject { ["runId"] = again, ["referencePipelineRunId"] = id }.ToJsonString()
                : $"{again}: repeats {id}");
            return ExitCodes.Success;
        });
    }

    private static string Time(JsonNode? time) =>
        DateTimeOffset.TryParse((string?)time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : "-";

    private static string Seconds(JsonObject run) => (long?)run["durationInMs"] is { } milliseconds
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.00} s")
        : "-";
}
