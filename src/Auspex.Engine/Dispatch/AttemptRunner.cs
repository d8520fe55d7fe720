using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Auspex.Errors;
using Microsoft.Extensions.Logging;

namespace Auspex.Engine.Dispatch;

/// <summary>Runs one attempt to its outcome: timeout, cancel, hand-over, and whatever the executor throws.</summary>
internal sealed partial class AttemptRunner(TimeProvider clock, TimeSpan stopGracePeriod, ILogger logger)
{
    // The longest that a timer takes; an attempt that runs longer is asked again when it fires.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    /// <param name="executor">Carries the attempt out.</param>
    /// <param name="attempt">What to do.</param>
    /// <param name="timeout">The policy's timeout, for the message.</param>
    /// <param name="deadline">When it has passed; null for never.</param>
    /// <param name="control">Stops the attempt.</param>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever an executor throws becomes a failure in the journal; nothing may escape.")]
    public async Task<AttemptOutcome> RunAsync(
        IActivityExecutor executor,
        ActivityAttempt attempt,
        TimeSpan? timeout,
        DateTimeOffset? deadline,
        AttemptControl control)
    {
        using var timer = deadline is { } due ? StartTimer(due, control) : null;
        try
        {
            // CPU-bound executors leave the caller's scheduler here, once.
            var work = Task.Run(() => executor.ExecuteAsync(attempt, control.Token), CancellationToken.None);
            if (await Task.WhenAny(work, control.Stopped) != work && !await EndsWithinGraceAsync(work))
            {
                LogAbandoned(attempt.RunId, attempt.Path, attempt.Attempt, control.Reason);
                _ = work.ContinueWith(
                    static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return Stopped(attempt, timeout, control.Reason);
            }

            return new AttemptOutcome.Succeeded(await work);
        }
        catch (Exception exception) when (control.Reason is not AttemptStopReason.None)
        {
            // Asked to stop, it stopped: what it threw on the way says nothing about the work.
            LogStopped(attempt.RunId, attempt.Path, attempt.Attempt, control.Reason, exception.GetType().Name);
            return Stopped(attempt, timeout, control.Reason);
        }
        catch (ActivityException exception)
        {
            var failure = new Failure(
                exception.ActivityErrorCode, exception.Message, exception.FailureType, attempt.Activity.Name, Details: exception.Details);
            return new AttemptOutcome.Failed(failure, exception.Output);
        }
        catch (AuspexException exception)
        {
            var failure = new Failure(
                exception.Code.Value, exception.Message, FailureType.SystemError, attempt.Activity.Name);
            return new AttemptOutcome.Failed(failure, null);
        }
        catch (Exception exception)
        {
            LogUnexpected(attempt.RunId, attempt.Path, attempt.Attempt, exception);
            var failure = new Failure(
                "SystemError",
                $"The executor of activity type '{attempt.Activity.Type}' failed unexpectedly: {exception.GetType().Name}: {exception.Message}",
                FailureType.SystemError,
                attempt.Activity.Name);
            return new AttemptOutcome.Failed(failure, null);
        }
    }

    private static AttemptOutcome Stopped(ActivityAttempt attempt, TimeSpan? timeout, AttemptStopReason reason) => reason switch
    {
        AttemptStopReason.HostStopping => new AttemptOutcome.HandedOver(),
        AttemptStopReason.TimedOut when timeout is { } limit => new AttemptOutcome.Failed(
            new Failure(
                "ActivityTimeout",
                string.Create(CultureInfo.InvariantCulture,
                    $"The activity '{attempt.Activity.Name}' timed out: attempt {attempt.Attempt} took longer than the {limit:d\\.hh\\:mm\\:ss} that its policy allows."),
                FailureType.UserError,
                attempt.Activity.Name),
            null),
        _ => new AttemptOutcome.Canceled(),
    };

    private ITimer StartTimer(DateTimeOffset deadline, AttemptControl control)
    {
        ITimer? timer = null;
        timer = clock.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Check();
        return timer;

        void Check()
        {
            var left = deadline - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                control.Stop(AttemptStopReason.TimedOut);
            }
            else
            {
                timer?.Change(left < LongestTimer ? left : LongestTimer, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task<bool> EndsWithinGraceAsync(Task work)
    {
        using var graceOver = new CancellationTokenSource();
        var grace = Task.Delay(stopGracePeriod, clock, graceOver.Token);
        var ended = await Task.WhenAny(work, grace) == work;
        await graceOver.CancelAsync();
        return ended;
    }

    [LoggerMessage(2101, LogLevel.Warning, "Run {Run}, {Activity}, attempt {Attempt}: did not stop in time after {Reason} and is left behind")]
    private partial void LogAbandoned(RunId run, string activity, int attempt, AttemptStopReason reason);

    [LoggerMessage(2102, LogLevel.Debug, "Run {Run}, {Activity}, attempt {Attempt}: stopped after {Reason} with {Exception}")]
    private partial void LogStopped(RunId run, string activity, int attempt, AttemptStopReason reason, string exception);

    [LoggerMessage(2103, LogLevel.Error, "Run {Run}, {Activity}, attempt {Attempt}: the executor threw what it should not")]
    private partial void LogUnexpected(RunId run, string activity, int attempt, Exception exception);
}
