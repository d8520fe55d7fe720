using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>What the decider wants next. The driver carries it out and journals what came of it.</summary>
internal abstract record RunCommand;

/// <summary>A command about one activity.</summary>
internal abstract record ActivityCommand(ActivityState Activity) : RunCommand;

/// <summary>Resolve the activity's input and begin it.</summary>
internal sealed record StartActivity(ActivityState Activity) : ActivityCommand(Activity);

/// <summary>Begin the next attempt with the input that was resolved for the first.</summary>
internal sealed record StartRetry(ActivityState Activity) : ActivityCommand(Activity);

internal sealed record ScheduleRetry(ActivityState Activity) : ActivityCommand(Activity);

internal sealed record SkipActivity(ActivityState Activity) : ActivityCommand(Activity);

internal sealed record MarkActivityInactive(ActivityState Activity) : ActivityCommand(Activity);

/// <summary>End the activity with the result that was kept of the run that is repeated.</summary>
internal sealed record RecallActivity(ActivityState Activity) : ActivityCommand(Activity);

internal sealed record SucceedActivity(ActivityState Activity) : ActivityCommand(Activity);

internal sealed record FailActivity(ActivityState Activity, Failure Failure) : ActivityCommand(Activity);

internal sealed record CancelActivity(ActivityState Activity) : ActivityCommand(Activity);

internal sealed record StartIteration(ActivityState Activity, int Index) : ActivityCommand(Activity);

internal sealed record EndIteration(ActivityState Activity, int Index, Failure? Failure) : ActivityCommand(Activity);

internal sealed record EvaluateLoopCondition(ActivityState Activity, int Index) : ActivityCommand(Activity);

internal sealed record SucceedRun : RunCommand;

internal sealed record FailRun(Failure Failure) : RunCommand;

internal sealed record CancelRun : RunCommand;
