using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Execution;

namespace Auspex.Server.Studio;

/// <summary>
/// How far the modules of running experiments are, each run in a small document of its own: the experiment's holds the whole graph, and is written
/// when the run ends. Any server of a cluster can so tell it.
/// </summary>
internal sealed class StudioProgress(StudioStore store, TimeProvider clock)
{
    // As often as a person sees a difference; the last state comes with the experiment's own document.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Begins to keep the states of a run's nodes, all of them not started; ends when it is disposed of.</summary>
    public RunProgress Begin(JsonObject experiment, DateTimeOffset started)
    {
        var nodes = (experiment.ObjectMember("Graph")?.ArrayMember("ModuleNodes") ?? []).OfType<JsonObject>()
            .Select(node => node.TextMember("Id") ?? "").Where(id => id.Length > 0).Distinct(StringComparer.Ordinal);
        return new RunProgress(store, clock, Pause, (string)experiment["ExperimentId"]!, experiment.TextMember("RunId") ?? "", nodes, started);
    }

    /// <summary>Puts what is known of its nodes into an experiment that runs.</summary>
    public async Task ShowAsync(JsonObject experiment, CancellationToken cancellationToken)
    {
        if (StudioRuns.IsRunning(experiment)
            && await store.FindAsync(StudioStore.Progress, (string)experiment["ExperimentId"]!, cancellationToken) is { } kept
            && kept.TextMember("RunId") == experiment.TextMember("RunId"))
        {
            experiment["NodeStatuses"] = kept["NodeStatuses"]?.DeepClone();
        }
    }
}

/// <summary>The states of one run's nodes while it goes on.</summary>
internal sealed class RunProgress : IAsyncDisposable
{
    private readonly StudioStore _store;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _pause;
    private readonly string _experiment;
    private readonly string _run;
    private readonly string[] _nodes;
    private readonly DateTimeOffset _created;
    private readonly ConcurrentDictionary<string, State> _states;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _isOver = new();
    private readonly Task _keeping;

    public RunProgress(
        StudioStore store, TimeProvider clock, TimeSpan pause, string experiment, string run, IEnumerable<string> nodes, DateTimeOffset created)
    {
        (_store, _clock, _pause, _experiment, _run, _created) = (store, clock, pause, experiment, run, created);
        _nodes = [.. nodes];
        _states = new(_nodes.Select(node => KeyValuePair.Create(node, new State("NotStarted", "None", null, null))), StringComparer.Ordinal);
        _changed.Writer.TryWrite(true);
        _keeping = KeepAsync();
    }

    /// <summary>Takes a change of a node; from any thread, quick.</summary>
    public void Report(NodeUpdate update)
    {
        // Ends of the web service and saved assets are nodes here and none in Studio.
        if (!_states.TryGetValue(update.Node, out var before))
        {
            return;
        }

        var now = _clock.GetUtcNow();
        var detail = update.Message is not { Length: > 0 } message ? "None"
            : update.Status == NodeStatus.Failed ? $"{message} (module '{update.Module}', node '{update.Node}')"
            : update.Total is { } total ? FormattableString.Invariant($"{message} ({update.Done} of {total})")
            : message;
        _states[update.Node] = update.Status switch
        {
            NodeStatus.Running => new State("Running", detail, before.Started ?? now, null),
            NodeStatus.Finished or NodeStatus.Failed or NodeStatus.Canceled => new State(update.Status.ToString(), detail, before.Started ?? now, now),
            _ => before,
        };
        _changed.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        _changed.Writer.TryComplete();
        await _isOver.CancelAsync();
        await _keeping;
        _isOver.Dispose();
        try
        {
            // The run may have been stopped; what it leaves would be found by none.
            await _store.DeleteAsync(StudioStore.Progress, _experiment, CancellationToken.None);
        }
        catch (Exception cannot) when (cannot is AuspexException or IOException)
        {
            // The next run of the experiment writes over it.
        }
    }

    private async Task KeepAsync()
    {
        try
        {
            while (await _changed.Reader.WaitToReadAsync(_isOver.Token))
            {
                _changed.Reader.TryRead(out _);
                await _store.SaveAsync(StudioStore.Progress, _experiment, Describe(), _isOver.Token);
                await Task.Delay(_pause, _clock, _isOver.Token);
            }
        }
        catch (OperationCanceledException) when (_isOver.IsCancellationRequested)
        {
            // The run has ended.
        }
        catch (Exception cannot) when (cannot is AuspexException or IOException)
        {
            // Nobody sees how far the run is; it goes on all the same.
        }
    }

    private JsonObject Describe() => new()
    {
        ["RunId"] = _run,
        ["NodeStatuses"] = new JsonArray([.. _nodes.Select(node => (node, State: _states[node])).Select(entry => (JsonNode)new JsonObject
        {
            ["NodeId"] = entry.node,
            ["Status"] = StudioRuns.Status(entry.State.Code, entry.State.Detail, _created, entry.State.Started, entry.State.Ended),
            ["StandardErrorEndpoint"] = null,
            ["StandardOutEndpoint"] = null,
        })]),
    };

    private sealed record State(string Code, string Detail, DateTimeOffset? Started, DateTimeOffset? Ended);
}
