using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Models;

/// <summary>Keeps a version of whatever an endpoint is made to serve.</summary>
/// <remarks>Callers hold the service's <see cref="LiveService.Changes"/>.</remarks>
internal sealed class ModelVersions(
    ModelVersionStore store,
    ModelOrigins origins,
    ArtifactValues values,
    IOptions<WebServiceOptions> options,
    TimeProvider clock)
{
    /// <summary>How many versions an endpoint remembers having served, for one rollback after another.</summary>
    public const int MostServedBefore = 20;

    /// <summary>The version that serves a state: the newest that was not refused and has just these models; null for none.</summary>
    public static ModelVersionDocument? Serving(ImmutableArray<ModelVersionDocument> versions, ModelHandle model) =>
        versions.LastOrDefault(version => !version.IsRefused && model.Serves(version.ServiceId, version.ServiceVersion, version.Replacements));

    /// <summary>The versions of an endpoint, the oldest first; what it served before versions were kept becomes the first.</summary>
    public async Task<ImmutableArray<ModelVersionDocument>> ListAsync(
        LiveService service, LiveEndpoint endpoint, CancellationToken cancellationToken)
    {
        var state = endpoint.Current;
        var versions = await store.ListAsync(service.Document.Id, state.Document.Id, cancellationToken);
        return Serving(versions, state.Model) is not null
            ? versions
            : [.. versions, await AddAsync(state.Document, state.Model, ModelVersionReason.Found, versions, null, cancellationToken)];
    }

    /// <summary>Remembers where the models of a package come from.</summary>
    public async Task RememberOriginsAsync(WebServicePackage package, CancellationToken cancellationToken)
    {
        foreach (var asset in package.Assets)
        {
            if (asset.Origin is { } origin)
            {
                await origins.RememberAsync(asset.Artifact.Value, origin, cancellationToken);
            }
        }
    }

    /// <summary>What a model handle serves, with what is known of it.</summary>
    public async Task<ImmutableArray<VersionedAsset>> DescribeAsync(ModelHandle model, CancellationToken cancellationToken)
    {
        var package = await model.ReadPackageAsync(cancellationToken);
        var assets = ImmutableArray.CreateBuilder<VersionedAsset>();
        foreach (var (asset, artifact, _) in package.Assets.Where(packaged => packaged.Asset.Kind != AssetKind.Dataset))
        {
            if (asset.Kind == AssetKind.TrainedModel
                && await values.LoadAsync(asset.Kind, artifact, cancellationToken) is ModelValue { Model.Description: var description })
            {
                assets.Add(new VersionedAsset(
                    asset.Kind,
                    asset.Name,
                    artifact.Value,
                    description.Learner,
                    description.TrainedRows,
                    description.TrainingData,
                    await origins.FindAsync(artifact.Value, cancellationToken)));
            }
            else
            {
                assets.Add(new VersionedAsset(asset.Kind, asset.Name, artifact.Value));
            }
        }

        return assets.ToImmutable();
    }

    /// <summary>Keeps a new version of an endpoint, and forgets the oldest beyond the option's number.</summary>
    /// <param name="endpoint">The endpoint; with <paramref name="finding"/> refusing, it does not serve the version.</param>
    /// <param name="model">What the version is.</param>
    /// <param name="reason">How it came about.</param>
    /// <param name="present">The versions so far.</param>
    /// <param name="finding">What a gate found.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    public async Task<ModelVersionDocument> AddAsync(
        EndpointDocument endpoint,
        ModelHandle model,
        ModelVersionReason reason,
        ImmutableArray<ModelVersionDocument> present,
        GateFinding? finding,
        CancellationToken cancellationToken)
    {
        var version = new ModelVersionDocument
        {
            ServiceId = endpoint.ServiceId,
            EndpointId = endpoint.Id,
            Number = present.IsEmpty ? 1 : present[^1].Number + 1,
            CreatedAt = clock.GetUtcNow(),
            Reason = reason,
            ServiceVersion = model.Version,
            Replacements = model.Replacements,
            Assets = await DescribeAsync(model, cancellationToken),
            Gate = finding,
        };
        await store.PutAsync(version, cancellationToken);
        await PruneAsync(endpoint, [.. present, version], cancellationToken);
        return version;
    }

    /// <summary>What an endpoint has served before, once it stops serving a version.</summary>
    public static ImmutableArray<int> Push(ImmutableArray<int> servedBefore, ModelVersionDocument? version) =>
        version is null ? servedBefore
        : [.. servedBefore.Append(version.Number).TakeLast(MostServedBefore)];

    // Neither the newest, nor one that a rollback may come back to, nor the one that is served: that is one of the two, or was Found.
    private async Task PruneAsync(EndpointDocument endpoint, ImmutableArray<ModelVersionDocument> versions, CancellationToken cancellationToken)
    {
        var surplus = versions.Length - options.Value.KeptModelVersions;
        var back = endpoint.ServedBefore.IsDefaultOrEmpty ? -1 : endpoint.ServedBefore[^1];
        foreach (var version in versions.SkipLast(1))
        {
            if (surplus <= 0)
            {
                return;
            }

            if (version.Number != back && !endpoint.Challengers.Contains(version.Number) && !IsServed(endpoint, version))
            {
                await store.DeleteAsync(version, cancellationToken);
            }

            surplus--;
        }
    }

    private static bool IsServed(EndpointDocument endpoint, ModelVersionDocument version) =>
        version.Replacements.Select(replacement => replacement.Artifact).ToHashSet()
            .SetEquals(endpoint.Replacements.Select(replacement => replacement.Artifact))
        && (endpoint.Version is null || endpoint.Version == version.ServiceVersion);
}
