using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Experiments.Models;
using Auspex.Stores;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Everything a web service runs on: the experiment it was made from and the artifacts of its saved assets.
/// </summary>
/// <param name="Experiment">The predictive or training experiment.</param>
/// <param name="Assets">The artifact of each saved asset that the experiment names.</param>
/// <param name="Signature">What it takes and gives.</param>
/// <param name="DesignTables">
/// Tables that stay inside the package by node id, such as the lookup side of a join; artifacts.
/// </param>
public sealed record WebServicePackage(
    ExperimentDefinition Experiment,
    ImmutableArray<PackagedAsset> Assets,
    ServiceSignature Signature,
    ImmutableDictionary<string, ArtifactId> DesignTables);

/// <summary>A saved asset and its bytes.</summary>
/// <param name="Asset">Kind and name.</param>
/// <param name="Artifact">Its bytes.</param>
/// <param name="Origin">Where a trained model comes from; null where nobody knows.</param>
public sealed record PackagedAsset(AssetReference Asset, ArtifactId Artifact, ModelOrigin? Origin = null);
