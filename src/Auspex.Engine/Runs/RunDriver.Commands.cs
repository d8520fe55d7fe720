using System.Diagnostics;
using Auspex.Engine.ControlFlow;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Engine.Runs;

internal sealed partial class RunDriver
{
    private async ValueTask CarryOutAsync(RunCommand command)
    {
        switch (command)
        {
            case StartActivity start:
                await StartActivityAsync(start.Activity);
                break;
            case StartRetry retry:
                Emit(new ActivityStarted(
                    Now, retry.Activity.Path, retry.Activity.Attempt + 1, null, retry.Activity.Timeout, retry.Activity.MaxAttempts));
                break;
            case ScheduleRetry retry:
                Emit(new RetryScheduled(
                    Now, retry.Activity.Path, retry.Activity.Attempt + 1, Now + retry.Activity.Plan.Definition.Policy.RetryInterval));
                break;
            case SkipActivity skip:
                Emit(new ActivitySkipped(Now, skip.Activity.Path));
                break;
            case MarkActivityInactive mark:
                Emit(new ActivityMarkedInactive(Now, mark.Activity.Path));
                break;
            case RecallActivity recall:
                Emit(new ActivityRecalled(Now, recall.Activity.Path));
                break;
            case SucceedActivity succeed:
                Emit(new ActivitySucceeded(Now, succeed.Activity.Path));
                break;
            case FailActivity fail:
                Emit(new ActivityFailed(Now, fail.Activity.Path, fail.Failure, fail.Activity.Output));
                break;
            case CancelActivity cancel:
                Emit(new ActivityCanceled(Now, cancel.Activity.Path));
                break;
            case StartIteration start:
                Emit(new IterationStarted(Now, start.Activity.Path, start.Index));
                break;
            case EndIteration end:
                Emit(new IterationEnded(Now, end.Activity.Path, end.Index, end.Failure));
                break;
            case EvaluateLoopCondition evaluate:
                EvaluateCondition(evaluate);
                break;
            case SucceedRun:
                Emit(new RunSucceeded(Now));
                break;
            case FailRun fail:
                Emit(new RunFailed(Now, fail.Failure));
                break;
            case CancelRun:
                await CancelRunAsync();
                break;
            default:
                throw new UnreachableException($"No rule carries out {command.GetType().Name}.");
        }
    }

    private async ValueTask StartActivityAsync(ActivityState activity)
    {
        var definition = activity.Plan.Definition;
        if (activity.Plan.Kind == ActivityKind.Work && _services.FindExecutor(definition.Type) is null)
        {
            Emit(new ActivityFailed(Now, activity.Path, _services.Catalog.Unsupported(activity.Name, definition.Type)));
            return;
        }

        var beginning = Beginning(activity, activity.Scope);
        try
        {
            await (activity.Plan.Kind == ActivityKind.Work
                ? WorkActivity.BeginAsync(beginning, _services.Options.ActivityTimeout)
                : ControlActivities.BeginAsync(beginning));
        }
        catch (ExpressionException exception)
        {
            Emit(new ActivityFailed(Now, activity.Path, Failures.OfTemplate(activity.Name, exception.Message)));
        }
        catch (ActivityException exception)
        {
            Emit(new ActivityFailed(Now, activity.Path, new Failure(
                exception.ActivityErrorCode, exception.Message, exception.FailureType, activity.Name, Details: exception.Details)));
        }
    }

    private void EvaluateCondition(EvaluateLoopCondition command)
    {
        var activity = command.Activity;
        try
        {
            var holds = UntilLoop.EvaluateCondition(Beginning(activity, activity.Inner!));
            Emit(new LoopConditionEvaluated(Now, activity.Path, command.Index, holds));
        }
        catch (ExpressionException exception)
        {
            Emit(new ActivityFailed(Now, activity.Path, Failures.OfTemplate(activity.Name, exception.Message)));
        }
        catch (ActivityException exception)
        {
            Emit(new ActivityFailed(Now, activity.Path, Failures.OfTemplate(activity.Name, exception.Message)));
        }
    }

    private async ValueTask CancelRunAsync()
    {
        if (_state.CancelIsRecursive)
        {
            // The children may only stop for a cancel that a restart would remember.
            await WriteAsync();
            await _services.CancelChildren(_state.Id);
        }

        Emit(new RunCanceled(Now));
    }

    private ActivityBeginning Beginning(ActivityState activity, ScopeState scope) =>
        new(_state, activity, _context.At(scope), _services.Vault, Now, _services.Options, Emit);
}
