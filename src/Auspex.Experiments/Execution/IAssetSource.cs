using Auspex.Definitions;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Execution;

/// <summary>Finds saved trained models, transforms and datasets by name.</summary>
public interface IAssetSource
{
    /// <summary>The asset's value; null when there is none of that kind and name.</summary>
    Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken);
}

/// <summary>A saved asset in memory.</summary>
/// <param name="Value">Its value.</param>
/// <param name="ContentId">Changes with the content: results computed from it are cached under it.</param>
public sealed record LoadedAsset(PortValue Value, string ContentId);
