namespace Auspex.Engine.Hosting;

/// <summary>Counts what a host has to do at this moment: messages not handled, attempts not waiting for a clock.</summary>
/// <remarks>
/// At zero nothing happens any more until time passes or somebody calls: whoever moves the clock by hand moves it then,
/// and a drained host is a fact instead of a guess.
/// </remarks>
internal sealed class BusyMeter
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _quiet;
    private int _count;

    public bool IsQuiet => Volatile.Read(ref _count) == 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0 && Volatile.Read(ref _quiet) is not null)
        {
            lock (_lock)
            {
                _quiet?.TrySetResult();
                _quiet = null;
            }
        }
    }

    /// <summary>Ends the next time that there is nothing to do, at once if that is so now.</summary>
    public Task WhenQuietAsync()
    {
        lock (_lock)
        {
            var quiet = _quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (IsQuiet)
            {
                _quiet = null;
                quiet.TrySetResult();
            }

            return quiet.Task;
        }
    }
}
