using System.Collections.Concurrent;
using Auspex.Definitions;
using Auspex.Stores;

namespace Auspex.Experiments.Execution;

/// <summary>Saved assets by name over an artifact store; each is read once and then kept.</summary>
public sealed class ArtifactAssets(IReadOnlyDictionary<AssetReference, ArtifactId> artifacts, ArtifactValues values) : IAssetSource
{
    private readonly ConcurrentDictionary<AssetReference, LoadedAsset> _loaded = new();

    /// <inheritdoc/>
    public async Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken)
    {
        if (_loaded.TryGetValue(asset, out var loaded))
        {
            return loaded;
        }

        if (!artifacts.TryGetValue(asset, out var id))
        {
            return null;
        }

        return _loaded.GetOrAdd(asset, new LoadedAsset(await values.LoadAsync(asset.Kind, id, cancellationToken), id.Value));
    }
}
