using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Auspex.Engine.Hosting;

/// <summary>Work that a host does once an hour. What fails is logged and tried again an hour later; a host that stops ends it without a word.</summary>
/// <remarks>
/// No <see cref="BackgroundService"/>: one of those that is disposed before it has got a thread, as when another service does not start, reports a
/// cancelled task as its failure.
/// </remarks>
public abstract partial class HourlyService : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Prepares the work.</summary>
    /// <param name="clock">Tells the hours.</param>
    /// <param name="logger">Gets failures.</param>
    protected HourlyService(TimeProvider clock, ILogger logger) => (_clock, _logger) = (clock, logger);

    /// <summary>Whether the work is done at the start too, not only an hour later.</summary>
    protected virtual bool IsDoneAtStart => true;

    /// <summary>What is done, in words that a log line begins with.</summary>
    protected abstract string Description { get; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAny(_running, Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Does it once.</summary>
    protected abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>Ends the work.</summary>
    /// <param name="disposing">Whether this is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Not disposed itself: work that is under way may still look at its token.
            _stopping.Cancel();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The hour after tries again, whatever it was.")]
    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period, _clock);
        using var stop = _stopping.Token.Register(timer.Dispose);
        if (!IsDoneAtStart && !await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            return;
        }

        do
        {
            try
            {
                await WorkAsync(_stopping.Token);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                // Whatever ends it now, nobody waits for it, and the next start does it again.
                return;
            }
            catch (Exception exception)
            {
                LogFailure(Description, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    [LoggerMessage(2021, LogLevel.Warning, "{Work} failed; the next hour tries again")]
    private partial void LogFailure(string work, Exception exception);
}
