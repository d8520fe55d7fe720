using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;

namespace Auspex.Engine.Runs;

internal sealed partial class RunDriver
{
    // TimeProvider timers take at most 49 days; a longer wait looks again when its timer fires.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    private readonly Dictionary<ActivityState, RunningAttempt> _running = [];
    private readonly List<ActivityState> _toDispatch = [];
    private ITimer? _timer;
    private DateTimeOffset? _timerDueAt;

    /// <summary>Notes the attempts that an earlier host had in flight: they are handed out once more.</summary>
    private void ResumeInFlight() =>
        _toDispatch.AddRange(_state.Active.Where(
            activity => activity.Phase == AttemptPhase.InFlight && !_toDispatch.Contains(activity)));

    /// <summary>Hands out the attempts whose start is durable.</summary>
    private void Dispatch()
    {
        if (!_hostStopping)
        {
            foreach (var activity in _toDispatch)
            {
                StartAttempt(activity);
            }
        }

        _toDispatch.Clear();
    }

    private void StartAttempt(ActivityState activity)
    {
        var control = new AttemptControl(_services.Meter);
        _services.Meter.Enter();
        _running.Add(activity, new RunningAttempt(control, RunAttemptAsync(activity, activity.Attempt, control)));
        if (_state.IsStopping(activity.Scope))
        {
            // Stopped while no host had it: its executor still has to end what runs elsewhere.
            control.Stop(AttemptStopReason.RunCanceled);
        }
    }

    private async Task RunAttemptAsync(ActivityState activity, int number, AttemptControl control)
    {
        AttemptOutcome outcome;
        if (_services.FindExecutor(activity.Plan.Definition.Type) is { } executor)
        {
            outcome = await _services.Attempts.RunAsync(
                executor,
                CreateAttempt(activity, number, control),
                activity.Timeout,
                activity.StartedAt + activity.Timeout,
                control);
        }
        else
        {
            outcome = new AttemptOutcome.Failed(
                _services.Catalog.Unsupported(activity.Name, activity.Plan.Definition.Type), null);
        }

        Post(new DriverMessage.AttemptEnded(activity, number, outcome));
        _services.Meter.Exit();
    }

    private ActivityAttempt CreateAttempt(ActivityState activity, int number, AttemptControl control)
    {
        var definition = activity.Plan.Definition;
        var input = ResolvedInput.FromJson(activity.Input!.ParseObject()!);
        var id = RunIds.OfAttempt(_state.Id, activity.Path, number);
        return new ActivityAttempt
        {
            RunId = _state.Id,
            ActivityRunId = id,
            Path = activity.Path,
            Activity = definition,
            Attempt = number,
            IdempotencyKey = id,
            TypeProperties = input.TypeProperties,
            LinkedServiceName = definition.LinkedServiceName is { } reference
                ? reference with { Parameters = input.LinkedServiceParameters }
                : null,
            Inputs = References(input.Inputs),
            Outputs = References(input.Outputs),
            PipelineScope = () => new RunContext(_state, _services.Clock).OfPipeline,
            Factory = _services.Definitions.FindFactory(_state.Created.Factory)
                ?? new FactoryDefinition { Name = _state.Created.Factory },
            Checkpoint = activity.Checkpoint?.ParseObject(),
            SaveCheckpointAsync = (checkpoint, cancellationToken) =>
            {
                var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Post(new DriverMessage.SaveCheckpoint(
                    activity, number, checkpoint.DeepClone().AsObject(), answer));
                return answer.Task.WaitAsync(cancellationToken);
            },
            ReportProgress = progress =>
                _services.Feed.PublishProgress(_state.Id, new AttemptProgress(activity.Path, progress)),
            StopReason = () => control.Reason,
            ChildToRepeat = number == 1 ? _state.Kept?.ChildOf(activity.Path) : null,
        };
    }

    private static ImmutableArray<ResourceReference> References(JsonArray? references) =>
        [.. (references ?? []).Select(ReferenceLoader.Load).OfType<ResourceReference>()];

    private async Task HandleAttemptEndedAsync(DriverMessage.AttemptEnded ended)
    {
        var activity = ended.Activity;
        _running.Remove(activity);
        switch (ended.Outcome)
        {
            case AttemptOutcome.Succeeded succeeded:
                var output = succeeded.Output is { Count: > 0 } members ? await StoreOutputAsync(activity, members) : null;
                Emit(_services.Options.MaxOutputBytes is > 0 and var most && output?.Utf8.Length > most
                    ? new AttemptFailed(Now, activity.Path, ended.Attempt, Failures.OfOutput(activity, output.Utf8.Length, most))
                    : new ActivitySucceeded(Now, activity.Path, output));
                break;
            case AttemptOutcome.Failed failed:
                var partial = failed.Output is { Count: > 0 } some ? await StoreOutputAsync(activity, some) : null;
                Emit(new AttemptFailed(Now, activity.Path, ended.Attempt, failed.Failure, partial));
                break;
            case AttemptOutcome.Canceled:
                Emit(new ActivityCanceled(Now, activity.Path));
                break;
            case AttemptOutcome.HandedOver:
                break;
        }
    }

    private ValueTask<JournalValue> StoreOutputAsync(ActivityState activity, System.Text.Json.Nodes.JsonObject output) =>
        _services.Vault.StoreAsync(output, activity.Plan.Definition.Policy.SecureOutput);

    private async Task HandleCheckpointAsync(DriverMessage.SaveCheckpoint save)
    {
        if (save.Activity.Phase != AttemptPhase.InFlight || save.Activity.Attempt != save.Attempt)
        {
            // An attempt that was left behind still talks.
            save.Answer.TrySetCanceled();
            return;
        }

        var value = await _services.Vault.StoreAsync(save.Checkpoint, isSecret: false);
        Emit(new CheckpointSaved(Now, save.Activity.Path, save.Attempt, value));
        _onceDurable.Add(() => save.Answer.TrySetResult());
    }

    private void StopAttempts(AttemptStopReason reason, Func<ActivityState, bool> which)
    {
        foreach (var (activity, running) in _running)
        {
            if (which(activity))
            {
                running.Control.Stop(reason);
            }
        }
    }

    private void SetTimer()
    {
        var dueAt = _hostStopping ? null : _state.NextTimer()?.DueAt;
        if (dueAt == _timerDueAt)
        {
            return;
        }

        _timerDueAt = dueAt;
        if (dueAt is null)
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var left = dueAt.Value - Now;
        left = left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestTimer ? left : LongestTimer;
        _timer ??= _services.Clock.CreateTimer(
            _ => Post(new DriverMessage.TimeCame()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Leaves nothing running and nobody waiting.</summary>
    private async Task CloseAsync()
    {
        StopAttempts(AttemptStopReason.HostStopping, _ => true);
        await Task.WhenAll(_running.Values.Select(running => running.Task));
        _inbox.Writer.TryComplete();
        while (_inbox.Reader.TryRead(out var message))
        {
            Refuse(message);
            _services.Meter.Exit();
        }
    }

    private readonly record struct RunningAttempt(AttemptControl Control, Task Task);
}
