using System.Collections.Immutable;
using System.Globalization;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Compilation;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Puts web-service ends on a training experiment, so that a batch call trains it on other data: an input on the training
/// data; outputs on the trained model, on the evaluation and on every transform that was fitted on the way.
/// </summary>
public static class RetrainingConversion
{
    /// <summary>
    /// Places the ends. Those that the experiment declares already stay, and none is added beside them.
    /// </summary>
    /// <param name="training">The training experiment.</param>
    /// <param name="trainer">The trainer's node id; needed when there are several.</param>
    /// <param name="name">The new experiment's name; null: the training experiment's own.</param>
    public static ConversionResult Convert(CompiledExperiment training, string? trainer = null, string? name = null)
    {
        try
        {
            var chosen = PredictiveConversion.ChooseTrainer(training, trainer)
                ?? throw new ConversionException("The experiment trains no model; a retraining web service needs a trainer.");
            var definition = training.Definition with
            {
                Name = name ?? training.Definition.Name,
                WebServiceInputs = training.ServiceInputs.Length > 0 ? training.Definition.WebServiceInputs : [Input(training, chosen)],
                WebServiceOutputs = training.ServiceOutputs.Length > 0 ? training.Definition.WebServiceOutputs : Outputs(training, chosen),
            };
            return new ConversionResult(ExperimentWriter.WithSource(definition), [], []);
        }
        catch (ConversionException exception)
        {
            return new ConversionResult(
                null, [], [new Diagnostic(exception.Code, DiagnosticSeverity.Error, exception.Message, JsonPath: exception.Path)]);
        }
    }

    private static ExperimentPort Input(CompiledExperiment training, CompiledNode trainer) =>
        Port(training, "input1", GraphRoles.PrimarySource(training, GraphRoles.FirstTableInput(trainer)!.Source));

    private static ImmutableArray<ExperimentPort> Outputs(CompiledExperiment training, CompiledNode trainer)
    {
        List<PortKey> ports = [new(trainer.Id, GraphRoles.ModelPort(trainer)!.Name)];
        var upstream = Upstream(training, trainer);
        var evaluation = training.Nodes.FirstOrDefault(
            node => GraphRoles.IsEvaluation(node) && GraphRoles.FirstTableOutput(node) is not null
                && Upstream(training, node).Contains(trainer.Id));
        if (evaluation is not null)
        {
            ports.Add(new PortKey(evaluation.Id, GraphRoles.FirstTableOutput(evaluation)!.Name));
        }

        // A model trained behind a transform only fits the transform of the same run: both must be updated together.
        ports.AddRange(training.Nodes.Where(node => upstream.Contains(node.Id))
            .Select(node => (node, port: GraphRoles.TransformPort(node)))
            .Where(entry => entry.port is not null)
            .Select(entry => new PortKey(entry.node.Id, entry.port!.Name)));
        return [.. ports.Select((port, index) => Port(training, string.Create(CultureInfo.InvariantCulture, $"output{index + 1}"), port))];
    }

    private static HashSet<string> Upstream(CompiledExperiment training, CompiledNode start)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<CompiledNode>([start]);
        while (open.TryPop(out var node))
        {
            foreach (var edge in node.Inputs.Where(edge => reached.Add(edge.Source.Node)))
            {
                open.Push(training[edge.Source.Node]);
            }
        }

        return reached;
    }

    private static ExperimentPort Port(CompiledExperiment training, string name, PortKey port) =>
        new(name, port.Node, training[port.Node].Outputs.Length == 1 ? null : port.Port);
}
