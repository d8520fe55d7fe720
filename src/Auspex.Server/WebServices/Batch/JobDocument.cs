using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// A batch job as it is kept: what was asked for. How far it is, the run of the same id says, so that the two cannot
/// disagree.
/// </summary>
internal sealed record JobDocument
{
    /// <summary>32 hex; with dashes it is the id of the run.</summary>
    public required string Id { get; init; }

    public required string EndpointId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was started; null while it waits for that.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was cancelled before it ended; null when it was not.</summary>
    public DateTimeOffset? CanceledAt { get; init; }

    /// <summary>The service and version that were served when the job was submitted: a job sees one model.</summary>
    public required string ServiceId { get; init; }

    public required int Version { get; init; }

    public ImmutableArray<AssetReplacement> Replacements { get; init; } = [];

    /// <summary>What the endpoint's challengers were when the job was submitted.</summary>
    public ImmutableArray<JobChallenger> Challengers { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Where inputs and outputs lie, and the parameters; encrypted, since it holds keys and passwords.</summary>
    public required string Body { get; init; }

    /// <summary>The run's id.</summary>
    public RunId RunId => new(Guid.ParseExact(Id, "N").ToString("D"));
}

/// <summary>What a batch request asks for, checked against the signature.</summary>
/// <param name="Inputs">A blob per web-service input.</param>
/// <param name="Outputs">A blob per web-service output, the default place where none was given.</param>
/// <param name="Parameters">Given web-service parameters as text.</param>
/// <param name="BadRows">What becomes of rows that cannot be read; null where the server's option decides.</param>
internal sealed record JobBody(
    IReadOnlyDictionary<string, BlobReference> Inputs,
    IReadOnlyDictionary<string, BlobReference> Outputs,
    IReadOnlyDictionary<string, string> Parameters,
    BadRowPolicy? BadRows = null)
{
    /// <summary>Whether drift is reported beside the output; null where the server's option decides.</summary>
    public bool? DriftReport { get; init; }

    /// <summary>Versions of the endpoint's models that score beside the one served; null where the endpoint's own are meant.</summary>
    public ImmutableArray<int>? Challengers { get; init; }
}

/// <summary>A version of a model that scores beside the one served.</summary>
/// <param name="Number">The version of the endpoint.</param>
/// <param name="Version">The published version of the service that it lies on.</param>
/// <param name="Replacements">Models in place of published ones.</param>
internal sealed record JobChallenger(int Number, int Version, ImmutableArray<AssetReplacement> Replacements);
