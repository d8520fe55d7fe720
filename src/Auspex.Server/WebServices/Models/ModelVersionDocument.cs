using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Experiments.Models;

namespace Auspex.Server.WebServices.Models;

/// <summary>A version of what an endpoint serves, as it is kept: written once, never changed.</summary>
internal sealed record ModelVersionDocument
{
    public required string ServiceId { get; init; }

    public required string EndpointId { get; init; }

    /// <summary>From 1, per endpoint; never used again.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required ModelVersionReason Reason { get; init; }

    /// <summary>The published version of the service that it lies on.</summary>
    public required int ServiceVersion { get; init; }

    /// <summary>Models in place of published ones.</summary>
    public ImmutableArray<AssetReplacement> Replacements { get; init; } = [];

    /// <summary>Every trained model and transform of it.</summary>
    public ImmutableArray<VersionedAsset> Assets { get; init; } = [];

    /// <summary>What a gate found; null where none was asked.</summary>
    public GateFinding? Gate { get; init; }

    /// <summary>Whether a gate kept it from being served.</summary>
    public bool IsRefused => Gate is { IsPassed: false };
}

/// <summary>How a version came about.</summary>
internal enum ModelVersionReason
{
    /// <summary>The service was published; the default endpoint follows.</summary>
    Published,

    /// <summary>The endpoint was created with the service's version of that time.</summary>
    Created,

    /// <summary>Update Resource put another model in place.</summary>
    Updated,

    /// <summary>The endpoint took the service's newer version.</summary>
    Refreshed,

    /// <summary>A gate had refused it, and somebody decided otherwise.</summary>
    Promoted,

    /// <summary>It was served before versions were kept.</summary>
    Found,
}

/// <summary>A trained model or transform of a version.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Name">The saved asset's name.</param>
/// <param name="Artifact">SHA-256 of its bytes.</param>
/// <param name="Learner">The learner's module name; null for transforms.</param>
/// <param name="TrainedRows">Rows it was fitted on; null for transforms.</param>
/// <param name="TrainingData">SHA-256 of the table it was trained on, where its file says so.</param>
/// <param name="Origin">Experiment, run and metrics, where known.</param>
internal sealed record VersionedAsset(
    AssetKind Kind,
    string Name,
    string Artifact,
    string? Learner = null,
    long? TrainedRows = null,
    string? TrainingData = null,
    ModelOrigin? Origin = null);
