
namespace Auspex.Server.WebServices.Batch;

/// <summary>Tidies up after batch jobs, once an hour.</summary>
internal sealed partial class JobSweeper(BatchJobs jobs, TimeProvider clock, ILogger<JobSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        // Without the token the timer would end by an exception, which hosts report as a failure.
        using var stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await jobs.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is Errors.AuspexException or IOException && !stoppingToken.IsCancellationRequested)
            {
                // The next hour tries again; nothing is lost in between but disk space.
                LogFailure(logger, e);
            }
        }
    }

    [LoggerMessage(EventId = 7010, Level = LogLevel.Warning, Message = "Batch jobs were not tidied up")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
