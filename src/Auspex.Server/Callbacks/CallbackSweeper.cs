namespace Auspex.Server.Callbacks;

/// <summary>Forgets call-back addresses whose time is over, once an hour.</summary>
internal sealed partial class CallbackSweeper(CallbackStore callbacks, TimeProvider clock, ILogger<CallbackSweeper> logger) : BackgroundService
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
                await callbacks.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is Errors.AuspexException or IOException && !stoppingToken.IsCancellationRequested)
            {
                // The next hour tries again; nothing is lost in between but disk space.
                LogFailure(logger, e);
            }
        }
    }

    [LoggerMessage(EventId = 7012, Level = LogLevel.Warning, Message = "Call-back addresses were not tidied up")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
