using Auspex.Connectors.Tables;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Drift;

namespace Auspex.Experiments.WebServices;

public sealed partial class WebServiceRuntime
{
    /// <inheritdoc/>
    public InputContract ContractOf(string input, IReadOnlyDictionary<string, string> parameters)
    {
        var port = Signature.Inputs.FirstOrDefault(port => port.Name == input)
            ?? throw new ArgumentException($"The web service has no input '{input}'.", nameof(input));
        return InputContract.Of(port, _labels, FindModel(port, parameters));
    }

    /// <inheritdoc/>
    public DriftWatch? WatchDrift(IRowTransform scoring, TableSchema input, IReadOnlyDictionary<string, string> parameters) =>
        FindModel(Signature.Inputs[0], parameters) is { } reached
            ? DriftWatch.Create(
                reached.Model,
                scoring,
                input,
                name => reached.FeatureOf(name) is >= 0 and var feature && reached.Model.Features.Fields[feature].Name == name)
            : null;

    /// <inheritdoc/>
    public TrainedModel? FindScoringModel(IReadOnlyDictionary<string, string> parameters) => _path is null
        ? _known.Values.OfType<ModelValue>().ToList() is [var only] ? only.Model : null
        : FindModel(Signature.Inputs[0], parameters)?.Model;

    /// <inheritdoc/>
    public IReadOnlyList<ScoringNode> ScoringNodes { get; }

    private static List<ScoringNode> FindScoringNodes(CompiledExperiment experiment, IReadOnlyDictionary<PortKey, PortValue> known) =>
    [
        .. experiment.Nodes
            .Where(GraphRoles.IsScorer)
            .Select(node => (node.Id, Model: node.Inputs.Select(edge => known.GetValueOrDefault(edge.Source)).OfType<ModelValue>().FirstOrDefault()?.Model))
            .Where(node => node.Model is not null)
            .Select(node => new ScoringNode(node.Id, node.Model!)),
    ];

    private ReachedModel? FindModel(ServicePort port, IReadOnlyDictionary<string, string> parameters)
    {
        if (_path is null || port.Schema is not { Fields.IsEmpty: false } schema)
        {
            return null;
        }

        // As callers send it: plain values, any of which may be missing.
        var plain = new TableSchema([.. schema.Fields.Select(field => field with { IsNullable = true, Categories = null })]);
        try
        {
            var resolved = ParameterOverrides.Resolve(_experiment, parameters, isCall: true);
            return _path.FindModel(InputConformance.Bind(port, plain, _labels), plain, resolved, Offline);
        }
        catch (Exception exception) when (exception is ModuleException or WebServiceCallException)
        {
            // A parameter that does not fit is reported where the service is bound to be run.
            return null;
        }
    }
}
