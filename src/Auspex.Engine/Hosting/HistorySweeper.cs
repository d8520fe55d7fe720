using Auspex.Engine.Journal;
using Auspex.Engine.Triggers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Auspex.Engine.Hosting;

/// <summary>
/// Removes runs, and runs of triggers, that ended longer ago than <see cref="EngineOptions.HistoryRetention"/>: at the start and once
/// an hour.
/// </summary>
internal sealed partial class HistorySweeper(
    IRunJournal journal, IOptions<EngineOptions> options, TimeProvider clock, ILogger<HistorySweeper> logger, ITriggerStore? triggers = null)
    : HourlyService(clock, logger)
{
    // Small enough that runs which write at the same time wait for none of it for long.
    private const int BatchSize = 200;

    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    protected override string Description => "Removing old runs";

    /// <summary>Removes what is old enough.</summary>
    /// <returns>How many runs were removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var retention = options.Value.HistoryRetention;
        var removed = 0;
        if (retention > TimeSpan.Zero)
        {
            var endedBefore = _clock.GetUtcNow() - retention;
            removed = await RemoveAllAsync(journal.RemoveAsync, endedBefore, cancellationToken);
            if (triggers is not null)
            {
                removed += await RemoveAllAsync(triggers.RemoveRunsAsync, endedBefore, cancellationToken);
            }
        }

        return removed;
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (await SweepAsync(cancellationToken) is > 0 and var removed)
        {
            LogRemoved(removed);
        }
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

    [LoggerMessage(2020, LogLevel.Information, "Removed {Runs} runs of pipelines and triggers that ended longer ago than the history is kept")]
    private partial void LogRemoved(int runs);
}
