using System.CommandLine;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Cli.Client;
using Auspex.Cli.Output;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Storage.Definitions;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex run</c>: one pipeline run, here and now, with progress.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var pipeline = new Argument<string>("PIPELINE") { Description = "The pipeline's name." };
        var factory = SharedOptions.Factory();
        var environment = SharedOptions.Environment();
        var data = SharedOptions.Data();
        var parameters = new Option<string[]>("-p", "--parameter")
        {
            Description = "NAME=VALUE: an argument; JSON where the parameter is no string.",
        };
        var json = SharedOptions.Json();
        var record = new Option<string?>("--record")
        {
            Description = "Write the run with its connectors' answers into this file, or a file of its own in this folder, for 'auspex test --replay'.",
        };
        var command = new Command("run", "Run a pipeline.") { pipeline, factory, environment, data, parameters, record, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetRequiredValue(factory).FullName;
            var definition = FactoryFolder.Load(folder, parsed.GetValue(environment));
            if (Find(definition, parsed.GetRequiredValue(pipeline)) is not { } found
                || ExperimentCommand.Pairs(parsed.GetValue(parameters), "-p") is not { } given)
            {
                return ExitCodes.BadDefinition;
            }

            if (UnknownParameter(found, given) is { } unknown)
            {
                await Console.Error.WriteLineAsync("auspex: " + unknown);
                return ExitCodes.BadDefinition;
            }

            foreach (var missing in found.Parameters.Where(parameter =>
                !parameter.HasDefault && !given.Keys.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)))
            {
                await Console.Error.WriteLineAsync(
                    $"auspex: parameter '{missing.Name}' ({missing.Type}) has no default and was not given; it is null. Give it with -p {missing.Name}=VALUE.");
            }

            var view = new RunView(Console.Out, Console.Error, parsed.GetValue(json), TimeProvider.System);
            return await RunAsync(
                () => ServerConnection.OpenAsync(folder, parsed.GetValue(environment), parsed.GetValue(data), cancellationToken),
                found,
                Arguments(found, given),
                parsed.GetValue(record) is { } target ? new RunRecording(target, definition, found, given) : null,
                view,
                cancellationToken);
        });
        return command;
    }

    // The server may be another process's, and go with it: whoever opens the folder next goes on with its runs.
    private static async Task<int> RunAsync(
        Func<Task<ServerConnection>> open,
        PipelineDefinition pipeline,
        JsonObject arguments,
        RunRecording? recording,
        RunView view,
        CancellationToken cancellationToken)
    {
        string? runId = null;
        while (true)
        {
            await using var connection = await open();
            if (recording is not null && !connection.IsHosted)
            {
                await Console.Error.WriteLineAsync(
                    $"auspex: the server at {connection.Client.Url} has the data folder, and a run is recorded by the process that hosts it. Stop that server, or name another folder with --data.");
                return ExitCodes.BadDefinition;
            }

            try
            {
                runId ??= await connection.Client.CreateRunAsync(pipeline.Name, arguments, cancellationToken);
            }
            catch (ClientException exception) when (exception.Status == HttpStatusCode.BadRequest)
            {
                await Console.Error.WriteLineAsync("auspex: " + exception.Message);
                return ExitCodes.BadDefinition;
            }

            if (await view.ShowAsync(connection.Client, runId, cancellationToken) is { } exitCode)
            {
                if (recording is not null)
                {
                    await RecordAsync(recording, connection.HostedRuns!, new RunId(runId));
                }

                return exitCode;
            }

            if (connection.IsHosted)
            {
                throw new ClientException(
                    ErrorCode.ServerUnreachable,
                    $"The server of this process stopped before run {runId} ended. The run goes on with the next command on this data folder.");
            }
        }
    }

    // A run that was cancelled by Ctrl+C ends in a moment; what was typed to stop it must not stop its recording.
    private static async Task RecordAsync(RunRecording recording, IPipelineRuns runs, RunId run)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        try
        {
            await runs.WaitAsync(run, limit.Token);
            await recording.WriteAsync(runs, run, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"auspex: run {run} is not recorded: it did not end within 30 s of its being cancelled.");
        }
    }

    /// <summary>What to say of an argument that the pipeline does not take; null when there is none.</summary>
    internal static string? UnknownParameter(PipelineDefinition pipeline, IReadOnlyDictionary<string, string> given)
    {
        var known = pipeline.Parameters.Select(parameter => parameter.Name).ToList();
        if (given.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is not { } unknown)
        {
            return null;
        }

        var nearest = NearestName.Find(unknown, known);
        return $"pipeline '{pipeline.Name}' has no parameter '{unknown}'; "
            + (nearest is not null ? $"did you mean '{nearest}'?" : known.Count == 0 ? "it has none." : $"it has {string.Join(", ", known)}.");
    }

    // Such an activity fails when its turn comes, which it may never do; until then the pipeline runs as it does in Azure.
    private static readonly HashSet<ErrorCode> FailsWhenReached = [ErrorCode.ExpressionType, ErrorCode.UnknownOutputMember, ErrorCode.FormatMismatch];

    // What is wrong with the pipeline itself or with a file that could not be read stops the run; the rest is not its business.
    private static PipelineDefinition? Find(FactoryDefinition factory, string name)
    {
        if (!factory.Pipelines.TryGetValue(name, out var pipeline))
        {
            DiagnosticLines.Write(Console.Error, factory.Diagnostics.Where(IsError));
            var nearest = NearestName.Find(name, factory.Pipelines.Keys);
            Console.Error.WriteLine(
                $"auspex: factory '{factory.Name}' ({factory.Folder}) has no pipeline '{name}'; "
                + (nearest is not null ? $"did you mean '{nearest}'?"
                    : factory.Pipelines.IsEmpty ? "it has none. Name the factory's folder with --factory."
                    : $"it has {string.Join(", ", factory.Pipelines.Keys.Order(StringComparer.Ordinal))}."));
            return null;
        }

        var errors = ValidateCommand.FindAll(factory)
            .Where(diagnostic => IsError(diagnostic)
                && (diagnostic.File is null || diagnostic.File == pipeline.Origin?.File || IsOverlay(diagnostic.File)))
            .ToList();
        DiagnosticLines.Write(Console.Error, errors);
        return errors.All(error => FailsWhenReached.Contains(error.Code)) ? pipeline : null;
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static bool IsOverlay(string file) => Path.GetFileName(file).StartsWith("auspex.", StringComparison.OrdinalIgnoreCase);

    private static JsonObject Arguments(PipelineDefinition pipeline, IReadOnlyDictionary<string, string> given)
    {
        var arguments = new JsonObject();
        foreach (var (name, text) in given)
        {
            var type = pipeline.Parameters
                .FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Type ?? "";
            var isText = type.Equals("String", StringComparison.OrdinalIgnoreCase)
                || type.Equals("SecureString", StringComparison.OrdinalIgnoreCase);
            arguments[name] = isText ? text : ParseOrText(text);
        }

        return arguments;
    }

    private static JsonNode? ParseOrText(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
