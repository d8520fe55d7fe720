using System.Diagnostics.CodeAnalysis;
using Auspex.Engine.Hosting;

namespace Auspex.Engine.Dispatch;

/// <summary>Stops one attempt, once, for one reason: the first.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer to free, and a stop may come after the attempt's end.")]
internal sealed class AttemptControl(BusyMeter meter)
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reason;

    public CancellationToken Token => _source.Token;

    /// <summary>Ends when the attempt was asked to stop.</summary>
    public Task Stopped => _stopped.Task;

    public AttemptStopReason Reason => (AttemptStopReason)Volatile.Read(ref _reason);

    public void Stop(AttemptStopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)AttemptStopReason.None) != (int)AttemptStopReason.None)
        {
            return;
        }

        // Elsewhere: what an executor registered on its token may take long, or throw, and is not the caller's business.
        meter.Enter();
        _source.CancelAsync().ContinueWith(
            (canceled, _) =>
            {
                _ = canceled.Exception;
                meter.Exit();
            },
            null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _stopped.TrySetResult();
    }
}
