using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

public sealed partial class WebServiceRuntime
{
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, PortValue>> ExecuteAsync(
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        CancellationToken cancellationToken) => ExecuteAsync(inputs, parameters, services, watch: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, PortValue>> ExecuteAsync(
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        GraphWatch? watch,
        CancellationToken cancellationToken)
    {
        var run = await RunAsync(inputs, parameters, services, watch, targets: null, cancellationToken);
        var outputs = new Dictionary<string, PortValue>(StringComparer.Ordinal);
        foreach (var output in _experiment.ServiceOutputs)
        {
            outputs[output.Name] = run.Find(output.Source) ?? throw new InvalidOperationException(
                $"Web-service output '{output.Name}' got no value from '{output.Source}' although nothing failed.");
        }

        return outputs;
    }

    /// <inheritdoc/>
    public Task ScoreAsync(
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        GraphWatch watch,
        CancellationToken cancellationToken) =>
        RunAsync(inputs, parameters, services, watch, [.. ScoringNodes.Select(node => node.Id)], cancellationToken);

    private async Task<ExperimentRunResult> RunAsync(
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        GraphWatch? watch,
        IReadOnlyCollection<string>? targets,
        CancellationToken cancellationToken)
    {
        var conformed = new Dictionary<string, TableBatch>(StringComparer.Ordinal);
        foreach (var (name, table) in inputs)
        {
            // An unknown name is left to the runner, which reports it with those that exist.
            conformed[name] = Signature.Inputs.FirstOrDefault(input => input.Name == name) is { } port
                ? InputConformance.Bind(port, table.Schema, _labels).Apply(table)
                : table;
        }

        var run = await ExperimentRunner.RunAsync(
            _experiment,
            new ExperimentRunRequest
            {
                Services = services,
                Inputs = conformed,
                ParameterValues = parameters,
                Known = _known,
                IsCall = true,
                Targets = targets,
                OnValues = watch is null ? null : (node, taken, given) =>
                {
                    if (_scoringIds.Contains(node.Id))
                    {
                        watch.Take(node, taken, given);
                    }
                },
            },
            cancellationToken);
        if (run.Errors.FirstOrDefault() is { } error)
        {
            throw error;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return run;
    }
}
