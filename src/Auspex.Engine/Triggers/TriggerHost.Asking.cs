using System.Collections.Immutable;
using Auspex.Definitions.Triggers;
using Auspex.Errors;

namespace Auspex.Engine.Triggers;

public sealed partial class TriggerHost
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<TriggerStatus>> ListAsync(string factory, CancellationToken cancellationToken)
    {
        _definitions.Refresh();
        if (_definitions.FindFactory(factory) is not { } found)
        {
            return [];
        }

        var statuses = ImmutableArray.CreateBuilder<TriggerStatus>();
        foreach (var definition in found.Triggers.Values.OrderBy(trigger => trigger.Name, StringComparer.Ordinal))
        {
            statuses.Add(await DescribeAsync(KnownTrigger.Of(found, definition), cancellationToken));
        }

        return statuses.ToImmutable();
    }

    /// <inheritdoc/>
    public async Task<TriggerStatus> GetAsync(string factory, string trigger, CancellationToken cancellationToken) =>
        await DescribeAsync(Demand(factory, trigger), cancellationToken);

    /// <inheritdoc/>
    public async Task StartAsync(string factory, string trigger, CancellationToken cancellationToken)
    {
        var known = Demand(factory, trigger);
        if (known.Detail is null)
        {
            throw new TriggerException(ErrorCode.TriggerNotStartable, TriggerError.Invalid, $"The trigger '{known.Definition.Name}' was not started. {known.Faults}");
        }

        var wasStarted = false;
        await ChangeAsync(known, state =>
        {
            wasStarted = state.RuntimeState == TriggerRuntimeState.Started;
            return new TriggerChange { State = Started(state, _clock.GetUtcNow()) };
        }, cancellationToken);
        if (!wasStarted && known.Detail is BlobEventsTrigger)
        {
            try
            {
                await _pollers.PollNowAsync(known, cancellationToken);
            }
            catch (AuspexException)
            {
                // Told as the trigger's problem when the host tries again.
            }
        }

        Signal(known.Key);
    }

    /// <inheritdoc/>
    public async Task StopAsync(string factory, string trigger, CancellationToken cancellationToken)
    {
        var known = Demand(factory, trigger);
        await ChangeAsync(
            known, state => new TriggerChange { State = state with { RuntimeState = TriggerRuntimeState.Stopped } }, cancellationToken);
        Signal(known.Key);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(string factory, string trigger, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await _store.FindAsync(factory, trigger, cancellationToken) is not { } state)
            {
                return false;
            }

            if (state.RuntimeState == TriggerRuntimeState.Started)
            {
                throw new TriggerException(
                    ErrorCode.TriggerInOtherState, TriggerError.Conflict, $"The trigger '{trigger}' is started; stop it before it is deleted.");
            }

            var step = new TriggerStep(state);
            foreach (var run in await _store.ListOpenRunsAsync(factory, trigger, cancellationToken))
            {
                if (run.Run.Status != TriggerRunStatus.Running)
                {
                    step.Change(
                        run with { Run = run.Run with { Status = TriggerRunStatus.Canceled, Message = "The trigger was deleted." } }, _clock.GetUtcNow());
                }
            }

            step.State = new TriggerState
            {
                Factory = state.Factory,
                Trigger = state.Trigger,
                Version = state.Version,
                Incarnation = state.Incarnation + 1,
            };
            if (await _store.ApplyAsync(step.ToChange() with { ForgetBlobs = true }) is not null)
            {
                return true;
            }
        }

        throw Busy(trigger);
    }

    /// <inheritdoc/>
    public async Task<TriggerRunPage> QueryRunsAsync(TriggerRunQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var selection = TriggerRunSelection.Of(query);
        var found = await _store.SelectRunsAsync(selection with { Take = selection.Take + 1 }, cancellationToken);
        var runs = found.Take(selection.Take).Select(stored => stored.Run).ToImmutableArray();
        return new TriggerRunPage(runs, found.Length > selection.Take ? TriggerRunPosition.Of(runs[^1]).ToString() : null);
    }

    /// <inheritdoc/>
    public async Task<TriggerRun?> FindRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken) =>
        (await _store.FindRunAsync(factory, trigger, runId, cancellationToken))?.Run;

    /// <inheritdoc/>
    public async Task<TriggerRun> RerunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken)
    {
        var known = Demand(factory, trigger);
        var asked = await DemandRunAsync(factory, trigger, runId, cancellationToken);
        if (asked.Run is not { WindowStart: { } start, WindowEnd: { } end } || known.Detail is not TumblingWindowTrigger)
        {
            throw new TriggerException(
                ErrorCode.TriggerInOtherState,
                TriggerError.Invalid,
                $"Trigger run '{runId}' is of the {asked.Run.TriggerType} '{trigger}'; only windows of a TumblingWindowTrigger can be run again. Start the pipeline itself.");
        }

        StoredTriggerRun? rerun = null;
        await ChangeAsync(known, async state =>
        {
            var runs = (await _store.ListWindowRunsAsync(factory, trigger, start, start.AddTicks(1), cancellationToken))
                .Where(run => run.Incarnation == asked.Incarnation)
                .ToArray();
            if (asked.Incarnation != state.Incarnation || runs.FirstOrDefault(run => !run.Run.HasEnded) is not null)
            {
                throw new TriggerException(
                    ErrorCode.TriggerInOtherState,
                    TriggerError.Conflict,
                    asked.Incarnation != state.Incarnation
                        ? $"Trigger run '{runId}' is of an earlier trigger '{trigger}', which was deleted."
                        : $"A run of the window of trigger run '{runId}' has not ended yet; wait for it, or cancel it.");
            }

            var now = _clock.GetUtcNow();
            rerun = WindowStepper.NewRun(known, state, new TimeWindow(start, end), asked.Run.ScheduledTime, runs.Max(run => run.Run.Rerun) + 1, now);
            return new TriggerChange { State = state, NewRuns = [rerun] };
        }, cancellationToken);
        Signal(known.Key);
        return rerun!.Run;
    }

    /// <inheritdoc/>
    public async Task CancelAsync(string factory, string trigger, string runId, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var asked = await DemandRunAsync(factory, trigger, runId, cancellationToken);
            if (asked.Run.HasEnded)
            {
                throw new TriggerException(
                    ErrorCode.TriggerInOtherState, TriggerError.Conflict, $"Trigger run '{runId}' has ended already: it is {asked.Run.Status}.");
            }

            var state = await _store.FindAsync(factory, trigger, cancellationToken)
                ?? throw new InvalidOperationException($"Trigger '{trigger}' has runs and no state.");
            var step = new TriggerStep(state);
            var isFollowed = asked.Run is { Status: TriggerRunStatus.Running, WindowStart: not null };
            step.Change(
                isFollowed
                    ? asked with { IsCancelRequested = true }
                    : asked with { Run = asked.Run with { Status = TriggerRunStatus.Canceled } },
                _clock.GetUtcNow());
            if (await _store.ApplyAsync(step.ToChange()) is null)
            {
                continue;
            }

            foreach (var run in asked.Run.Pipelines.Select(pipeline => pipeline.RunId).OfType<RunId>())
            {
                await _runs.CancelAsync(run, recursive: true, cancellationToken);
            }

            Signal(new TriggerKey(factory, trigger));
            return;
        }

        throw Busy(trigger);
    }

    private Task ChangeAsync(KnownTrigger trigger, Func<TriggerState, TriggerChange> change, CancellationToken cancellationToken) =>
        ChangeAsync(trigger, state => Task.FromResult(change(state)), cancellationToken);

    private async Task ChangeAsync(KnownTrigger trigger, Func<TriggerState, Task<TriggerChange>> change, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var read = await ReadStateAsync(trigger, cancellationToken);

            // What the file asked for until now has been answered by whoever asks for something else.
            var state = read with { DeclaredState = trigger.DeclaredState ?? read.DeclaredState };
            var wanted = await change(state);
            if (wanted.State.Equals(read) && wanted.NewRuns.IsEmpty)
            {
                return;
            }

            if (await _store.ApplyAsync(wanted) is not null)
            {
                LogChanges(read, wanted);
                return;
            }
        }

        throw Busy(trigger.Definition.Name);
    }

    private KnownTrigger Demand(string factory, string trigger)
    {
        _definitions.Refresh();
        return FindKnown(new TriggerKey(factory, trigger)) ?? throw new TriggerException(
            ErrorCode.TriggerUnknown, TriggerError.NotFound, $"The factory '{factory}' has no trigger '{trigger}'.");
    }

    private async Task<StoredTriggerRun> DemandRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken) =>
        await _store.FindRunAsync(factory, trigger, runId, cancellationToken) ?? throw new TriggerException(
            ErrorCode.TriggerUnknown, TriggerError.NotFound, $"The trigger '{trigger}' of factory '{factory}' has no run '{runId}'.");

    private async Task<TriggerStatus> DescribeAsync(KnownTrigger trigger, CancellationToken cancellationToken)
    {
        var state = await ReadStateAsync(trigger, cancellationToken);
        var isStarted = state.RuntimeState == TriggerRuntimeState.Started;
        return new TriggerStatus
        {
            Factory = trigger.Factory.Name,
            Name = trigger.Definition.Name,
            Type = trigger.Definition.Type,
            RuntimeState = state.RuntimeState,
            NextOccurrence = isStarted ? NextOccurrence(trigger.Detail, state) : null,
            Problem = isStarted ? trigger.Faults.Length > 0 ? trigger.Faults : _problems.GetValueOrDefault(trigger.Key) : null,
            EventSubscription = trigger.TakesEvents ? isStarted ? "Enabled" : "Disabled" : null,
        };
    }

    private DateTimeOffset? NextOccurrence(TriggerDetail? detail, TriggerState state)
    {
        switch (detail)
        {
            case ScheduleTrigger schedule:
                return Recurrence.Next(schedule.Recurrence, Later(state.Since ?? DateTimeOffset.MinValue, _clock.GetUtcNow()));
            case TumblingWindowTrigger windows:
                var grid = new WindowGrid(windows);
                return grid.At(state.NextWindow) is { } window ? grid.DueAt(window) : null;
            default:
                return null;
        }
    }

    private static InvalidOperationException Busy(string trigger) =>
        new($"Trigger '{trigger}' was moved on by others {MostTries} times in a row.");
}
