using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>The failures that the engine itself words, in Data Factory's texts.</summary>
internal static class Failures
{
    /// <summary>The code of a container whose inner activity failed.</summary>
    public const string ActionFailed = "ActionFailed";

    /// <summary>The code of an expression that could not be evaluated.</summary>
    public const string InvalidTemplate = "InvalidTemplate";

    /// <summary>A run, judged failed because of one activity.</summary>
    public static Failure OfRun(ActivityState failed)
    {
        var failure = Of(failed);
        return failure with
        {
            Message = $"Operation on target {failed.Name} failed: {failure.Message}",
            Target = failed.Name,
            Details = null,
        };
    }

    /// <summary>A container, judged failed because of one inner activity.</summary>
    public static Failure OfContainer(ActivityState container, ActivityState failed)
    {
        var failure = Of(failed);
        return new Failure(
            ActionFailed,
            $"Activity failed because an inner activity failed; Inner activity name: {failed.Name}, Error: {failure.Message}",
            failure.FailureType,
            container.Name);
    }

    public static Failure OfUntilTimeout(ActivityState until) => new(
        "ActivityTimeout",
        $"The Until activity '{until.Name}' did not complete within its timeout; its expression had not become true after "
        + $"{until.Loop!.Next.ToString(System.Globalization.CultureInfo.InvariantCulture)} iterations.",
        FailureType.UserError,
        until.Name);

    public static Failure OfOutput(ActivityState activity, int bytes, int most) => new(
        "2001",
        FormattableString.Invariant(
            $"The length of execution output is over limit (around {most >> 20} MB currently): activity '{activity.Name}' gave {bytes} bytes, at most {most} are allowed (Auspex:Engine:MaxOutputBytes). Write large results to a store."),
        FailureType.UserError,
        activity.Name);

    /// <summary>An expression, or a value that came of one, is not what its place demands.</summary>
    public static Failure OfTemplate(string activityName, string message) =>
        new(InvalidTemplate, message, FailureType.UserError, activityName);

    private static Failure Of(ActivityState failed) => failed.Status switch
    {
        ActivityStatus.Inactive => new Failure(
            ActionFailed, "The activity is inactive and marked as failed.", FailureType.UserError, failed.Name),
        ActivityStatus.Canceled => new Failure("Cancelled", "The activity was cancelled.", FailureType.UserError, failed.Name),
        _ => failed.Failure!,
    };
}
