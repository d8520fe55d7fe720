using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// The nodes between the one input and the one output of a web service, when all of them work row by row.
/// </summary>
internal sealed partial class RowwisePath
{
    private readonly ImmutableArray<Stop> _stops;

    private RowwisePath(ImmutableArray<Stop> stops) => _stops = stops;

    /// <summary>
    /// Finds the path; null when there is none, or when something on it or beside it works on whole tables.
    /// </summary>
    /// <param name="experiment">The graph.</param>
    /// <param name="constants">Values of saved assets by port.</param>
    public static RowwisePath? Find(CompiledExperiment experiment, IReadOnlyDictionary<PortKey, PortValue> constants)
    {
        if (experiment.ServiceInputs is not [var input]
            || experiment.ServiceOutputs is not [{ Type: PortType.Dataset } output]
            || experiment.Nodes.Any(GraphRoles.IsExport))
        {
            return null;
        }

        var stops = new Stack<Stop>();
        var port = output.Source;
        while (port != input.Source)
        {
            var node = experiment[port.Node];
            if (node.Module is not IRowwiseModule module
                || GraphRoles.FirstTableOutput(node)?.Name != port.Port
                || node.Inputs.Where(edge => edge.Port.Type == PortType.Dataset).ToList() is not [var table])
            {
                return null;
            }

            var inputs = new Dictionary<string, PortValue>(StringComparer.Ordinal);
            foreach (var edge in node.Inputs.Where(edge => edge != table))
            {
                if (!constants.TryGetValue(edge.Source, out var value) || value is TransformValue { Transform.KeepsRows: false })
                {
                    return null;
                }

                inputs[edge.Port.Name] = value;
            }

            stops.Push(new Stop(node, module, inputs));
            port = table.Source;
        }

        return new RowwisePath([.. stops]);
    }

    /// <summary>Binds every node in turn to the schema that reaches it.</summary>
    /// <exception cref="ModuleException">A schema does not fit its node; node and module are set.</exception>
    public IRowTransform Bind(
        IRowTransform start,
        IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> parameters,
        ModuleServices services)
    {
        var steps = ImmutableArray.CreateBuilder<IRowTransform>(_stops.Length + 1);
        steps.Add(start);
        foreach (var (node, module, inputs) in _stops)
        {
            var texts = parameters.GetValueOrDefault(node.Id) ?? node.Parameters;
            var context = new ModuleContext(inputs, new ModuleParameters(module.Descriptor, texts), services);
            try
            {
                steps.Add(module.Bind(steps[^1].Output, context));
            }
            catch (ModuleException exception)
            {
                throw new ModuleException(exception.Number, exception.Message, exception)
                {
                    Node = node.Id,
                    Module = module.Descriptor.Name,
                };
            }
        }

        return new Chain(steps.DrainToImmutable());
    }

    private sealed record Stop(CompiledNode Node, IRowwiseModule Module, IReadOnlyDictionary<string, PortValue> Inputs);

    private sealed class Chain(ImmutableArray<IRowTransform> steps) : IRowTransform
    {
        public TableSchema Output { get; } = steps[^1].Output;

        public ColumnFlow Flow { get; } = steps.Skip(1).Aggregate(steps[0].Flow, (flow, step) => flow.Then(step.Flow));

        public TableBatch Apply(TableBatch batch)
        {
            foreach (var step in steps)
            {
                batch = step.Apply(batch);
            }

            return batch;
        }
    }
}
