using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Import;
using Auspex.Server.Api;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Makes experiments that run of graphs that clients saved: modules by their family, assets by their id.</summary>
internal sealed class StudioGraphs(StudioStore store, ModuleCatalog catalog, ArtifactValues values, IArtifactStore artifacts)
{
    private const int LargestTable = 64 << 20;
    private const string ZipType = "Zip";

    /// <summary>What the node of a saved asset is called in the experiment that is made of a graph: ids have no dots there.</summary>
    public static string NodeOf(string assetId) => assetId.Replace('.', '-');

    /// <summary>Reads an experiment's graph.</summary>
    /// <exception cref="ServiceErrorException">400: a module or an asset is unknown, or a data set is none that has a table.</exception>
    public async Task<(ExperimentDefinition Definition, IAssetSource Assets)> ReadAsync(JsonObject experiment, CancellationToken cancellationToken)
    {
        var saved = new Dictionary<string, JsonObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var kind in StudioAssetKind.All)
        {
            foreach (var asset in await store.ListAsync(kind.Path, cancellationToken))
            {
                saved[(string)asset["Id"]!] = asset;
            }
        }

        ImportedExperiment imported;
        try
        {
            imported = StudioGraphImport.Read(experiment, null, catalog, id => saved.GetValueOrDefault(id)?.TextMember("Name"));
        }
        catch (ExperimentImportException e)
        {
            throw ServiceErrors.PackageError("FormatError", e.Message);
        }

        if (!imported.Unknown.IsEmpty)
        {
            throw new ServiceErrorException(
                400,
                "WebServicePackageError",
                $"The experiment uses {imported.Unknown.Length} modules that this server does not know: {string.Join(", ", imported.Unknown.Select(unknown => $"'{unknown.Name}' (node '{unknown.Node}')").Take(20))}.",
                [.. imported.Unknown.Select(unknown => new ServiceErrorDetail("ModuleUnknown", unknown.ToString(), unknown.Node)).Take(20)]);
        }

        var definition = imported.Definition;
        var found = new Dictionary<AssetReference, ArtifactId>();
        foreach (var resource in imported.Resources)
        {
            var asset = saved.GetValueOrDefault(resource.Key) ?? throw ServiceErrors.BadArgument(
                "AssetNotFound", $"The experiment uses {resource.Asset.Kind} '{ServiceErrors.Shorten(resource.Key)}', which is not in this workspace.");
            if (resource.Asset.Kind == AssetKind.Dataset && !ZipType.Equals(asset.TextMember("DataTypeId"), StringComparison.OrdinalIgnoreCase))
            {
                definition = await WithTableAsync(definition, resource.Asset, asset, cancellationToken);
            }
            else
            {
                found[resource.Asset] = StudioAssets.ArtifactOf(asset);
            }
        }

        return (ExperimentWriter.WithSource(definition), new ArtifactAssets(found, values));
    }

    private async Task<ExperimentDefinition> WithTableAsync(
        ExperimentDefinition definition, AssetReference reference, JsonObject asset, CancellationToken cancellationToken)
    {
        var type = asset.TextMember("DataTypeId")!;
        var (format, hasHeader) = type.ToUpperInvariant() switch
        {
            "GENERICCSV" or "DATASET" => ("CSV", true),
            "GENERICCSVNOHEADER" => ("CSV", false),
            "GENERICTSV" => ("TSV", true),
            "GENERICTSVNOHEADER" => ("TSV", false),
            "ARFF" => ("ARFF", true),
            "SVMLIGHT" => ("SvmLight", true),
            _ => throw ServiceErrors.BadArgument("DataTypeNotSupported", $"Data set '{reference.Name}' is of type {type} and holds no table."),
        };
        await using var content = await artifacts.OpenAsync(StudioAssets.ArtifactOf(asset), cancellationToken);
        if (content.Length > LargestTable)
        {
            throw ServiceErrors.BadArgument(
                "DataTypeNotSupported", $"Data set '{reference.Name}' is larger than {LargestTable} bytes. Read it with Import Data instead.");
        }

        using var reader = new StreamReader(content, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        return definition with
        {
            Nodes =
            [
                .. definition.Nodes.Select(node => node.Asset != reference ? node : node with
                {
                    Asset = null,
                    Module = "Enter Data Manually",
                    Parameters = new JsonObject { ["DataFormat"] = format, ["HasHeader"] = hasHeader ? "True" : "False", ["Data"] = text },
                }),
            ],
        };
    }
}
