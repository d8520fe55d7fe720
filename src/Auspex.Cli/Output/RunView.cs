using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Client;

namespace Auspex.Cli.Output;

/// <summary>Shows a run as it goes: a line per activity that starts or ends, progress in between, the outcome at the end.</summary>
internal sealed class RunView(TextWriter output, TextWriter errors, bool json, TimeProvider clock)
{
    private readonly ProgressLine _progress = new(errors, !Console.IsErrorRedirected, clock);
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    /// <summary>
    /// Follows a run to its end and returns the exit code that says how it ended; null when the server went away before.
    /// Following it again, from another server of the same data folder, shows only what is new.
    /// </summary>
    public async Task<int?> ShowAsync(AuspexClient client, string runId, CancellationToken cancellationToken)
    {
        JsonObject? last = null;
        try
        {
            await foreach (var update in client.WatchAsync(runId, cancellationToken))
            {
                if (json && update["progress"] is null)
                {
                    output.WriteLine(update.ToJsonString());
                }

                if (update["run"] is JsonObject run)
                {
                    last = run;
                }
                else if (update["activityRun"] is JsonObject activity)
                {
                    Show(activity);
                }
                else if (update["progress"] is JsonObject progress && !json)
                {
                    // Services that are not ours count nothing: neither rows nor how many there are.
                    var (rows, total) = ((long?)progress["rows"], (long?)progress["totalRows"]);
                    _progress.Report($"{progress["path"]}: {progress["text"]}", rows == 0 && total is null ? null : rows, total);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ClientException { Status: null })
        {
            _progress.Clear();
            return null;
        }
        catch (OperationCanceledException)
        {
            // The person pressed Ctrl+C: the run is asked to stop as well, within bounds.
            _progress.Clear();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), clock);
            await client.CancelAsync(runId, limit.Token);
            errors.WriteLine($"auspex: run {runId} cancelled.");
            return ExitCodes.Canceled;
        }

        _progress.Clear();
        return HasEnded(last) ? Conclude(last!, runId) : null;
    }

    private int Conclude(JsonObject run, string runId)
    {
        var status = (string?)run["status"] ?? "";
        if (!json)
        {
            output.WriteLine($"{status,-10} {Seconds(run),9}  pipeline {run["pipelineName"]}, run {runId}");
            if (status != "Succeeded" && (string?)run["message"] is { Length: > 0 } message)
            {
                errors.WriteLine("auspex: " + message);
            }
        }

        return status switch
        {
            "Succeeded" => ExitCodes.Success,
            "Cancelled" => ExitCodes.Canceled,
            _ => ExitCodes.Failure,
        };
    }

    // A server that stops ends the stream as if all were told.
    internal static bool HasEnded(JsonObject? run) => (string?)run?["status"] is "Succeeded" or "Failed" or "Cancelled";

    private void Show(JsonObject activity)
    {
        var status = (string?)activity["status"] ?? "";
        var key = $"{activity["activityRunId"]}/{activity["retryAttempt"]}";
        if (json || (_shown.TryGetValue(key, out var before) && before == status))
        {
            return;
        }

        _shown[key] = status;
        _progress.Clear();
        var attempt = (int?)activity["retryAttempt"] is { } retry ? $", retry {retry}" : "";
        output.WriteLine($"{status,-10} {Seconds(activity),9}  {activity["activityName"]} ({activity["activityType"]}){attempt}");
        if (status == "Failed" && (string?)activity["error"]?["message"] is { Length: > 0 } message)
        {
            errors.WriteLine($"auspex: {activity["activityName"]}: {activity["error"]?["errorCode"]}: {message}");
        }
    }

    private static string Seconds(JsonObject run) => (long?)run["durationInMs"] is { } milliseconds
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.00} s")
        : "";
}
