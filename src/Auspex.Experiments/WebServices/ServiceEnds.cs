using System.Collections.Immutable;
using System.Globalization;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>Finds where callers' data enters and leaves a predictive experiment.</summary>
/// <param name="training">The training graph.</param>
/// <param name="draft">The graph that is being made.</param>
/// <param name="options">What the author wants.</param>
/// <param name="scorer">The node that scores with the chosen model; null for a graph without model.</param>
internal sealed class ServiceEnds(
    CompiledExperiment training, PredictiveDraft draft, ConversionOptions options, CompiledNode? scorer)
{
    /// <summary>Brings over everything that is to come out; to be called first.</summary>
    public ImmutableArray<ExperimentPort> BringOutputs()
    {
        if (!options.Outputs.IsEmpty)
        {
            return [.. options.Outputs.Select((reference, index) => Output(Number("output", index), Resolve(reference)))];
        }

        var behind = BehindScorer();
        var exports = behind.Where(GraphRoles.IsExport).ToList();
        foreach (var node in behind.Where(node => GraphRoles.IsExport(node) || WebServiceModules.IsOutput(node)))
        {
            draft.Keep(node);
        }

        var ids = behind.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        var declared = training.Definition.WebServiceOutputs.Select(output => training.ServiceOutputs.First(known => known.Name == output.Name))
            .Where(output => output.Type == PortType.Dataset && ids.Contains(output.Source.Node))
            .Select(output => Output(output.Name, output.Source))
            .ToImmutableArray();
        if (declared.Length > 0 || behind.Any(WebServiceModules.IsOutput))
        {
            return declared;
        }

        // A service that exports where its caller says need not send the rows back as well.
        if (exports.Any(IsSteeredByCaller))
        {
            return [];
        }

        var results = scorer is not null ? [scorer] : behind.Where(IsResult).ToList();
        return results.Count > 0
            ? [.. results.Select((node, index) => Output(
                Number("output", index), new PortKey(node.Id, GraphRoles.FirstTableOutput(node)!.Name)))]
            : throw new ConversionException("The experiment gives no table that a web service could return; add a node that does.");
    }

    /// <summary>Finds inputs in what was brought over.</summary>
    public ImmutableArray<ExperimentPort> FindInputs()
    {
        if (!options.Inputs.IsEmpty)
        {
            return
            [
                .. options.Inputs.Select((reference, index) =>
                    Input(Number("input", index), Resolve(reference)) ?? throw new ConversionException(
                        $"'{reference}' takes no part in scoring, so callers cannot send data there.")),
            ];
        }

        var declared = training.Definition.WebServiceInputs.Select(input => training.ServiceInputs.First(known => known.Name == input.Name))
            .Select(input => Input(input.Name, input.Source))
            .OfType<ExperimentPort>()
            .ToImmutableArray();
        if (declared.Length > 0 || training.Nodes.Any(node => WebServiceModules.IsInput(node) && draft.HasUnchanged(node.Id)))
        {
            return declared;
        }

        var starts = scorer is not null ? [scorer] : BehindScorer().Where(IsResult).ToList();
        foreach (var start in starts)
        {
            if (GraphRoles.FirstTableInput(start) is not { } edge)
            {
                continue;
            }

            var source = GraphRoles.PrimarySource(training, edge.Source);

            // Where the caller says which table to read, sending rows as well would make no sense.
            if (!IsSteeredByCaller(training[source.Node]) && Input("input1", source) is { } input)
            {
                return [input];
            }
        }

        return [];
    }

    /// <summary>
    /// The scorer and what its rows reach without passing an evaluation; all nodes when there is no scorer.
    /// </summary>
    private List<CompiledNode> BehindScorer()
    {
        if (scorer is null)
        {
            return [.. training.Nodes.Where(node => !GraphRoles.IsEvaluation(node))];
        }

        var reached = new HashSet<string>(StringComparer.Ordinal) { scorer.Id };
        foreach (var node in training.Nodes)
        {
            if (!GraphRoles.IsEvaluation(node) && node.Inputs.Any(edge => reached.Contains(edge.Source.Node)))
            {
                reached.Add(node.Id);
            }
        }

        return [.. training.Nodes.Where(node => reached.Contains(node.Id))];
    }

    private bool IsResult(CompiledNode node) =>
        GraphRoles.FirstTableOutput(node) is not null
        && training.Nodes.All(other => other.Inputs.All(edge => edge.Source.Node != node.Id));

    private bool IsSteeredByCaller(CompiledNode node) =>
        training.Parameters.Any(parameter => parameter.Targets.Any(target => target.Node == node.Id));

    private ExperimentPort Output(string name, PortKey port)
    {
        var (node, newPort) = draft.Refer(draft.Bring(port));
        return new ExperimentPort(name, node, newPort);
    }

    private ExperimentPort? Input(string name, PortKey port)
    {
        if (draft.Find(port) is not { } moved)
        {
            return null;
        }

        var (node, newPort) = draft.Refer(moved);
        return new ExperimentPort(name, node, newPort);
    }

    private PortKey Resolve(string reference)
    {
        var (id, port) = ExperimentLoader.SplitReference(reference);
        return training.Find(id) is { } node
            && (port is null ? GraphRoles.FirstTableOutput(node) : node.Outputs.FirstOrDefault(output => output.Name == port)) is { } found
            ? new PortKey(id, found.Name)
            : throw new ConversionException($"'{reference}' is no output port of the training experiment; expected 'node' or 'node.Port name'.");
    }

    private static string Number(string word, int index) => string.Create(CultureInfo.InvariantCulture, $"{word}{index + 1}");
}
