using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Stores;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Makes web-service packages from experiments that ran: artifacts of all they need, and what they take and give.
/// </summary>
/// <param name="values">Where artifacts go.</param>
public sealed class WebServicePackager(ArtifactValues values)
{
    /// <summary>
    /// Packages an experiment; schemas and the sample row are those of the run at its web-service ends.
    /// </summary>
    /// <param name="run">A run of the experiment itself (for a converted one: run it once first).</param>
    /// <param name="exposeSample">Whether the first row at each input becomes the sample that callers may see.</param>
    /// <param name="cancellationToken">Stops between artifacts.</param>
    /// <exception cref="PackagingException">
    /// A node that is needed has no result, or there are no web-service ends.
    /// </exception>
    public async Task<WebServicePackage> PackageAsync(
        ExperimentRunResult run, bool exposeSample, CancellationToken cancellationToken)
    {
        var experiment = run.Experiment;
        if (experiment.ServiceOutputs.IsEmpty && experiment.Nodes.All(node => !GraphRoles.IsExport(node)))
        {
            throw new PackagingException(
                ErrorCode.PackagingFailed,
                $"Experiment '{experiment.Definition.Name}' has no web-service output and no export; place an output "
                    + "on a port.");
        }

        var assets = ImmutableArray.CreateBuilder<PackagedAsset>();
        foreach (var node in experiment.Nodes)
        {
            if (node.Asset is { } asset && assets.All(packaged => packaged.Asset != asset))
            {
                var value = Require(run, new PortKey(node.Id, node.Outputs[0].Name));
                assets.Add(new PackagedAsset(asset, await values.SaveAsync(value, cancellationToken)));
            }
        }

        var tables = ImmutableDictionary.CreateBuilder<string, ArtifactId>(StringComparer.Ordinal);
        foreach (var node in ConstantTables(experiment))
        {
            var value = Require(run, new PortKey(node.Id, node.Outputs[0].Name));
            tables[node.Id] = await values.SaveAsync(value, cancellationToken);
        }

        return new WebServicePackage(
            experiment.Definition, assets.ToImmutable(), MakeSignature(run, exposeSample), tables.ToImmutable());
    }

    private static ServiceSignature MakeSignature(ExperimentRunResult run, bool exposeSample)
    {
        var experiment = run.Experiment;
        var labels = experiment.Nodes.Where(node => node.Asset is not null)
            .Select(node => run.Find(new PortKey(node.Id, node.Outputs[0].Name)))
            .OfType<ModelValue>()
            .Select(value => value.Model.Label.Name)
            .ToHashSet(StringComparer.Ordinal);
        return new ServiceSignature(
            [
                .. experiment.ServiceInputs.Select(input =>
                {
                    var table = ((TableValue)Require(run, input.Source)).Table;
                    return new ServicePort(
                        input.Name, PortType.Dataset, WithOptionalLabels(table.Schema, labels), exposeSample ? SampleRow.Of(table) : null);
                }),
            ],
            [.. experiment.ServiceOutputs.Select(output => MakeOutput(output, Require(run, output.Source), exposeSample))],
            [.. experiment.Parameters.Select(ServiceParameters.Of)]);
    }

    private static ServicePort MakeOutput(CompiledServicePort output, PortValue value, bool exposeSample) =>
        value is TableValue { Table: var table }
            ? new ServicePort(output.Name, PortType.Dataset, table.Schema, exposeSample ? SampleRow.Of(table) : null)
            : new ServicePort(output.Name, output.Type, null, null);

    // What is to be predicted is still a column of the input when that lies on the raw table; callers leave it empty.
    private static TableSchema WithOptionalLabels(TableSchema schema, HashSet<string> labels) =>
        new([.. schema.Fields.Select(field => labels.Contains(field.Name) ? field with { IsNullable = true } : field)]);

    /// <summary>
    /// Nodes whose one table is the same in every call and feeds something that is not, or what a caller may replace: they
    /// need not run again.
    /// </summary>
    private static IEnumerable<CompiledNode> ConstantTables(CompiledExperiment experiment)
    {
        var inputs = experiment.ServiceInputs.Select(input => input.Source).ToHashSet();
        var steered = experiment.Parameters.SelectMany(parameter => parameter.Targets).Select(target => target.Node)
            .ToHashSet(StringComparer.Ordinal);
        var constant = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in experiment.Nodes)
        {
            if (node.Module?.Descriptor.IsDeterministic != false
                && !steered.Contains(node.Id)
                && node.Inputs.All(edge => constant.Contains(edge.Source.Node) && !inputs.Contains(edge.Source)))
            {
                constant.Add(node.Id);
            }
        }

        var wanted = experiment.ServiceOutputs.Select(output => output.Source)
            .Concat(experiment.Nodes.Where(node => !constant.Contains(node.Id)).SelectMany(node => node.Inputs).Select(edge => edge.Source))
            .ToHashSet();
        return experiment.Nodes.Where(node =>
            node.Module is not null
            && constant.Contains(node.Id)
            && node.Outputs is [{ Type: PortType.Dataset } port]
            && wanted.Contains(new PortKey(node.Id, port.Name)));
    }

    private static PortValue Require(ExperimentRunResult run, PortKey port)
    {
        if (run.Find(port) is { } value)
        {
            return value;
        }

        var error = run.Errors.FirstOrDefault();
        throw new PackagingException(
            ErrorCode.PackagingFailed,
            $"The run gave nothing at '{port}'; run the experiment to its end first."
                + (error is null ? "" : $" Node '{error.Node}' failed: {error.Message}"),
            error);
    }
}
