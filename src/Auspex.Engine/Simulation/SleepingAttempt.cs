using Auspex.Engine.Hosting;

namespace Auspex.Engine.Simulation;

/// <summary>An attempt that waits for the clock and for nothing else, and says so to whoever moves it.</summary>
internal static class SleepingAttempt
{
    /// <summary>Ends when the time has passed. The meter is entered before and after, and not in between.</summary>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public static async Task SleepAsync(BusyMeter meter, TimeProvider clock, TimeSpan span, CancellationToken cancellationToken)
    {
        var woken = 0;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Wake()
        {
            // Entered by whatever wakes it, inside its call: the clock must not move on before the sleeper has gone on.
            if (Interlocked.Exchange(ref woken, 1) == 0)
            {
                meter.Enter();
            }
        }

        await using var timer = clock.CreateTimer(
            _ =>
            {
                Wake();
                over.TrySetResult();
            },
            null, span, Timeout.InfiniteTimeSpan);
        await using var registration = cancellationToken.UnsafeRegister(
            _ =>
            {
                Wake();
                over.TrySetCanceled(cancellationToken);
            },
            null);
        meter.Exit();
        try
        {
            await over.Task;
        }
        finally
        {
            Wake();
        }
    }
}
