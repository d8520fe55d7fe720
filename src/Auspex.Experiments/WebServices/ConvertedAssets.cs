using Auspex.Definitions;
using Auspex.Experiments.Execution;

namespace Auspex.Experiments.WebServices;

/// <summary>The assets of a conversion, before anybody saved them: to run the new experiment at once.</summary>
/// <param name="assets">What the conversion gave.</param>
/// <param name="others">Saved assets that the training experiment named itself; null when there are none.</param>
public sealed class ConvertedAssets(IReadOnlyCollection<ConvertedAsset> assets, IAssetSource? others = null) : IAssetSource
{
    // Made anew by each conversion, so that nothing computed from another conversion's model is mistaken for this one's.
    private readonly string _conversion = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken) =>
        assets.FirstOrDefault(converted => converted.Asset == asset) is { } found
            ? Task.FromResult<LoadedAsset?>(new LoadedAsset(found.Value, $"{_conversion}:{asset.Kind}:{asset.Name}"))
            : others?.FindAsync(asset, cancellationToken) ?? Task.FromResult<LoadedAsset?>(null);
}
