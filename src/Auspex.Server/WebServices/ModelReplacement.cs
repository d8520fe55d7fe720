using System.Collections.Immutable;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Stores;

namespace Auspex.Server.WebServices;

/// <summary>A resource of an Update Resource request: the saved asset's name and where its new bytes lie.</summary>
internal sealed record ResourceUpdate(string Name, BlobReference Location);

/// <summary>Fetches models that are to replace published ones, and checks that they may.</summary>
internal sealed class ModelReplacement(BlobFetcher blobs, IArtifactStore artifacts, IWebServiceLoader loader, TimeProvider clock)
{
    /// <summary>Copies every resource's bytes here, since the addresses expire, and checks each against the service.</summary>
    /// <returns>All replacements that the endpoint then has.</returns>
    /// <exception cref="ServiceErrorException">
    /// 400: an unknown name, bytes that cannot be read, or a model that does not fit; 409: other output columns.
    /// </exception>
    public async Task<ImmutableArray<AssetReplacement>> PrepareAsync(
        ModelHandle current, IReadOnlyList<ResourceUpdate> resources, CancellationToken cancellationToken)
    {
        var package = await current.ReadPackageAsync(cancellationToken);
        var replacements = current.Replacements.ToBuilder();
        foreach (var resource in resources)
        {
            var asset = Find(package, resource.Name);
            var artifact = await FetchAsync(resource, cancellationToken);
            package = await ReplaceAsync(package, asset, artifact, cancellationToken);
            replacements.RemoveAll(other => other.Kind == asset.Kind && other.Name == asset.Name);
            replacements.Add(new AssetReplacement(asset.Kind, asset.Name, artifact.Value, clock.GetUtcNow()));
        }

        return replacements.ToImmutable();
    }

    /// <summary>A service's package with other bytes in place of its saved assets, each checked against it.</summary>
    /// <exception cref="ServiceErrorException">As <see cref="PrepareAsync"/>.</exception>
    public async Task<WebServicePackage> ReplaceAsync(
        ModelHandle current, IReadOnlyList<ResourceUpdate> resources, CancellationToken cancellationToken)
    {
        var package = await current.ReadPackageAsync(cancellationToken);
        foreach (var resource in resources)
        {
            var asset = Find(package, resource.Name);
            package = await ReplaceAsync(package, asset, await FetchAsync(resource, cancellationToken), cancellationToken);
        }

        return package;
    }

    /// <summary>Loads a model before anybody is sent to it.</summary>
    /// <exception cref="ServiceErrorException">400 IncompatibleModel: the graph does not take it.</exception>
    public static async Task CheckLoadsAsync(ModelHandle next, CancellationToken cancellationToken)
    {
        try
        {
            await next.GetAsync(cancellationToken);
        }
        catch (PackagingException e)
        {
            throw ServiceErrors.InvalidOperation("IncompatibleModel", e.Message);
        }
    }

    private static AssetReference Find(WebServicePackage package, string name)
    {
        var updatable = package.Assets
            .Select(asset => asset.Asset)
            .Where(asset => asset.Kind != AssetKind.Dataset)
            .ToList();
        var known = updatable.Count == 0
            ? "The service has no updatable resources; a training web service has none."
            : $"Updatable resources: {string.Join(", ", updatable.Select(asset => $"'{asset.Name}'"))}.";
        return updatable.Find(asset => asset.Name.Equals(name, StringComparison.Ordinal))
            ?? updatable.Find(asset => asset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw ServiceErrors.BadArgument(
                "ResourceNotFound", $"The service has no resource named '{ServiceErrors.Shorten(name)}'. {known}", "Resources");
    }

    private async Task<ArtifactId> FetchAsync(ResourceUpdate resource, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await blobs.OpenAsync(resource.Location, cancellationToken);
            return await artifacts.PutAsync(content, cancellationToken);
        }
        catch (BlobStoreException e) when (!e.IsTransient)
        {
            throw ServiceErrors.BadArgument(
                e.Error == BlobError.Invalid ? "InvalidBlob" : "BlobNotFound",
                $"The location of resource '{resource.Name}' cannot be read. {e.Message}");
        }
    }

    private async Task<WebServicePackage> ReplaceAsync(
        WebServicePackage package, AssetReference asset, ArtifactId artifact, CancellationToken cancellationToken)
    {
        try
        {
            return await loader.ReplaceAsync(package, asset.Name, artifact, cancellationToken);
        }
        catch (PackagingException e)
        {
            throw e.InnerException is AuspexException { Code: var code } && code == ErrorCode.ModelFormat
                ? ServiceErrors.BadArgument("ModelPackageInvalid", e.Message)
                : ServiceErrors.InvalidOperation("IncompatibleModel", e.Message);
        }
    }
}
