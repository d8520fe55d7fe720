using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Runs experiments of the Studio interface in this process and keeps what came out at every port.</summary>
internal sealed partial class StudioRuns(
    StudioStore store,
    StudioGraphs graphs,
    ModuleCatalog catalog,
    ModuleServices services,
    IArtifactStore artifacts,
    TimeProvider clock,
    ILogger<StudioRuns> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.OrdinalIgnoreCase);

    public bool IsRunning(string id) => _running.ContainsKey(id);

    /// <summary>The six members that clients read of a status.</summary>
    public static JsonObject Status(string code, string detail, DateTimeOffset created, DateTimeOffset? started, DateTimeOffset? ended) => new()
    {
        ["StatusCode"] = code,
        ["StatusDetail"] = detail,
        ["CreationTime"] = StudioJson.Date(created),
        ["StartTime"] = started is { } start ? StudioJson.Date(start) : null,
        ["EndTime"] = ended is { } end ? StudioJson.Date(end) : null,
        ["Metadata"] = null,
    };

    /// <summary>An experiment whose run ended with an earlier process is shown as failed.</summary>
    public JsonObject Settle(JsonObject experiment)
    {
        if (experiment.ObjectMember("Status") is { } status
            && status.TextMember("StatusCode") == "Running"
            && !IsRunning((string)experiment["ExperimentId"]!))
        {
            status["StatusCode"] = "Failed";
            status["StatusDetail"] = "The server was stopped while the experiment ran. Run it again.";
        }

        return experiment;
    }

    public void Start(string id, JsonObject experiment)
    {
        var cancellation = new CancellationTokenSource();
        _running[id] = cancellation;
        _ = Task.Run(() => RunAsync(id, experiment, cancellation.Token), CancellationToken.None);
    }

    public void Cancel(string id)
    {
        if (_running.TryGetValue(id, out var cancellation))
        {
            cancellation.Cancel();
        }
    }

    public void Dispose()
    {
        foreach (var cancellation in _running.Values)
        {
            cancellation.Cancel();
        }
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The top of a run in the background: whatever it does not know is logged, and the experiment is shown as failed.")]
    private async Task RunAsync(string id, JsonObject experiment, CancellationToken cancellationToken)
    {
        var started = clock.GetUtcNow();
        var (code, detail) = ("Finished", "None");
        try
        {
            (code, detail) = await RunGraphAsync(experiment, started, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            code = "Canceled";
        }
        catch (AuspexException e)
        {
            (code, detail) = ("Failed", e.Message);
        }
        catch (Exception e)
        {
            LogFailure(logger, id, e);
            (code, detail) = ("Failed", "The server's log has the cause.");
        }

        experiment["Status"] = Status(code, detail, started, started, clock.GetUtcNow());
        try
        {
            if (await store.FindAsync(StudioStore.Experiments, id, CancellationToken.None) is not null)
            {
                await store.SaveAsync(StudioStore.Experiments, id, experiment, CancellationToken.None);
            }
        }
        catch (Exception e)
        {
            LogFailure(logger, id, e);
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private async Task<(string Code, string Detail)> RunGraphAsync(JsonObject experiment, DateTimeOffset started, CancellationToken cancellationToken)
    {
        var (definition, assets) = await graphs.ReadAsync(experiment, cancellationToken);
        var compilation = ExperimentCompiler.Compile(definition, catalog);
        if (compilation.Experiment is not { } compiled)
        {
            return ("Failed", string.Join(" ", compilation.Diagnostics
                .Where(found => found.Severity == DiagnosticSeverity.Error)
                .Select(found => found.Message)
                .Take(10)));
        }

        var run = await ExperimentRunner.RunAsync(
            compiled, new ExperimentRunRequest { Services = services, Assets = assets }, cancellationToken);
        var nodes = (experiment.ObjectMember("Graph")?.ArrayMember("ModuleNodes") ?? []).OfType<JsonObject>()
            .Select(node => node.TextMember("Id") ?? "").ToHashSet(StringComparer.Ordinal);
        var outputs = new JsonObject();
        var statuses = new JsonArray();
        foreach (var node in run.Nodes.Where(node => nodes.Contains(node.Node)))
        {
            var kept = await SaveOutputsAsync(run, compiled.Nodes.First(known => known.Id == node.Node), cancellationToken);
            outputs[node.Node] = kept;
            statuses.Add((JsonNode)new JsonObject
            {
                ["NodeId"] = node.Node,
                ["Status"] = Status(
                    node.Status switch
                    {
                        NodeStatus.Finished => "Finished",
                        NodeStatus.Failed => "Failed",
                        NodeStatus.Canceled => "Canceled",
                        _ => "NotStarted",
                    },
                    node.Error is { } error ? $"Error {error.Number:0000}: {error.Message}" : "None",
                    started,
                    node.Started,
                    node.Started is { } from ? from + node.Elapsed : null),
                ["StandardErrorEndpoint"] = null,
                ["StandardOutEndpoint"] = null,
            });
        }

        experiment["NodeStatuses"] = statuses;
        experiment["$outputs"] = outputs;
        var failure = run.Errors.FirstOrDefault();
        return run.Status switch
        {
            NodeStatus.Finished => ("Finished", "None"),
            NodeStatus.Canceled => ("Canceled", "None"),
            _ => ("Failed", failure is null ? "A module failed." : $"Error {failure.Number:0000}: {failure.Message} (node '{failure.Node}')"),
        };
    }

    private async Task<JsonObject> SaveOutputsAsync(ExperimentRunResult run, CompiledNode node, CancellationToken cancellationToken)
    {
        var kept = new JsonObject();
        foreach (var port in node.Outputs)
        {
            if (run.Find(new PortKey(node.Id, port.Name)) is not { } value || ArtifactValues.KindOf(value) is not { } kind)
            {
                continue;
            }

            using var buffer = new MemoryStream();
            await WriteAsync(value, buffer, cancellationToken);
            var size = buffer.Length;
            buffer.Position = 0;
            kept[port.Name] = new JsonObject
            {
                ["artifact"] = (await artifacts.PutAsync(buffer, cancellationToken)).Value,
                ["kind"] = kind.ToString(),
                ["size"] = size,
            };
        }

        return kept;
    }

    // Clients read tables as text with a header, models and transforms as files.
    private static async Task WriteAsync(PortValue value, Stream stream, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case TableValue { Table: TableBatch table }:
                await using (var writer = new DelimitedTextWriter(stream, table.Schema, DelimitedTextWriterOptions.Csv, leaveOpen: true))
                {
                    await writer.WriteAsync(table, cancellationToken);
                    await writer.CompleteAsync(cancellationToken);
                }

                break;
            case ModelValue { Model: var model }:
                ModelContainer.WriteModel(model, stream);
                break;
            case TransformValue { Transform: var transform }:
                ModelContainer.WriteTransform(transform, stream);
                break;
            default:
                break;
        }
    }

    [LoggerMessage(EventId = 7101, Level = LogLevel.Error, Message = "The run of experiment {Experiment} failed")]
    private static partial void LogFailure(ILogger logger, string experiment, Exception exception);
}
