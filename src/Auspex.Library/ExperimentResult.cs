using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;

namespace Auspex.Library;

/// <summary>How to run an experiment.</summary>
public sealed record ExperimentSettings
{
    /// <summary>Tables by web-service input, in place of what the experiment reads there.</summary>
    public IReadOnlyDictionary<string, Table> Inputs { get; init; } = new Dictionary<string, Table>();

    /// <summary>Values of the experiment's parameters, as text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Saved models that the experiment names.</summary>
    public IReadOnlyDictionary<string, Model> Models { get; init; } = new Dictionary<string, Model>();

    /// <summary>The only folders that modules may read and write; the experiment's own unless given.</summary>
    public IReadOnlyList<string> FileRoots { get; init; } = [];

    /// <summary>Threads, and modules that run at once; results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told what is done, how far, and of how much if that is known; from any thread.</summary>
    public Action<string, long, long?>? ReportProgress { get; init; }
}

/// <summary>What an experiment gave.</summary>
public sealed class ExperimentResult
{
    private readonly ExperimentRunResult _run;

    internal ExperimentResult(ExperimentRunResult run) => _run = run;

    /// <summary>The trained model of a web-service output or a node.</summary>
    /// <param name="name">The output's name, or the node's id.</param>
    /// <exception cref="ArgumentException">There is none of this name, or it gives no model.</exception>
    public Model Model(string name) => Values(name).OfType<ModelValue>().FirstOrDefault() is { } value
        ? new Model(value.Model)
        : throw Missing(name, "trained model");

    /// <summary>The table of a web-service output or, of its first table, a node.</summary>
    /// <inheritdoc cref="Model(string)"/>
    public Table Table(string name) => Values(name).OfType<TableValue>().FirstOrDefault() is { } value
        ? new Table(value.Table)
        : throw Missing(name, "table");

    private IEnumerable<PortValue> Values(string name)
    {
        var ports = _run.Experiment.ServiceOutputs.FirstOrDefault(output => output.Name == name) is { } output
            ? [output.Source]
            : _run.Experiment.Find(name) is { } node ? node.Outputs.Select(port => new PortKey(node.Id, port.Name)) : [];
        return ports.Select(port => _run.Find(port)).OfType<PortValue>();
    }

    private ArgumentException Missing(string name, string what) => new(
        $"There is no {what} of the name '{name}'; there are outputs {string.Join(", ", _run.Experiment.ServiceOutputs.Select(output => $"'{output.Name}'"))} "
        + $"and nodes {string.Join(", ", _run.Experiment.Nodes.Select(node => $"'{node.Id}'"))}.",
        nameof(name));
}
