using Auspex.Engine.Journal;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Auspex.Engine.Hosting;

/// <summary>
/// Removes runs, and runs of triggers, that ended longer ago than <see cref="EngineOptions.HistoryRetention"/>: at the start and once
/// an hour.
/// </summary>
internal sealed partial class HistorySweeper(
    IRunJournal journal, IOptions<EngineOptions> options, TimeProvider clock, ILogger<HistorySweeper> logger, ITriggerStore? triggers = null)
    : BackgroundService
{
    // Small enough that runs which write at the same time wait for none of it for long.
    private const int BatchSize = 200;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Removes what is old enough.</summary>
    /// <returns>How many runs were removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var retention = options.Value.HistoryRetention;
        var removed = 0;
        if (retention > TimeSpan.Zero)
        {
            var endedBefore = clock.GetUtcNow() - retention;
            removed = await RemoveAllAsync(journal.RemoveAsync, endedBefore, cancellationToken);
            if (triggers is not null)
            {
                removed += await RemoveAllAsync(triggers.RemoveRunsAsync, endedBefore, cancellationToken);
            }
        }

        return removed;
    }

    private static async Task<int> RemoveAllAsync(
        Func<DateTimeOffset, int, CancellationToken, Task<int>> remove, DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        var removed = 0;
        int batch;
        do
        {
            batch = await remove(endedBefore, BatchSize, cancellationToken);
            removed += batch;
        }
        while (batch == BatchSize);
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        // Without the token the timer would end by an exception, which hosts report as a failure.
        using var stop = stoppingToken.Register(timer.Dispose);
        do
        {
            try
            {
                if (await SweepAsync(stoppingToken) is > 0 and var removed)
                {
                    LogRemoved(removed);
                }
            }
            catch (Exception e) when (e is AuspexException or OperationCanceledException)
            {
                // The next hour tries again; nothing is lost in between but disk space.
                LogFailure(e);
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    [LoggerMessage(2020, LogLevel.Information, "Removed {Runs} runs of pipelines and triggers that ended longer ago than the history is kept")]
    private partial void LogRemoved(int runs);

    [LoggerMessage(2021, LogLevel.Warning, "Old runs were not removed")]
    private partial void LogFailure(Exception exception);
}
