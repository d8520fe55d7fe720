using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Activities.External.Web;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Commands;

/// <summary>Runs <c>Custom</c>: a command on this machine, in a folder of its own, as a node of Azure Batch would run it.</summary>
/// <remarks>
/// An attempt that runs again after a crash ends the program that the earlier host left behind, if it still runs, and starts it anew in an
/// empty folder. On timeout and cancel, and when the host stops, the program and all it started are ended.
/// </remarks>
internal sealed class CustomExecutor(ExternalServices services, CustomOptions options, string commandFolder) : IActivityExecutor
{
    private const int MostOutputBytes = 2 << 20;
    private const int MostTailBytes = 2_000;
    private const double DefaultRetentionDays = 30;

    private readonly CustomFiles _files = new(services);
    private readonly CustomStreams _streams = new(services);

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        DemandAllowed(attempt);
        var properties = PropertyReader.Of(attempt);
        var words = CommandText.Split(properties.Required("command"));
        if (words is not { Count: > 0 } || words[0].Length == 0)
        {
            throw ActivityFailures.Wrong(
                attempt.Activity.Name, properties.At("command"), "a command without a program, or with a quote that is not closed", "a program and its arguments");
        }

        DemandBatch(attempt);
        if (attempt.Checkpoint is { } earlier)
        {
            CommandProcess.EndLeftover(earlier);
        }

        var now = services.Clock.GetUtcNow();
        CommandFolder.Sweep(commandFolder, now);
        var name = string.Create(CultureInfo.InvariantCulture, $"{attempt.ActivityRunId}-{attempt.Attempt}");
        var folder = CommandFolder.Create(commandFolder, name, now + Retention(properties));
        try
        {
            await _files.PrepareAsync(attempt, properties, folder, cancellationToken);
        }
        catch (Exception failure) when (ActivityFailures.Translate(failure, "2502", "2502") is { } translated)
        {
            throw translated;
        }

        var exitCode = await RunAsync(attempt, words, folder, cancellationToken);
        var output = new JsonObject
        {
            ["exitcode"] = exitCode,
            ["outputs"] = new JsonArray([.. await KeepAsync(attempt, folder, cancellationToken)]),
        };
        ActivityOutputs.AddCommon(output, services.Clock.GetElapsedTime(started));
        if (exitCode != 0)
        {
            var tail = attempt.Activity.Policy.SecureOutput ? "" : await ReadTailAsync(folder.StandardError, cancellationToken);
            throw Failed(
                string.Create(CultureInfo.InvariantCulture, $"The program '{words[0]}' ended with exit code {exitCode}.")
                + (tail.Length > 0 ? $" The end of its stderr: {tail}" : $" It wrote nothing that is shown here; see {folder.StandardError}."),
                output,
                null);
        }

        if (await ReadOutputAsync(attempt, folder, output, cancellationToken) is { } custom)
        {
            output["customOutput"] = custom;
        }

        return output;
    }

    private async Task<IEnumerable<JsonNode>> KeepAsync(ActivityAttempt attempt, CommandFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            return (await _streams.KeepAsync(attempt, folder, cancellationToken)).Select(address => (JsonNode)address);
        }
        catch (Exception failure) when (ActivityFailures.Translate(failure, "2502", "2502") is { } translated)
        {
            throw translated;
        }
    }

    private async Task<int> RunAsync(
        ActivityAttempt attempt, List<string> words, CommandFolder folder, CancellationToken cancellationToken)
    {
        CommandProcess process;
        try
        {
            process = CommandProcess.Start(words, folder, Environment(attempt, folder), options.MaxStreamBytes, services.Clock);
        }
        catch (Win32Exception failure)
        {
            throw Failed($"The program '{words[0]}' could not be started: {failure.Message}.", null, failure);
        }

        using (process)
        {
            try
            {
                await attempt.SaveCheckpointAsync(process.ToCheckpoint(), cancellationToken);
                return await process.WaitAsync(cancellationToken);
            }
            catch
            {
                process.Kill();
                throw;
            }
        }
    }

    private void DemandAllowed(ActivityAttempt attempt)
    {
        if (!options.Enabled)
        {
            throw new ActivityException(
                ErrorCode.CustomCommandsDisabled,
                "2500",
                $"Custom activity '{attempt.Activity.Name}' wants to run a command on this machine, which is not allowed. If whoever may write pipelines "
                + $"may run programs here, set {CustomOptions.Section}:Enabled to true (environment variable Auspex__Custom__Enabled).",
                FailureType.UserError);
        }
    }

    // Only the type counts: the pool is this machine, so that neither its address nor its key is needed.
    private static void DemandBatch(ActivityAttempt attempt)
    {
        var reference = attempt.LinkedServiceName ?? throw ActivityFailures.Missing(attempt.Activity.Name, "linkedServiceName");
        if (!attempt.Factory.LinkedServices.TryGetValue(reference.ReferenceName, out var service))
        {
            throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "BadRequest",
                $"Linked service '{reference.ReferenceName}' was not found. Add linkedService/{reference.ReferenceName}.json or correct the reference.",
                FailureType.UserError);
        }

        if (!service.Type.Equals("AzureBatch", StringComparison.OrdinalIgnoreCase))
        {
            throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2110",
                $"The linked service type '{service.Type}' is not supported for '{attempt.Activity.Type}' activities; expected AzureBatch.",
                FailureType.UserError);
        }
    }

    private static TimeSpan Retention(PropertyReader properties)
    {
        if (properties.Text("retentionTimeInDays") is not { } written)
        {
            return TimeSpan.FromDays(DefaultRetentionDays);
        }

        return double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var days) && days is >= 0 and <= 36_500
            ? TimeSpan.FromDays(days)
            : throw properties.Wrong("retentionTimeInDays", "a number of days from 0 to 36,500");
    }

    /// <summary>What the program sees: nothing of this process that it was not given, and what a node of Azure Batch sets.</summary>
    private List<KeyValuePair<string, string>> Environment(ActivityAttempt attempt, CommandFolder folder)
    {
        var variables = new List<KeyValuePair<string, string>>();
        foreach (var name in options.Environment.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
            {
                variables.Add(KeyValuePair.Create(name, value));
            }
        }

        var batch = attempt.Factory.LinkedServices[attempt.LinkedServiceName!.ReferenceName].TypeProperties;
        variables.Add(KeyValuePair.Create("AZ_BATCH_ACCOUNT_NAME", batch.TextMember("accountName") ?? "local"));
        variables.Add(KeyValuePair.Create("AZ_BATCH_ACCOUNT_URL", batch.TextMember("batchUri") ?? ""));
        variables.Add(KeyValuePair.Create("AZ_BATCH_POOL_ID", batch.TextMember("poolName") ?? "local"));
        variables.Add(KeyValuePair.Create("AZ_BATCH_JOB_ID", "adfv2-" + attempt.RunId.Value));
        variables.Add(KeyValuePair.Create("AZ_BATCH_TASK_ID", attempt.ActivityRunId));
        variables.Add(KeyValuePair.Create("AZ_BATCH_NODE_ID", System.Environment.MachineName));
        variables.Add(KeyValuePair.Create("AZ_BATCH_NODE_ROOT_DIR", commandFolder));
        variables.Add(KeyValuePair.Create("AZ_BATCH_NODE_SHARED_DIR", commandFolder));
        variables.Add(KeyValuePair.Create("AZ_BATCH_NODE_STARTUP_DIR", commandFolder));
        variables.Add(KeyValuePair.Create("AZ_BATCH_TASK_DIR", folder.Path));
        variables.Add(KeyValuePair.Create("AZ_BATCH_TASK_WORKING_DIR", folder.WorkingFolder));
        variables.Add(KeyValuePair.Create("AZ_BATCH_NODE_IS_DEDICATED", "true"));
        return variables;
    }

    private static async Task<JsonNode?> ReadOutputAsync(
        ActivityAttempt attempt, CommandFolder folder, JsonObject output, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(folder.WorkingFolder, "outputs.json"));
        if (!file.Exists)
        {
            return null;
        }

        var problem = file.Length > MostOutputBytes ? "is larger than 2 MB" : null;
        var custom = problem is null ? WebJson.TryParse((await File.ReadAllTextAsync(file.FullName, cancellationToken)).Trim()) : null;
        return custom ?? throw new ActivityException(
            ErrorCode.CustomOutputInvalid,
            "2500",
            $"The outputs.json of Custom activity '{attempt.Activity.Name}' {problem ?? "is no JSON"}; expected JSON of at most 2 MB.",
            FailureType.UserError)
        {
            Output = output,
        };
    }

    private static async Task<string> ReadTailAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            return "";
        }

        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, MostTailBytes), SeekOrigin.End);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return (await reader.ReadToEndAsync(cancellationToken)).Trim();
    }

    private static ActivityException Failed(string details, JsonObject? output, Exception? inner) => new(
        ErrorCode.CustomCommandFailed,
        "2500",
        $"Hit unexpected exception and execution failed. {details}",
        FailureType.UserError,
        inner: inner)
    {
        Output = output,
    };
}
