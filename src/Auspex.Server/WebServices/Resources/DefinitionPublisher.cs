using System.Text;
using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Import;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Server.Studio;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Resources;

/// <summary>Makes web services of New definitions: their graph runs once on its sample, as that of any experiment that is published.</summary>
internal sealed class DefinitionPublisher(
    ModuleCatalog catalog,
    ArtifactValues values,
    IArtifactStore artifacts,
    BlobFetcher blobs,
    ModuleServices services,
    ModelReplacement models,
    WebServicePublisher publisher,
    StudioDownloads downloads,
    ServerIdentity identity)
{
    private const int MostReported = 20;
    private const int LargestTable = 16 << 20;

    /// <summary>Publishes a definition's graph under a name.</summary>
    /// <exception cref="ServiceErrorException">400: a module is unknown, an asset cannot be read, or the graph does not run.</exception>
    public async Task<LiveService> PublishAsync(string name, JsonObject resource, CancellationToken cancellationToken)
    {
        ImportedExperiment imported;
        try
        {
            imported = ServiceDefinitionImport.Read(resource, name, catalog);
        }
        catch (ExperimentImportException e)
        {
            throw ServiceErrors.PackageError("FormatError", e.Message);
        }

        if (!imported.Unknown.IsEmpty)
        {
            throw Refused(
                $"The package uses {imported.Unknown.Length} modules that this server does not know: {string.Join(", ", imported.Unknown.Select(unknown => $"'{unknown.Name}' (node '{unknown.Node}')").Take(MostReported))}.",
                imported.Unknown.Select(unknown => new ServiceErrorDetail("ModuleUnknown", unknown.ToString(), unknown.Node)));
        }

        var description = resource.ObjectMember("properties")?.TextMember("description");
        var (definition, assets) = await FetchAsync(imported, cancellationToken);
        return await PublishAsync(name, description, definition, new ArtifactAssets(assets, values), cancellationToken);
    }

    /// <summary>Runs an experiment, packages the run and publishes it.</summary>
    /// <exception cref="ServiceErrorException">400: the experiment does not compile or run.</exception>
    public async Task<LiveService> PublishAsync(
        string name, string? description, ExperimentDefinition definition, IAssetSource assets, CancellationToken cancellationToken)
    {
        var compilation = ExperimentCompiler.Compile(definition, catalog);
        var errors = compilation.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).ToList();
        if (compilation.Experiment is not { } experiment || errors.Count > 0)
        {
            throw Refused(
                $"The package's graph is invalid: {errors.FirstOrDefault()?.Message}",
                errors.Select(error => new ServiceErrorDetail(error.Code.Value, error.Message, error.JsonPath)));
        }

        var run = await ExperimentRunner.RunAsync(
            experiment,
            new ExperimentRunRequest
            {
                Services = services,
                Assets = assets,
                // What is exported is for calls to write.
                Targets = [.. definition.Nodes.Where(node => node.Module != "Export Data").Select(node => node.Id)],
            },
            cancellationToken);
        if (run.Errors.FirstOrDefault() is { } failure)
        {
            throw ServiceErrors.PackageError("ValidationError", $"Node '{failure.Node}' failed on the definition's sample: {failure.Message}");
        }

        var package = await new WebServicePackager(values).PackageAsync(run, exposeSample: true, cancellationToken);
        return await publisher.PublishAsync(identity.WorkspaceId, name, description, package, cancellationToken);
    }

    /// <summary>Publishes a new version of a service with other models in place of its saved ones.</summary>
    /// <exception cref="ServiceErrorException">400: an unknown name, bytes that cannot be read, or a model that does not fit.</exception>
    public async Task<LiveService> UpdateAsync(LiveService service, IReadOnlyList<ResourceUpdate> resources, CancellationToken cancellationToken)
    {
        var current = service.Endpoints[service.Document.DefaultEndpointId].Current.Model;
        var package = await models.ReplaceAsync(current, resources, cancellationToken);
        return await publisher.PublishAsync(service.Document.WorkspaceId, service.Document.Name, null, package, cancellationToken);
    }

    private async Task<(ExperimentDefinition Definition, Dictionary<AssetReference, ArtifactId> Assets)> FetchAsync(
        ImportedExperiment imported, CancellationToken cancellationToken)
    {
        var definition = imported.Definition;
        var found = new Dictionary<AssetReference, ArtifactId>();
        foreach (var resource in imported.Resources)
        {
            // A definition that this server exported names what lies here.
            var own = downloads.OpenAddress(resource.Uri, resource.Credentials);
            var location = own is null ? AssetLocation.Read(resource.Uri, resource.Credentials, resource.Asset.Name) : null;
            try
            {
                await using var content = own is null
                    ? await blobs.OpenAsync(location!, cancellationToken)
                    : await artifacts.OpenAsync(own.Artifact, cancellationToken);
                if (resource.Asset.Kind == AssetKind.Dataset)
                {
                    definition = WithTable(definition, resource, await ReadTextAsync(content, resource, cancellationToken));
                }
                else
                {
                    var artifact = await artifacts.PutAsync(content, cancellationToken);
                    await values.LoadAsync(resource.Asset.Kind, artifact, cancellationToken);
                    found[resource.Asset] = artifact;
                }
            }
            catch (BlobStoreException e) when (!e.IsTransient)
            {
                throw ServiceErrors.BadArgument("BlobNotFound", $"The location of asset '{resource.Asset.Name}' cannot be read. {e.Message}", "assets");
            }
            catch (AuspexException e) when (e is not (ServiceErrorException or BlobStoreException))
            {
                throw ServiceErrors.BadArgument("ModelPackageInvalid", $"Asset '{resource.Asset.Name}' is no model or transform that this server can read. {e.Message}", "assets");
            }
        }

        return (ExperimentWriter.WithSource(definition), found);
    }

    private static async Task<string> ReadTextAsync(Stream content, ImportedResource resource, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var part = new byte[1 << 16];
        for (int read; (read = await content.ReadAsync(part, cancellationToken)) > 0;)
        {
            buffer.Write(part, 0, read);
            if (buffer.Length > LargestTable)
            {
                throw ServiceErrors.BadArgument(
                    "DataTypeNotSupported", $"Data set '{resource.Asset.Name}' is larger than {LargestTable} bytes. Read it with Import Data instead.", "assets");
            }
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static ExperimentDefinition WithTable(ExperimentDefinition definition, ImportedResource resource, string text)
    {
        var format = resource.Uri?.Split('?')[0].EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) == true ? "TSV" : "CSV";
        return definition with
        {
            Nodes =
            [
                .. definition.Nodes.Select(node => node.Asset != resource.Asset ? node : node with
                {
                    Asset = null,
                    Module = "Enter Data Manually",
                    Parameters = new JsonObject { ["DataFormat"] = format, ["Data"] = text },
                }),
            ],
        };
    }

    private static ServiceErrorException Refused(string message, IEnumerable<ServiceErrorDetail> details) =>
        new(400, "WebServicePackageError", message, [.. details.Take(MostReported)]);
}
