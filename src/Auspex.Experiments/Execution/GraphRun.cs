using System.Collections.Immutable;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Execution;

/// <summary>
/// One run of a graph. A single loop owns all state; nodes work beside it and bring their outcome back to it.
/// </summary>
internal sealed class GraphRun
{
    private readonly CompiledExperiment _experiment;
    private readonly ExperimentRunRequest _request;
    private readonly IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> _parameters;
    private readonly NodeScope _scope;
    private readonly NodeRunner _runner;
    private readonly Dictionary<PortKey, PortValue> _values;
    private readonly Dictionary<PortKey, string> _ids;
    private readonly HashSet<PortKey> _clockSeeded = [];
    private readonly Dictionary<string, NodeOutcome> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _waitsFor = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CompiledNode>> _consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<PortKey, int> _readers = [];
    private readonly PriorityQueue<CompiledNode, int> _ready = new();
    private readonly Dictionary<string, int> _order = new(StringComparer.Ordinal);

    public GraphRun(
        CompiledExperiment experiment,
        ExperimentRunRequest request,
        IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> parameters,
        NodeScope scope,
        Dictionary<PortKey, PortValue> given,
        Dictionary<PortKey, string> ids)
    {
        _experiment = experiment;
        _request = request;
        _parameters = parameters;
        _scope = scope;
        _runner = new NodeRunner(request);
        _values = new Dictionary<PortKey, PortValue>(given);
        _ids = ids;
        foreach (var node in experiment.Nodes)
        {
            _order[node.Id] = _order.Count;
            if (scope.Needed.Contains(node.Id))
            {
                Enlist(node, given);
            }
        }
    }

    public async Task<ExperimentRunResult> RunAsync(CancellationToken cancellationToken)
    {
        var running = new List<Task<NodeOutcome>>();
        var limit = Math.Max(1, _request.Services.Threads);
        while (true)
        {
            while (running.Count < limit && !cancellationToken.IsCancellationRequested && _ready.TryDequeue(out var node, out _))
            {
                var attempt = Prepare(node);

                // Modules compute for long stretches without awaiting: they leave the caller's scheduler here, once.
                running.Add(Task.Run(() => _runner.RunAsync(attempt, cancellationToken), CancellationToken.None));
            }

            if (running.Count == 0)
            {
                break;
            }

            var done = await Task.WhenAny(running);
            running.Remove(done);
            Take(await done);
        }

        return new ExperimentRunResult(
            _experiment, [.. _experiment.Nodes.Select(node => OutcomeOf(node, cancellationToken).ToRun() with { IsGiven = IsGiven(node) })], _values);
    }

    private void Enlist(CompiledNode node, Dictionary<PortKey, PortValue> given)
    {
        // Two ports may be fed by one node; it is waited for once.
        var sources = node.Inputs.Where(edge => !given.ContainsKey(edge.Source)).Select(edge => edge.Source.Node)
            .Distinct(StringComparer.Ordinal).ToList();
        _waitsFor[node.Id] = sources.Count;
        foreach (var source in sources)
        {
            if (!_consumers.TryGetValue(source, out var consumers))
            {
                _consumers[source] = consumers = [];
            }

            consumers.Add(node);
        }

        foreach (var edge in node.Inputs)
        {
            _readers[edge.Source] = _readers.GetValueOrDefault(edge.Source) + 1;
        }

        if (sources.Count == 0)
        {
            _ready.Enqueue(node, _order[node.Id]);
        }

        _request.OnUpdate?.Invoke(new NodeUpdate(node.Id, node.DisplayName, NodeStatus.Queued));
    }

    private NodeAttempt Prepare(CompiledNode node)
    {
        var parameters = _parameters.GetValueOrDefault(node.Id) ?? node.Parameters;
        var isClockSeeded = node.Module is { } module
            && (ResultKeys.IsClockSeeded(module.Descriptor, parameters)
                || node.Inputs.Any(edge => _clockSeeded.Contains(edge.Source)));
        if (isClockSeeded)
        {
            // A learner only carries its seed to whoever trains it; what it gives is the same each time.
            foreach (var port in node.Outputs.Where(port => port is { Type: Modules.PortType.ILearner or Modules.PortType.ICluster, Name: "Untrained model" }))
            {
                isClockSeeded = false;
                _clockSeeded.Add(new PortKey(node.Id, port.Name));
            }
        }

        return new NodeAttempt(
            node,
            node.Inputs.ToDictionary(edge => edge.Port.Name, edge => _values[edge.Source], StringComparer.Ordinal),
            [.. node.Inputs.Select(edge => (edge.Port.Name, _ids.GetValueOrDefault(edge.Source) ?? ""))],
            parameters,
            isClockSeeded);
    }

    private void Take(NodeOutcome outcome)
    {
        var node = outcome.Node;
        _outcomes[node.Id] = outcome;
        foreach (var (port, value) in outcome.Outputs)
        {
            var key = new PortKey(node.Id, port);

            // Where a caller's table stands in, it stays: the node ran for another of its ports.
            if (_values.TryAdd(key, value))
            {
                _ids[key] = $"{outcome.ResultId}:{port}";
            }
        }

        ReleaseInputs(node);
        if (outcome.Status == NodeStatus.Finished)
        {
            foreach (var consumer in _consumers.GetValueOrDefault(node.Id) ?? [])
            {
                if (--_waitsFor[consumer.Id] == 0 && !_outcomes.ContainsKey(consumer.Id))
                {
                    _ready.Enqueue(consumer, _order[consumer.Id]);
                }
            }
        }
        else
        {
            Skip(node, outcome.Status == NodeStatus.Canceled ? NodeStatus.Canceled : NodeStatus.Skipped);
        }
    }

    private void ReleaseInputs(CompiledNode node)
    {
        if (!_request.IsCall)
        {
            return;
        }

        foreach (var edge in node.Inputs)
        {
            if (--_readers[edge.Source] == 0 && !_scope.Wanted.Contains(edge.Source))
            {
                _values.Remove(edge.Source);
            }
        }

        foreach (var port in node.Outputs)
        {
            var key = new PortKey(node.Id, port.Name);
            if (_readers.GetValueOrDefault(key) == 0 && !_scope.Wanted.Contains(key))
            {
                _values.Remove(key);
            }
        }
    }

    private void Skip(CompiledNode failed, NodeStatus status)
    {
        var open = new Stack<CompiledNode>([failed]);
        while (open.TryPop(out var node))
        {
            foreach (var consumer in _consumers.GetValueOrDefault(node.Id) ?? [])
            {
                if (_outcomes.TryAdd(consumer.Id, NodeOutcome.Without(status, consumer) with { Log = [$"Not run: it needs node '{node.Id}'."] }))
                {
                    _request.OnUpdate?.Invoke(new NodeUpdate(consumer.Id, consumer.DisplayName, status));
                    open.Push(consumer);
                }
            }
        }
    }

    private NodeOutcome OutcomeOf(CompiledNode node, CancellationToken cancellationToken) =>
        _outcomes.TryGetValue(node.Id, out var outcome) ? outcome
        : NodeOutcome.Without(
            _scope.Needed.Contains(node.Id) && cancellationToken.IsCancellationRequested ? NodeStatus.Canceled : NodeStatus.NotStarted,
            node);

    private bool IsGiven(CompiledNode node) =>
        !_scope.Needed.Contains(node.Id) && _experiment.ServiceInputs.Any(input => input.Source.Node == node.Id && _request.Inputs.ContainsKey(input.Name));
}
