using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices.Batch;

/// <summary>The states of a batch job, in the numeric order of the original.</summary>
internal enum JobState
{
    NotStarted,
    Running,
    Failed,
    Cancelled,
    Finished,
}

/// <summary>A batch job as callers see it: a view of its run.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Results">A readable blob per output once it finished; empty before.</param>
/// <param name="Details">Why it failed, or what else there is to know; null otherwise.</param>
/// <param name="CreatedAt">When it was submitted.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it ended.</param>
internal sealed record JobStatus(
    JobState State,
    IReadOnlyList<KeyValuePair<string, BlobReference>> Results,
    string? Details,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt)
{
    public bool HasEnded => State is JobState.Failed or JobState.Cancelled or JobState.Finished;
}
