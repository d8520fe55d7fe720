using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>
/// Writes experiments that have run as definitions of New web services. The schemas are those of the run: its results are kept, so that modules do not
/// run again for it.
/// </summary>
internal sealed class StudioDefinitions(
    StudioExperiments experiments,
    StudioGraphs graphs,
    StudioDownloads downloads,
    ModuleCatalog catalog,
    ModuleServices services,
    IDocumentStore documents,
    IArtifactStore artifacts,
    ArtifactValues values,
    ServerIdentity identity)
{
    /// <summary>The definition, without storage account and commitment plan, which its reader adds.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="server">This server as the caller sees it: saved assets are given by addresses that hold for a day.</param>
    /// <param name="cancellationToken">Stops between modules.</param>
    /// <exception cref="ServiceErrorException">400: it has not run, has no web-service ends, or needs what no definition can hold.</exception>
    public async Task<JsonObject> ExportAsync(string id, string server, CancellationToken cancellationToken)
    {
        var experiment = await experiments.GetAsync(id, cancellationToken);
        if (experiment.ObjectMember("Status")?.TextMember("StatusCode") != "Finished")
        {
            throw ServiceErrors.InvalidOperation("ExperimentNotFinished", "Only an experiment whose run has finished can be exported as a web service. Run it first.");
        }

        var (definition, assets) = await graphs.ReadAsync(experiment, cancellationToken);
        var compilation = ExperimentCompiler.Compile(definition, catalog);
        if (compilation.Experiment is not { } compiled)
        {
            var error = compilation.Diagnostics.First(found => found.Severity == DiagnosticSeverity.Error);
            throw ServiceErrors.PackageError("ValidationError", $"The experiment does not compile: {error.Message}");
        }

        var run = await ExperimentRunner.RunAsync(
            compiled,
            new ExperimentRunRequest
            {
                Services = services,
                Assets = assets,
                Cache = new StudioResultCache(id, new StoredResultCache(documents, values), documents),
                Targets = [.. definition.Nodes.Where(node => node.Module != "Export Data").Select(node => node.Id)],
            },
            cancellationToken);
        if (run.Errors.FirstOrDefault() is { } failure)
        {
            throw ServiceErrors.PackageError("ValidationError", failure.Report);
        }

        var package = await new WebServicePackager(values).PackageAsync(run, exposeSample: true, cancellationToken);
        var writer = new DefinitionGraph(experiment, catalog);
        var resource = writer.Write(package.Signature);
        foreach (var (key, kind, asset) in writer.SavedAssets)
        {
            var saved = await FindAsync(run, kind, asset, cancellationToken);
            var address = downloads.Sign(server, identity.WorkspaceId, saved.Artifact, saved.Name, saved.Size);
            var target = resource["properties"]!["assets"]![key]!.AsObject();
            target["name"] = saved.Name;
            target["locationInfo"] = new JsonObject
            {
                ["uri"] = $"{address["BaseUri"]}{address["Location"]}",
                ["credentials"] = address["AccessCredential"]!.DeepClone(),
            };
        }

        return resource;
    }

    private async Task<(ArtifactId Artifact, string Name, long Size)> FindAsync(
        ExperimentRunResult run, StudioAssetKind kind, string id, CancellationToken cancellationToken)
    {
        var asset = await experiments.FindAssetAsync(kind, id, cancellationToken);
        var name = asset.TextMember("Name") ?? id;
        if (kind != StudioAssetKind.Data)
        {
            return (StudioAssets.ArtifactOf(asset), name, asset.IntegerMember("Size") ?? 0);
        }

        // Definitions know one form of table; what was saved may be another.
        var value = run.Experiment.Find(StudioGraphs.NodeOf(id)) is { } node ? run.Find(new PortKey(node.Id, node.Outputs[0].Name)) : null;
        if (value is not TableValue { Table: TableBatch table })
        {
            throw ServiceErrors.BadArgument(
                "DataTypeNotSupported", $"Data set '{ServiceErrors.Shorten(name)}' is of type {asset.TextMember("DataTypeId")}; a definition holds tables alone. Publish the experiment instead.");
        }

        using var text = new MemoryStream();
        await using (var writer = new DelimitedTextWriter(text, table.Schema, DelimitedTextWriterOptions.Csv, leaveOpen: true))
        {
            await writer.WriteAsync(table, cancellationToken);
            await writer.CompleteAsync(cancellationToken);
        }

        text.Position = 0;
        return (await artifacts.PutAsync(text, cancellationToken), name, text.Length);
    }
}
