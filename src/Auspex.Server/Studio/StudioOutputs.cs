using System.Text;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Reports;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>
/// What a run left, in its experiment's document: the state of every node, and as artifacts what is at its ports and what it had to say.
/// Members that begin with <c>$</c> are ours and are shown to clients as addresses.
/// </summary>
internal sealed class StudioOutputs(IArtifactStore artifacts)
{
    /// <summary>By node and port: <c>artifact</c>, <c>kind</c>, <c>size</c>.</summary>
    public const string Ports = "$outputs";

    /// <summary>By node: <c>output</c> and <c>error</c>, each with <c>artifact</c> and <c>size</c>.</summary>
    public const string Logs = "$logs";

    /// <summary>The page of the run: <c>artifact</c> and <c>size</c>.</summary>
    public const string Report = "$report";

    /// <summary>By node and port: what a person is shown beside a table, as JSON.</summary>
    public const string Views = "$views";

    /// <summary>Writes the outcome of a run into an experiment.</summary>
    public async Task SaveAsync(JsonObject experiment, ExperimentRunResult run, DateTimeOffset started, CancellationToken cancellationToken)
    {
        var nodes = (experiment.ObjectMember("Graph")?.ArrayMember("ModuleNodes") ?? []).OfType<JsonObject>()
            .Select(node => node.TextMember("Id") ?? "").ToHashSet(StringComparer.Ordinal);
        var ports = new JsonObject();
        var logs = new JsonObject();
        var statuses = new JsonArray();
        foreach (var node in run.Nodes.Where(node => nodes.Contains(node.Node)))
        {
            ports[node.Node] = await SavePortsAsync(run, run.Experiment.Nodes.First(known => known.Id == node.Node), cancellationToken);
            logs[node.Node] = await SaveLogsAsync(node, cancellationToken);
            statuses.Add((JsonNode)Describe(node, started));
        }

        experiment["NodeStatuses"] = statuses;
        experiment[Ports] = ports;
        experiment[Logs] = logs;
        experiment[Views] = await SaveViewsAsync(run, cancellationToken);
        experiment[Report] = await PutAsync(RunReport.ToHtml(run), cancellationToken);
    }

    private static JsonObject Describe(NodeRun node, DateTimeOffset started) => new()
    {
        ["NodeId"] = node.Node,
        ["Status"] = StudioRuns.Status(
            node.Status switch
            {
                NodeStatus.Finished => "Finished",
                NodeStatus.Failed => "Failed",
                NodeStatus.Canceled => "Canceled",
                _ => "NotStarted",
            },
            node.Error is { } error ? error.Report
                : node.IsFromCache ? "Task output was present in output cache"
                : "None",
            started,
            node.Started,
            node.Started is { } from ? from + node.Elapsed : null),
        ["StandardErrorEndpoint"] = null,
        ["StandardOutEndpoint"] = null,
    };

    private async Task<JsonObject> SaveLogsAsync(NodeRun node, CancellationToken cancellationToken)
    {
        var kept = new JsonObject();
        if (!node.Log.IsEmpty)
        {
            kept["output"] = await PutAsync(Encoding.UTF8.GetBytes(string.Join('\n', node.Log) + "\n"), cancellationToken);
        }

        if (node.Error is { } error)
        {
            kept["error"] = await PutAsync(Encoding.UTF8.GetBytes(error.Report + "\n"), cancellationToken);
        }

        return kept;
    }

    private async Task<JsonObject> SavePortsAsync(ExperimentRunResult run, CompiledNode node, CancellationToken cancellationToken)
    {
        var kept = new JsonObject();
        foreach (var port in node.Outputs)
        {
            if (run.Find(new PortKey(node.Id, port.Name)) is { } value && ArtifactValues.KindOf(value) is { } kind)
            {
                using var buffer = new MemoryStream();
                await WriteAsync(value, buffer, cancellationToken);
                var output = await PutAsync(buffer.ToArray(), cancellationToken);
                output["kind"] = kind.ToString();
                kept[port.Name] = output;
            }
        }

        return kept;
    }

    private async Task<JsonObject> SaveViewsAsync(ExperimentRunResult run, CancellationToken cancellationToken)
    {
        var views = new JsonObject();
        foreach (var node in run.Experiment.Nodes)
        {
            foreach (var port in node.Outputs)
            {
                if (run.Find(new PortKey(node.Id, port.Name)) is TableValue { Visualization: { } view })
                {
                    views[node.Id] ??= new JsonObject();
                    views[node.Id]![port.Name] = await PutAsync(Encoding.UTF8.GetBytes(view), cancellationToken);
                }
            }
        }

        return views;
    }

    private async Task<JsonObject> PutAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return new JsonObject
        {
            ["artifact"] = (await artifacts.PutAsync(stream, cancellationToken)).Value,
            ["size"] = (long)bytes.Length,
        };
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
            case ArchiveValue { Bytes: var bytes }:
                await stream.WriteAsync(bytes, cancellationToken);
                break;
            default:
                break;
        }
    }
}
