using Auspex.Engine.Hosting;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Tidies up after batch jobs, once an hour.</summary>
internal sealed class JobSweeper(BatchJobs jobs, TimeProvider clock, ILogger<JobSweeper> logger) : HourlyService(clock, logger)
{
    /// <inheritdoc/>
    protected override string Description => "Tidying up after batch jobs";

    /// <inheritdoc/>
    protected override bool IsDoneAtStart => false;

    /// <inheritdoc/>
    protected override Task WorkAsync(CancellationToken cancellationToken) => jobs.SweepAsync(cancellationToken);
}
