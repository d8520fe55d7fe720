using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>What <c>activity('A')</c> shows: the members of Data Factory's activity run.</summary>
internal static class ActivityView
{
    public static JsonObject Create(RunState run, ActivityState activity)
    {
        var view = new JsonObject
        {
            ["ActivityName"] = activity.Name,
            ["ActivityType"] = activity.Plan.Definition.Type,
            ["PipelineName"] = run.Created.Pipeline,
            ["PipelineRunId"] = run.Id.Value,
            ["Status"] = StatusText(activity.Status),
            ["error"] = ErrorObject(activity.Failure),
        };
        if (activity.Status != ActivityStatus.Inactive)
        {
            // An inactive activity has no output member at all: reading it is an error, as in Data Factory.
            view["output"] = activity.Output is { } output ? output.Parse()
                : activity.Status == ActivityStatus.Skipped ? null
                : new JsonObject();
        }

        if (activity.Attempt > 0)
        {
            view["ActivityRunId"] = RunIds.OfAttempt(run.Id, activity.Path, activity.Attempt);
            view["RetryAttempt"] = activity.Attempt > 1 ? activity.Attempt - 1 : null;
        }

        if (activity.StartedAt is { } start && activity.EndedAt is { } end)
        {
            view["ActivityRunStart"] = TimeText(start);
            view["ActivityRunEnd"] = TimeText(end);
            view["DurationInMs"] = (long)(end - start).TotalMilliseconds;
        }

        return view;
    }

    /// <summary>The status as Data Factory writes it.</summary>
    public static string StatusText(ActivityStatus status) =>
        status == ActivityStatus.Canceled ? "Cancelled" : status.ToString();

    /// <summary>A time as system variables and activity runs show it.</summary>
    public static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static JsonObject? ErrorObject(Failure? failure) => failure is null
        ? null
        : new JsonObject
        {
            ["errorCode"] = failure.ErrorCode,
            ["message"] = failure.Message,
            ["failureType"] = failure.FailureType.ToString(),
            ["target"] = failure.Target,
            ["details"] = failure.Details is { } details ? details : new JsonArray(),
        };
}
