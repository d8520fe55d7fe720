using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Server.Api;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Resources;
using Auspex.Stores;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Studio;

/// <summary>
/// Experiments packed for another workspace: a ZIP of the graph and of every saved asset that it names. Clients poll; here the work is done when the first
/// answer comes.
/// </summary>
internal sealed class StudioPackages(
    StudioStore store,
    StudioExperiments experiments,
    StudioAssets assets,
    StudioDownloads downloads,
    ModuleCatalog catalog,
    IArtifactStore artifacts,
    BlobFetcher blobs,
    ServerIdentity identity,
    IOptions<WebServiceOptions> options)
{
    private const string GraphEntry = "experiment.json";
    private const int LargestGraph = 32 << 20;
    private const int MostAssets = 1000;
    private const int MostNames = 10_000;

    /// <summary>Packs an experiment; the activity's <c>Location</c> is an address that holds for a day.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="clearsCredentials">Whether passwords and keys in the graph are left out.</param>
    /// <param name="server">This server as the caller sees it.</param>
    /// <param name="cancellationToken">Nothing is kept when it fires in time.</param>
    /// <exception cref="ServiceErrorException">404: no such experiment; 400: an asset that it names is not here.</exception>
    public async Task<JsonObject> PackAsync(string id, bool clearsCredentials, string server, CancellationToken cancellationToken)
    {
        var experiment = await experiments.GetAsync(id, cancellationToken);
        var graph = experiment.ObjectMember("Graph")!.DeepClone().AsObject();
        if (clearsCredentials)
        {
            ClearCredentials(graph);
        }

        var packed = new JsonObject
        {
            ["Description"] = experiment.TextMember("Description"),
            ["Summary"] = experiment.TextMember("Summary"),
            ["Graph"] = graph,
            ["WebService"] = ServiceWithoutIds(experiment.ObjectMember("WebService")),
        };
        await using var file = TemporaryFile();
        var count = 0;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            var listed = new JsonObject();
            foreach (var (kind, asset) in AssetsOf(graph).Distinct())
            {
                listed[asset] = await PackAssetAsync(zip, kind, asset, $"assets/{++count}", cancellationToken);
            }

            packed["Assets"] = listed;
            await using var entry = zip.CreateEntry(GraphEntry).Open();
            await JsonSerializer.SerializeAsync(entry, packed, cancellationToken: cancellationToken);
        }

        file.Position = 0;
        var artifact = await artifacts.PutAsync(file, cancellationToken);
        var address = downloads.Sign(server, identity.WorkspaceId, artifact, "package.zip", file.Length);
        return await KeepAsync($"{address["BaseUri"]}{address["Location"]}{address["AccessCredential"]}", count + 1, null, cancellationToken);
    }

    /// <summary>Makes an experiment of a package, as a draft; assets that this workspace has are not copied.</summary>
    /// <exception cref="ServiceErrorException">400: the address cannot be read, or is no package of such a server.</exception>
    public async Task<JsonObject> UnpackAsync(string uri, CancellationToken cancellationToken)
    {
        await using var file = TemporaryFile();
        await FetchAsync(uri, file, cancellationToken);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var packed = await ReadGraphAsync(zip, cancellationToken);
            var graph = packed.ObjectMember("Graph") ?? throw NoPackage("it has no graph");
            var listed = packed.ObjectMember("Assets") ?? [];
            if (listed.Count > MostAssets)
            {
                throw NoPackage($"it holds {listed.Count} assets, more than {MostAssets}");
            }

            var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (asset, described) in listed)
            {
                ids[asset] = await UnpackAssetAsync(zip, asset, described as JsonObject ?? [], cancellationToken);
            }

            Rename(graph, ids);
            var saved = await experiments.SaveAsync(
                null,
                new JsonObject
                {
                    ["Description"] = packed.TextMember("Description"),
                    ["Summary"] = packed.TextMember("Summary"),
                    ["IsDraft"] = true,
                    ["ExperimentGraph"] = graph.DeepClone(),
                    ["WebService"] = packed.ObjectMember("WebService")?.DeepClone(),
                },
                "",
                cancellationToken);
            return await KeepAsync(uri.Split('?')[0], ids.Count + 1, (string)saved["ExperimentId"]!, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw NoPackage("it is no ZIP archive, or a damaged one");
        }
    }

    /// <summary>What became of a packing or an unpacking.</summary>
    /// <exception cref="ServiceErrorException">404: there is none.</exception>
    public async Task<JsonObject> FindAsync(string activity, CancellationToken cancellationToken) =>
        await store.FindAsync(StudioStore.Packings, activity, cancellationToken)
        ?? throw ServiceErrors.NotFound("ActivityNotFound", $"There is no packing or unpacking '{ServiceErrors.Shorten(activity)}'.");

    private void ClearCredentials(JsonObject graph)
    {
        foreach (var node in StudioGraphText.Nodes(graph))
        {
            foreach (var parameter in StudioGraphText.Parameters(node).Where(parameter => StudioGraphText.IsSecret(catalog, node, parameter.TextMember("Name") ?? "")))
            {
                parameter["Value"] = "";
            }
        }
    }

    // A service of this workspace is none of the other.
    private static JsonObject? ServiceWithoutIds(JsonObject? service)
    {
        var copy = service?.DeepClone().AsObject();
        foreach (var member in (ReadOnlySpan<string>)["WebServiceGroupId", "ModelPackageId", "RunId", "ArmWebServiceId"])
        {
            copy?.Remove(member);
        }

        return copy;
    }

    private static IEnumerable<(StudioAssetKind Kind, string Id)> AssetsOf(JsonObject graph) =>
        from node in StudioGraphText.Nodes(graph)
        from port in StudioGraphText.Inputs(node)
        from member in StudioGraphText.AssetMembers
        let id = port.TextMember(member.Member)
        where !string.IsNullOrEmpty(id)
        select (member.Kind, id);

    private async Task<JsonObject> PackAssetAsync(ZipArchive zip, StudioAssetKind kind, string id, string path, CancellationToken cancellationToken)
    {
        var asset = await experiments.FindAssetAsync(kind, id, cancellationToken);
        await using var content = await artifacts.OpenAsync(StudioAssets.ArtifactOf(asset), cancellationToken);
        await using var entry = zip.CreateEntry(path).Open();
        await content.CopyToAsync(entry, cancellationToken);
        return new JsonObject
        {
            ["Kind"] = kind.Path,
            ["Name"] = asset.TextMember("Name"),
            ["Description"] = asset.TextMember("Description"),
            ["DataTypeId"] = asset.TextMember("DataTypeId"),
            ["Entry"] = path,
        };
    }

    private async Task<string> UnpackAssetAsync(ZipArchive zip, string id, JsonObject described, CancellationToken cancellationToken)
    {
        var kind = Array.Find(StudioAssetKind.All, kind => kind.Path == described.TextMember("Kind")) ?? throw NoPackage("an asset is of an unknown kind");
        if (await assets.FindAsync(kind, id, cancellationToken) is not null)
        {
            return id;
        }

        var type = StudioDataType.Find(described.TextMember("DataTypeId")) ?? throw NoPackage("an asset is of an unknown type");
        var entry = zip.GetEntry(described.TextMember("Entry") ?? "") ?? throw NoPackage("the bytes of an asset are missing");
        await using var bytes = entry.Open();
        await using var content = TemporaryFile();
        await CopyAsync(bytes, content, cancellationToken);
        content.Position = 0;
        var artifact = await artifacts.PutAsync(content, cancellationToken);
        var saved = await assets.AddAsync(
            kind,
            new NewAsset(await FreeNameAsync(kind, described.TextMember("Name") ?? "unpacked", cancellationToken), type, artifact, content.Length)
            {
                Description = described.TextMember("Description") ?? "",
            },
            cancellationToken);
        return (string)saved["Id"]!;
    }

    private async Task<string> FreeNameAsync(StudioAssetKind kind, string name, CancellationToken cancellationToken)
    {
        var taken = (await assets.ListAsync(kind, cancellationToken)).Select(asset => asset.TextMember("Name")).ToHashSet(StringComparer.Ordinal);
        var free = name;
        for (var i = 2; taken.Contains(free) && i < MostNames; i++)
        {
            free = FormattableString.Invariant($"{name} ({i})");
        }

        return free;
    }

    private static void Rename(JsonObject graph, Dictionary<string, string> ids)
    {
        foreach (var port in StudioGraphText.Nodes(graph).SelectMany(StudioGraphText.Inputs))
        {
            foreach (var (member, _) in StudioGraphText.AssetMembers)
            {
                if (port.TextMember(member) is { Length: > 0 } id && ids.TryGetValue(id, out var renamed))
                {
                    port[member] = renamed;
                }
            }
        }

        // Boxes of data sets are listed by the asset's id.
        if (graph.TextMember("SerializedClientData") is { } layout)
        {
            graph["SerializedClientData"] = ids.Aggregate(layout, (text, id) => text.Replace($"'{id.Key}'", $"'{id.Value}'", StringComparison.OrdinalIgnoreCase));
        }
    }

    private async Task FetchAsync(string uri, Stream file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = downloads.OpenAddress(uri, null) is { Dataset: null } own
                ? await artifacts.OpenAsync(own.Artifact, cancellationToken)
                : await blobs.OpenAsync(AssetLocation.Read(uri, null, "packageUri"), cancellationToken);
            await CopyAsync(content, file, cancellationToken);
            file.Position = 0;
        }
        catch (BlobStoreException e) when (!e.IsTransient)
        {
            throw ServiceErrors.BadArgument("BlobNotFound", $"The package cannot be read. {e.Message}", "packageUri");
        }
    }

    private async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var part = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (to.Length + read > options.Value.MaxUploadBytes)
            {
                throw NoPackage($"it, or an asset in it, is larger than {options.Value.MaxUploadBytes} bytes");
            }

            await to.WriteAsync(part.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task<JsonObject> ReadGraphAsync(ZipArchive zip, CancellationToken cancellationToken)
    {
        var entry = zip.GetEntry(GraphEntry) ?? throw NoPackage($"it has no {GraphEntry}");
        if (entry.Length > LargestGraph)
        {
            throw NoPackage($"its graph is larger than {LargestGraph} bytes");
        }

        try
        {
            await using var bytes = entry.Open();
            return await JsonNode.ParseAsync(bytes, cancellationToken: cancellationToken) as JsonObject ?? throw NoPackage("its graph is no JSON object");
        }
        catch (JsonException)
        {
            throw NoPackage("its graph is no JSON");
        }
    }

    private async Task<JsonObject> KeepAsync(string location, int items, string? experiment, CancellationToken cancellationToken)
    {
        var activity = new JsonObject
        {
            ["Location"] = location,
            ["ItemsComplete"] = items,
            ["ItemsPending"] = 0,
            ["Status"] = "Complete",
            ["ActivityId"] = WebServicePublisher.NewId(),
            ["ExperimentId"] = experiment,
        };
        await store.SaveAsync(StudioStore.Packings, (string)activity["ActivityId"]!, activity, cancellationToken);
        return activity;
    }

    private static FileStream TemporaryFile() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    private static ServiceErrorException NoPackage(string why) => ServiceErrors.BadArgument(
        "PackageInvalid", $"'packageUri' gives no package of an experiment: {why}. Expected what 'POST .../packages' of such a server made; Studio's gallery is gone.", "packageUri");
}
