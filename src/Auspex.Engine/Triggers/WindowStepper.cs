using System.Collections.Immutable;
using System.Globalization;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Triggers;

/// <summary>Decides what a tumbling window trigger does next: which windows come due, run, are retried, wait or end.</summary>
/// <param name="trigger">The definition; a tumbling window's.</param>
/// <param name="now">The present moment.</param>
/// <param name="options">Limits.</param>
/// <param name="findRun">A pipeline run as it is; null when it is unknown.</param>
/// <param name="dependencies">Answers what windows wait for.</param>
internal sealed class WindowStepper(
    KnownTrigger trigger,
    DateTimeOffset now,
    TriggerOptions options,
    Func<RunId, Task<PipelineRun?>> findRun,
    WindowDependencies dependencies)
{
    private readonly TumblingWindowTrigger _detail = (TumblingWindowTrigger)trigger.Detail!;
    private readonly WindowGrid _grid = new((TumblingWindowTrigger)trigger.Detail!);
    private int _running;

    public async Task<TriggerStep> StepAsync(TriggerState state, ImmutableArray<StoredTriggerRun> open)
    {
        var step = new TriggerStep(state);
        var isStarted = state.RuntimeState == TriggerRuntimeState.Started;
        foreach (var run in open.Where(run => run.Run.Status == TriggerRunStatus.Running))
        {
            await FollowAsync(run, isStarted, step);
        }

        if (!isStarted)
        {
            return step;
        }

        if (state.Grid is { } grid && grid != _grid.Signature)
        {
            step.Problem = $"The trigger '{trigger.Definition.Name}' has windows of {grid} (frequency, interval, start), its definition now says {_grid.Signature}. "
                + "Windows cannot change once there are some: restore the definition, or give the trigger a new name.";
            return step;
        }

        var waiting = open.Where(run => run.Run.Status is TriggerRunStatus.Waiting or TriggerRunStatus.WaitingOnDependency).ToList();
        MakeDueWindows(waiting, step);
        foreach (var run in waiting.OrderBy(run => run.Run.WindowStart).ThenBy(run => run.Run.Rerun))
        {
            await PromoteAsync(run, step);
        }

        return step;
    }

    /// <summary>A window's run, waiting for its turn.</summary>
    public static StoredTriggerRun NewRun(KnownTrigger trigger, TriggerState state, TimeWindow window, DateTimeOffset due, int rerun, DateTimeOffset now)
    {
        var occurrence = string.Create(CultureInfo.InvariantCulture, $"window/{window.Start.UtcTicks}/{rerun}");
        var run = OccurrenceStepper.NewRun(trigger, state, due, due, occurrence, now);
        return run with
        {
            WaitingSince = now,
            Run = run.Run with
            {
                Status = TriggerRunStatus.Waiting,
                WindowStart = window.Start,
                WindowEnd = window.End,
                Rerun = rerun,
                Pipelines = [],
            },
        };
    }

    private async Task FollowAsync(StoredTriggerRun run, bool isStarted, TriggerStep step)
    {
        _running++;
        if (run.RetryAt is { } retryAt)
        {
            if (run.IsCancelRequested)
            {
                End(run, TriggerRunStatus.Canceled, run.Run.Message, step);
            }
            else if (isStarted && retryAt <= now)
            {
                Start(run with { RetryAt = null, Attempt = run.Attempt + 1 }, step);
            }
            else if (isStarted)
            {
                step.LookAgain(retryAt);
            }

            return;
        }

        var id = run.Run.Pipelines.Select(pipeline => pipeline.RunId).FirstOrDefault();
        var pipelineRun = id is { } known ? await findRun(known) : null;
        switch (pipelineRun?.Status)
        {
            case null:
                if (run.IsCancelRequested)
                {
                    End(run, TriggerRunStatus.Canceled, string.Empty, step);
                }
                else
                {
                    // It was decided on, and the process died before it was started.
                    step.ToStart.Add(run);
                }

                break;
            case RunStatus.Succeeded:
                End(run, TriggerRunStatus.Succeeded, string.Empty, step);
                break;
            case RunStatus.Canceled:
                End(run, TriggerRunStatus.Canceled, string.Empty, step);
                break;
            case RunStatus.Failed:
                Fail(run, pipelineRun.Failure?.Message ?? string.Empty, step);
                break;
            default:
                step.Awaited.Add(id!.Value);
                if (run.IsCancelRequested && pipelineRun.Status != RunStatus.Canceling)
                {
                    step.ToCancel.Add(id.Value);
                }

                break;
        }
    }

    /// <summary>An attempt of a window failed: another follows, or the window has failed.</summary>
    public void Fail(StoredTriggerRun run, string message, TriggerStep step)
    {
        if (run.IsCancelRequested || run.Attempt > _detail.RetryCount)
        {
            End(run, run.IsCancelRequested ? TriggerRunStatus.Canceled : TriggerRunStatus.Failed, message, step);
            return;
        }

        var retryAt = now.Plus(_detail.RetryInterval);
        step.Change(run with { RetryAt = retryAt, Run = run.Run with { Message = message } }, now);
        step.LookAgain(retryAt);
    }

    private void End(StoredTriggerRun run, TriggerRunStatus status, string message, TriggerStep step)
    {
        _running--;
        step.Change(run with { RetryAt = null, Run = run.Run with { Status = status, Message = message } }, now);
    }

    private void Start(StoredTriggerRun run, TriggerStep step)
    {
        run = run with
        {
            WaitingSince = null,
            Run = run.Run with { Status = TriggerRunStatus.Running, Message = string.Empty, Pipelines = PipelineStarter.Plan(trigger, run) },
        };
        step.Change(run, now);
        step.ToStart.Add(run);
    }

    private void MakeDueWindows(List<StoredTriggerRun> waiting, TriggerStep step)
    {
        while (_grid.At(step.State.NextWindow) is { } window && _grid.DueAt(window) is { } due)
        {
            if (due > now)
            {
                step.LookAgain(due);
                return;
            }

            if (waiting.Count >= options.MaxWaitingWindows)
            {
                // The first that ends lets the next one in.
                return;
            }

            var run = NewRun(trigger, step.State, window, due, rerun: 0, now);
            step.Add(run);
            waiting.Add(run);
            step.State = step.State with { NextWindow = step.State.NextWindow + 1, Grid = _grid.Signature };
        }
    }

    private async Task PromoteAsync(StoredTriggerRun asRead, TriggerStep step)
    {
        var (isMet, found) = await dependencies.CheckAsync(_detail, asRead);
        var run = found.IsEmpty ? asRead : asRead with { Run = asRead.Run with { Dependencies = found } };
        if (!isMet)
        {
            step.WaitsForOthers = true;
            var givenUpAt = (run.WaitingSince ?? now).Plus(options.DependencyTimeout);
            if (givenUpAt <= now)
            {
                Wait(asRead, run, TriggerRunStatus.TimedOut, string.Create(
                    CultureInfo.InvariantCulture, $"The window waited {options.DependencyTimeout:c} for the windows that it depends on."), step);
                return;
            }

            Wait(asRead, run, TriggerRunStatus.WaitingOnDependency, string.Empty, step);
            step.LookAgain(givenUpAt);
        }
        else if (_running < _detail.MaxConcurrency)
        {
            _running++;
            Start(run, step);
        }
        else
        {
            Wait(asRead, run, TriggerRunStatus.Waiting, string.Empty, step);
        }
    }

    private void Wait(StoredTriggerRun asRead, StoredTriggerRun run, TriggerRunStatus status, string message, TriggerStep step)
    {
        if (asRead.Run.Status != status || !asRead.Run.Dependencies.SequenceEqual(run.Run.Dependencies))
        {
            step.Change(run with { Run = run.Run with { Status = status, Message = message } }, now);
        }
    }
}
