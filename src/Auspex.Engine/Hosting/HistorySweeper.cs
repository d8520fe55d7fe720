using Auspex.Engine.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Auspex.Engine.Hosting;

/// <summary>Removes runs that ended longer ago than <see cref="EngineOptions.HistoryRetention"/>: at the start and once an hour.</summary>
internal sealed partial class HistorySweeper(
    IRunJournal journal, IOptions<EngineOptions> options, TimeProvider clock, ILogger<HistorySweeper> logger) : HourlyService(clock, logger)
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
            int batch;
            do
            {
                batch = await journal.RemoveAsync(endedBefore, BatchSize, cancellationToken);
                removed += batch;
            }
            while (batch == BatchSize);
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

    [LoggerMessage(2020, LogLevel.Information, "Removed {Runs} runs that ended longer ago than the history is kept")]
    private partial void LogRemoved(int runs);
}
