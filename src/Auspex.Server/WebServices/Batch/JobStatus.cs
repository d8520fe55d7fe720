using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Runs;

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

/// <summary>What became of the rows of a job's inputs.</summary>
/// <param name="Scored">Rows that were read, and are in the output of a row-wise service.</param>
/// <param name="Rejected">Rows that could not be read and were left out.</param>
/// <param name="Rejects">Where those are kept, beside the output; empty when nowhere.</param>
internal sealed record JobRows(long Scored, long Rejected, IReadOnlyList<string> Rejects);

/// <summary>A batch job as callers see it: a view of its run.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Results">A readable blob per output once it finished; empty before.</param>
/// <param name="Details">Why it failed, or what else there is to know; null otherwise.</param>
/// <param name="CreatedAt">When it was submitted.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Rows">What became of the input's rows; null until it finished.</param>
/// <param name="Reports">Where reports of drift and challengers are, beside the output; empty where there are none.</param>
internal sealed record JobStatus(
    JobState State,
    IReadOnlyList<KeyValuePair<string, BlobReference>> Results,
    string? Details,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    JobRows? Rows = null,
    IReadOnlyList<string>? Reports = null)
{
    /// <summary>The state of a job whose run stands at <paramref name="run"/>; null while it has none.</summary>
    /// <remarks>
    /// A started job is under way even before its run exists or has a free place: a caller that finds it again after a
    /// crash must wait, and not start it a second time.
    /// </remarks>
    public static JobState StateOf(JobDocument job, RunStatus? run) => (run, job.CanceledAt) switch
    {
        (RunStatus.Succeeded, null) => JobState.Finished,
        (RunStatus.Failed, null) => JobState.Failed,
        (RunStatus.Canceled or RunStatus.Canceling, _) or (_, not null) => JobState.Cancelled,
        _ when job.StartedAt is not null => JobState.Running,
        _ => JobState.NotStarted,
    };

    public bool HasEnded => State is JobState.Failed or JobState.Cancelled or JobState.Finished;
}
