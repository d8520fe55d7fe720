using System.Collections.Concurrent;
using System.Collections.Immutable;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Challengers;
using Auspex.Experiments.Scoring.Drift;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Looks on where a graph scores rows with a saved model: counts drift against that model's training, and keeps scores that others are to be
/// compared with.
/// </summary>
/// <remarks>
/// Thread-safe; for one run. Memory: the bins of drift, and 12 to 24 bytes per row where scores are kept; tables are let go as without it.
/// </remarks>
public sealed class GraphWatch
{
    private readonly ConcurrentDictionary<string, DriftReport> _drift = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KeptScores> _scores = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>Whose rows they are, for people.</summary>
    public required string Source { get; init; }

    /// <summary>The model that scores, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Whether drift is counted.</summary>
    public bool CountsDrift { get; init; }

    /// <summary>Nodes whose scores are kept, and the classes that are told apart in them.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Keeps { get; init; } = GraphContest.Nothing;

    /// <summary>The drift of what came to a node; null where its model does not know how its training was spread, or it did not run.</summary>
    public DriftReport? DriftOf(string node) => _drift.GetValueOrDefault(node);

    /// <summary>What a node scored.</summary>
    /// <exception cref="ModuleException">13: there is nothing that can be compared.</exception>
    internal KeptScores ScoresOf(string node) => _scores.GetValueOrDefault(node) ?? throw new ModuleException(
        13, _problems.GetValueOrDefault(node) ?? $"Node '{node}' of '{Name}' scored nothing.");

    /// <summary>Takes what a node with a saved model got and gave. Never throws for what it finds.</summary>
    internal void Take(CompiledNode node, IReadOnlyDictionary<string, PortValue> inputs, IReadOnlyDictionary<string, PortValue> outputs)
    {
        if (inputs.Values.OfType<ModelValue>().FirstOrDefault() is not { Model: var model }
            || GraphRoles.FirstTableInput(node) is not { } edge
            || inputs.GetValueOrDefault(edge.Port.Name) is not TableValue { Table: var input }
            || outputs.GetValueOrDefault(GraphRoles.FirstTableOutput(node)!.Name) is not TableValue { Table: var scored })
        {
            return;
        }

        if (CountsDrift && DriftWatch.Measure(model, input, scored, Source) is { } drift)
        {
            _drift[node.Id] = drift;
        }

        if (Keeps.TryGetValue(node.Id, out var classes))
        {
            try
            {
                _scores[node.Id] = KeptScores.Of(Name, model, scored, classes);
            }
            catch (ModuleException cannot)
            {
                // The output is what the caller waits for; that nothing was compared is said beside it.
                _problems[node.Id] = cannot.Message;
            }
        }
    }
}
