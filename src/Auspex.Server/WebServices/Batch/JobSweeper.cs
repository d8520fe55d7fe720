
namespace Auspex.Server.WebServices.Batch;

/// <summary>Tidies up after batch jobs, once an hour.</summary>
internal sealed partial class JobSweeper(BatchJobs jobs, TimeProvider clock, ILogger<JobSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await jobs.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is Errors.AuspexException or IOException)
            {
                // The next hour tries again; nothing is lost in between but disk space.
                LogFailure(logger, e);
            }
        }
    }

    [LoggerMessage(EventId = 7010, Level = LogLevel.Warning, Message = "Batch jobs were not tidied up")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
