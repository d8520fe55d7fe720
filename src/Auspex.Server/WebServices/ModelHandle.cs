using System.Collections.Immutable;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Stores;

namespace Auspex.Server.WebServices;

/// <summary>
/// One version of a service with one set of replaced models: loaded when first asked for, then kept as long as somebody
/// holds the handle. Thread-safe.
/// </summary>
internal sealed class ModelHandle(
    IDocumentStore documents,
    IWebServiceLoader loader,
    string serviceId,
    int version,
    ImmutableArray<AssetReplacement> replacements)
{
    private const string Collection = "packages";

    private readonly Lock _gate = new();
    private Task<LiveModel>? _loading;
    private volatile LiveModel? _loaded;

    public string ServiceId { get; } = serviceId;

    public int Version { get; } = version;

    public ImmutableArray<AssetReplacement> Replacements { get; } = replacements;

    /// <summary>The model once it is loaded, without waiting or locking; null before.</summary>
    public LiveModel? Loaded => _loaded;

    public bool Serves(string service, int version, ImmutableArray<AssetReplacement> replacements) =>
        ServiceId == service
        && Version == version
        && Replacements.Select(Identity).ToHashSet().SetEquals(replacements.Select(Identity));

    /// <summary>The model, loaded once for all who ask. A failed load is tried again by the next who asks.</summary>
    public Task<LiveModel> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_loading is null or { IsFaulted: true } or { IsCanceled: true })
            {
                // Others wait for the same load, so no single caller's token may end it.
                _loading = LoadAsync(CancellationToken.None);
            }

            return _loading.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stores a version's package; the service document that names the version is written after it.</summary>
    public static Task StorePackageAsync(
        IDocumentStore documents,
        IWebServiceLoader loader,
        string serviceId,
        int version,
        WebServicePackage package,
        CancellationToken cancellationToken) =>
        documents.PutAsync(
            Collection,
            PackageId(serviceId, version),
            loader.WritePackage(package),
            expectedVersion: null,
            cancellationToken);

    public static async Task DeletePackagesAsync(
        IDocumentStore documents, string serviceId, CancellationToken cancellationToken)
    {
        foreach (var document in await documents.ListAsync(Collection, serviceId + "/", cancellationToken))
        {
            await documents.DeleteAsync(Collection, document.Id, cancellationToken);
        }
    }

    /// <summary>The package with replaced assets in place.</summary>
    /// <exception cref="ServiceErrorException">404: the service was deleted.</exception>
    public async Task<WebServicePackage> ReadPackageAsync(CancellationToken cancellationToken)
    {
        var document = await documents.GetAsync(Collection, PackageId(ServiceId, Version), cancellationToken)
            ?? throw ServiceErrors.NotFound(
                "ModelPackageNotFound", $"Version {Version} of web service '{ServiceId}' is not there any more; the service was deleted.");
        var package = loader.ReadPackage(document.Body.Span);
        return package with
        {
            Assets = [.. package.Assets.Select(asset => Replacements
                .Where(replacement => replacement.Kind == asset.Asset.Kind && replacement.Name == asset.Asset.Name)
                .Select(replacement => asset with { Artifact = new ArtifactId(replacement.Artifact) })
                .FirstOrDefault(asset))],
        };
    }

    private async Task<LiveModel> LoadAsync(CancellationToken cancellationToken)
    {
        // Reading a large model takes the processor for a while; whoever holds the lock must not wait for that.
        await Task.Yield();
        var package = await ReadPackageAsync(cancellationToken);
        var model = new LiveModel(package, await loader.LoadAsync(package, cancellationToken));
        _loaded = model;
        return model;
    }

    private static (Definitions.AssetKind, string, string) Identity(AssetReplacement replacement) =>
        (replacement.Kind, replacement.Name, replacement.Artifact);

    private static string PackageId(string serviceId, int version) => $"{serviceId}/{version:D8}";
}
