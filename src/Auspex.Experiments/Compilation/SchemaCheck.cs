using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>What is known of the columns at each port before anything ran.</summary>
/// <param name="Schemas">By port; ports of which nothing is known are absent.</param>
/// <param name="Diagnostics">Columns that do not fit the node they reach.</param>
public sealed record SchemaCheckResult(
    IReadOnlyDictionary<PortKey, TableSchema> Schemas, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>
/// Carries schemas along a graph as far as they can be known without running it: from saved datasets and typed-in tables
/// through modules that work row by row. Finds missing columns and wrong types before the run does.
/// </summary>
public static class SchemaCheck
{
    // "Not in an allowed category": a module that wants categories may get them from rows that nobody has seen yet.
    private const int NotCategorical = 56;

    /// <summary>Checks a graph. Modules that reach outside are not run; behind them nothing is known.</summary>
    /// <param name="experiment">The graph.</param>
    /// <param name="assets">Saved assets; null when there are none.</param>
    /// <param name="services">For modules without inputs, which run; no other module does.</param>
    /// <param name="cancellationToken">Stops between nodes.</param>
    public static async Task<SchemaCheckResult> RunAsync(
        CompiledExperiment experiment, IAssetSource? assets, ModuleServices services, CancellationToken cancellationToken)
    {
        var sources = experiment.Nodes
            .Where(node => node.Module is null or { Descriptor: { IsDeterministic: true, Inputs.IsEmpty: true } })
            .Select(node => node.Id);
        var run = await ExperimentRunner.RunAsync(
            experiment,
            new ExperimentRunRequest { Services = services, Assets = assets, Targets = [.. sources] },
            cancellationToken);
        var parameters = ParameterOverrides.Resolve(experiment, ImmutableDictionary<string, string>.Empty, isCall: false);
        var schemas = new Dictionary<PortKey, TableSchema>();
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var error in run.Errors)
        {
            diagnostics.Add(ToDiagnostic(error, error.Node!));
        }

        foreach (var node in experiment.Nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var port in node.Outputs)
            {
                var key = new PortKey(node.Id, port.Name);
                if (run.Find(key) is TableValue { Table.Schema: var schema })
                {
                    schemas[key] = schema;
                }
            }

            if (node.Module is IRowwiseModule module && GraphTables(node) is [var table]
                && schemas.TryGetValue(table.Source, out var input) && InputsOf(node, run) is { } inputs)
            {
                try
                {
                    var texts = parameters.GetValueOrDefault(node.Id) ?? node.Parameters;
                    var context = new ModuleContext(inputs, new ModuleParameters(module.Descriptor, texts), services);
                    schemas[new PortKey(node.Id, node.Outputs.First(port => port.Type == PortType.Dataset).Name)] =
                        module.Bind(input, context).Output;
                }
                catch (ModuleException exception) when (exception.Number == NotCategorical)
                {
                    // Behind this node nothing is known.
                }
                catch (ModuleException exception)
                {
                    diagnostics.Add(ToDiagnostic(exception, node.Id));
                }
            }
        }

        return new SchemaCheckResult(schemas, diagnostics.ToImmutable());
    }

    private static List<CompiledEdge> GraphTables(CompiledNode node) =>
        [.. node.Inputs.Where(edge => edge.Port.Type == PortType.Dataset)];

    // Null when a model or transform is not there before the run.
    private static Dictionary<string, PortValue>? InputsOf(CompiledNode node, ExperimentRunResult run)
    {
        var inputs = new Dictionary<string, PortValue>(StringComparer.Ordinal);
        foreach (var edge in node.Inputs.Where(edge => edge.Port.Type != PortType.Dataset))
        {
            if (run.Find(edge.Source) is not { } value)
            {
                return null;
            }

            inputs[edge.Port.Name] = value;
        }

        return inputs;
    }

    private static Diagnostic ToDiagnostic(ModuleException exception, string node) => new(
        ErrorCode.SchemaMismatch,
        DiagnosticSeverity.Error,
        string.Create(CultureInfo.InvariantCulture, $"Node '{node}': Error {exception.Number:D4}: {exception.Message}"),
        JsonPath: ExperimentPaths.Node(node));
}
