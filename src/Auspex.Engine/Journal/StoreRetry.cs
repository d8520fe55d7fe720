using Auspex.Errors;
using Microsoft.Extensions.Logging;

namespace Auspex.Engine.Journal;

/// <summary>
/// Writes again and again while a store fails: what has happened must not be lost because a disk is full just now.
/// Gives up when the host stops; the next host decides the unwritten step anew.
/// </summary>
internal sealed partial class StoreRetry(TimeProvider clock, ILogger logger, CancellationToken hostStopping)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public async Task RunAsync(Func<Task> write)
    {
        var wait = TimeSpan.FromMilliseconds(100);
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (AuspexException exception) when (exception is not JournalConflictException && !hostStopping.IsCancellationRequested)
            {
                LogStoreFailed(wait, exception);
            }

            await Task.Delay(wait, clock, hostStopping);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    [LoggerMessage(2001, LogLevel.Error, "The store failed; trying again in {Wait}")]
    private partial void LogStoreFailed(TimeSpan wait, Exception exception);
}
