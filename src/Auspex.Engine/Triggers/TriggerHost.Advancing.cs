using Auspex.Definitions.Triggers;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Triggers;

public sealed partial class TriggerHost
{
    // Each lost race means that somebody else moved the trigger on; so many in a row mean that something is wrong.
    private const int MostTries = 20;

    /// <summary>Moves a trigger on as far as it goes now.</summary>
    /// <returns>When to look again.</returns>
    private async Task<DateTimeOffset?> AdvanceAsync(KnownTrigger trigger, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var now = _clock.GetUtcNow();
            var read = await ReadStateAsync(trigger, cancellationToken);
            var state = FollowFile(trigger, read, now);
            if (state.Version == 0 && state.Equals(read))
            {
                // Nobody ever started it.
                return null;
            }

            var open = state.Version == 0
                ? []
                : await _store.ListOpenRunsAsync(state.Factory, state.Trigger, cancellationToken);
            var windows = trigger.Detail is TumblingWindowTrigger
                ? new WindowStepper(
                    trigger, now, _options, id => _runs.FindAsync(id, cancellationToken), new WindowDependencies(trigger, _store, cancellationToken))
                : null;
            var step = trigger.Detail is null ? new TriggerStep(state) { Problem = trigger.Faults }
                : windows is null ? OccurrenceStepper.Step(trigger, state, open, now, _horizon)
                : await windows.StepAsync(state, open);
            if (step.HasChanges || !state.Equals(read))
            {
                var change = step.ToChange();
                if (await _store.ApplyAsync(change) is not { } added || added < change.NewRuns.Length)
                {
                    // Moved on by another host, or the occurrence is known from before: what is there now decides.
                    continue;
                }

                LogChanges(read, change);
                state = change.State with { Version = change.State.Version + 1 };
            }

            if (await StartAsync(trigger, state, windows, step, now, cancellationToken))
            {
                return await SettleAsync(trigger, state, step, cancellationToken);
            }
        }

        return _clock.GetUtcNow().Plus(RetryAfterFailure);
    }

    /// <summary>Starts what a step decided on, and writes down what became of it.</summary>
    /// <returns>False when somebody else moved the trigger on meanwhile.</returns>
    private async Task<bool> StartAsync(
        KnownTrigger trigger, TriggerState state, WindowStepper? windows, TriggerStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (step.ToStart.Count == 0)
        {
            return true;
        }

        var result = new TriggerStep(state);
        foreach (var run in step.ToStart)
        {
            var (pipelines, message) = await _starter.StartAsync(trigger, run, cancellationToken);
            if (message.Length > 0)
            {
                LogNotStarted(trigger.Factory.Name, trigger.Definition.Name, run.Run.Id, message);
            }

            var started = run with { Run = run.Run with { Pipelines = pipelines } };
            if (windows is null)
            {
                var status = message.Length == 0 ? TriggerRunStatus.Succeeded : TriggerRunStatus.Failed;
                result.Change(started with { Run = started.Run with { Status = status, Message = message } }, now);
            }
            else if (message.Length > 0)
            {
                windows.Fail(started, message, result);
            }
            else
            {
                step.Awaited.Add(pipelines[0].RunId!.Value);
            }
        }

        // The pipelines have been started: writing so may not be given up.
        if (result.HasChanges && await _store.ApplyAsync(result.ToChange()) is null)
        {
            return false;
        }

        step.Join(result);
        if (result.EndsWindow)
        {
            Signal(trigger.Key);
        }

        return true;
    }

    private async Task<DateTimeOffset?> SettleAsync(
        KnownTrigger trigger, TriggerState state, TriggerStep step, CancellationToken cancellationToken)
    {
        var key = trigger.Key;
        foreach (var run in step.ToCancel)
        {
            await _runs.CancelAsync(run, recursive: true, cancellationToken);
        }

        foreach (var run in step.Awaited)
        {
            if (Await(run, key))
            {
                continue;
            }

            // Another host drives it, or it ended between the look at it and here.
            if (await _runs.FindAsync(run, cancellationToken) is { End: not null })
            {
                Signal(key);
            }
            else
            {
                step.LookAgain(_clock.GetUtcNow().Plus(RemoteInterval));
            }
        }

        _ = step.WaitsForOthers ? _waitingForOthers.Add(key) : _waitingForOthers.Remove(key);
        if (step.EndsWindow)
        {
            foreach (var waiting in _waitingForOthers)
            {
                Signal(waiting);
            }
        }

        if (state.RuntimeState == TriggerRuntimeState.Started && trigger.Detail is BlobEventsTrigger)
        {
            var (next, problem) = _pollers.Poll(trigger, () => Signal(key), _meter);
            step.LookAgain(next);
            step.Problem = problem;
        }
        else
        {
            _pollers.Forget(key);
        }

        if (step.Problem is { } found && state.RuntimeState == TriggerRuntimeState.Started)
        {
            _problems[key] = found;
        }
        else
        {
            _problems.TryRemove(key, out _);
        }

        return step.Next;
    }

    /// <summary>Looks at a trigger again when a pipeline run ends; false when this host does not drive the run.</summary>
    private bool Await(RunId run, TriggerKey key)
    {
        if (!_watched.TryAdd(run, true))
        {
            return true;
        }

        if (_localRuns?.TryOnLetGo(run, () =>
            {
                _watched.TryRemove(run, out _);
                Signal(key);
            }) == true)
        {
            return true;
        }

        _watched.TryRemove(run, out _);
        return false;
    }

    private async Task<TriggerState> ReadStateAsync(KnownTrigger trigger, CancellationToken cancellationToken) =>
        await _store.FindAsync(trigger.Factory.Name, trigger.Definition.Name, cancellationToken)
        ?? new TriggerState { Factory = trigger.Factory.Name, Trigger = trigger.Definition.Name };

    /// <summary>A file's <c>runtimeState</c> counts when the trigger is first seen, and again whenever it is edited.</summary>
    private static TriggerState FollowFile(KnownTrigger trigger, TriggerState state, DateTimeOffset now)
    {
        if (trigger.DeclaredState is not { } declared || declared.Equals(state.DeclaredState, StringComparison.OrdinalIgnoreCase))
        {
            return state;
        }

        state = state with { DeclaredState = declared };
        return declared.Equals(nameof(TriggerRuntimeState.Started), StringComparison.OrdinalIgnoreCase)
            ? Started(state, now)
            : state with { RuntimeState = TriggerRuntimeState.Stopped };
    }

    private static TriggerState Started(TriggerState state, DateTimeOffset now) => state.RuntimeState == TriggerRuntimeState.Started
        ? state
        : state with { RuntimeState = TriggerRuntimeState.Started, Since = now, KnowsBlobs = false };

    /// <summary>Ends the runs of a trigger whose definition is gone as their pipeline runs end.</summary>
    private async Task<DateTimeOffset?> EndOrphansAsync(TriggerKey key, CancellationToken cancellationToken)
    {
        _pollers.Forget(key);
        _waitingForOthers.Remove(key);
        if (await _store.FindAsync(key.Factory, key.Trigger, cancellationToken) is not { } state)
        {
            return null;
        }

        var now = _clock.GetUtcNow();
        var step = new TriggerStep(state);
        foreach (var run in await _store.ListOpenRunsAsync(key.Factory, key.Trigger, cancellationToken))
        {
            var id = run.Run.Pipelines.Select(pipeline => pipeline.RunId).FirstOrDefault();
            if (run.Run.Status != TriggerRunStatus.Running || id is null
                || await _runs.FindAsync(id.Value, cancellationToken) is not { } pipelineRun)
            {
                continue;
            }

            if (run.Run.WindowStart is null)
            {
                step.Change(run with { Run = run.Run with { Status = TriggerRunStatus.Succeeded } }, now);
            }
            else if (pipelineRun.Status is RunStatus.Succeeded or RunStatus.Failed or RunStatus.Canceled)
            {
                var status = Enum.Parse<TriggerRunStatus>(pipelineRun.Status.ToString());
                step.Change(run with { Run = run.Run with { Status = status, Message = pipelineRun.Failure?.Message ?? string.Empty } }, now);
            }
            else if (!Await(id.Value, key))
            {
                step.LookAgain(now.Plus(RemoteInterval));
            }
        }

        if (step.HasChanges)
        {
            await _store.ApplyAsync(step.ToChange());
        }

        return step.Next;
    }

    private void LogChanges(TriggerState before, TriggerChange change)
    {
        if (before.RuntimeState != change.State.RuntimeState)
        {
            LogState(change.State.Factory, change.State.Trigger, change.State.RuntimeState);
        }

        foreach (var run in change.NewRuns)
        {
            LogFired(run.Run.Factory, run.Run.Trigger, run.Run.Id, run.Run.ScheduledTime);
        }
    }
}
