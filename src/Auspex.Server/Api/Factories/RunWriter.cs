using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Server.Api.Factories;

/// <summary>Writes runs as Data Factory's monitoring interface shows them.</summary>
internal static class RunWriter
{
    public static void Write(Utf8JsonWriter writer, PipelineRun run, string factoryId, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("id", $"{factoryId}/pipelineruns/{run.Id}");
        writer.WriteString("runId", run.Id.Value);
        writer.WriteNull("debugRunId");
        writer.WriteString("runGroupId", (run.GroupId ?? run.Id).Value);
        writer.WriteBoolean("isLatest", run.IsLatest);
        writer.WriteString("pipelineName", run.Pipeline);
        writer.WriteStartObject("parameters");
        foreach (var (name, value) in run.Parameters)
        {
            writer.WriteString(name, TextOf(value));
        }

        writer.WriteEndObject();
        writer.WriteStartObject("invokedBy");
        writer.WriteString("id", run.TriggerId ?? run.Id.Value);
        writer.WriteString("name", run.TriggerName);
        writer.WriteString("invokedByType", run.TriggerType);
        if (run.Parent is { } parent)
        {
            writer.WriteString("pipelineName", parent.Pipeline);
            writer.WriteString("pipelineRunId", parent.RunId.Value);
        }

        writer.WriteEndObject();
        WriteTime(writer, "runStart", run.Start);
        WriteTime(writer, "runEnd", run.End);
        WriteDuration(writer, run.Start, run.End);
        writer.WriteString("status", StatusOf(run.Status));
        writer.WriteString("message", run.Failure?.Message ?? "");
        WriteTime(writer, "lastUpdated", LastUpdated(run, now));
        writer.WriteStartArray("annotations");
        writer.WriteEndArray();
        foreach (var name in (string[])["runDimension", "runDimensions"])
        {
            writer.WriteStartObject(name);
            writer.WriteEndObject();
        }

        if (run.ReturnValue is { } returned)
        {
            writer.WritePropertyName("pipelineReturnValue");
            returned.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, ActivityRun activity, string pipeline)
    {
        writer.WriteStartObject();
        writer.WriteString("id", activity.Id);
        writer.WriteString("activityName", activity.Name);
        writer.WriteString("activityType", activity.Type);
        writer.WriteString("activityRunId", activity.Id);
        writer.WriteString("pipelineName", pipeline);
        writer.WriteString("pipelineRunId", activity.RunId.Value);
        writer.WriteString("linkedServiceName", activity.LinkedServiceName ?? "");
        writer.WriteString("status", StatusOf(activity.Status));
        WriteTime(writer, "activityRunStart", activity.Start);
        WriteTime(writer, "activityRunEnd", activity.End);
        WriteDuration(writer, activity.Start, activity.End);
        WriteObject(writer, "input", activity.Input);
        WriteObject(writer, "output", activity.Output);
        Write(writer, activity.Failure, activity.Name);
        if (activity.Attempt > 1)
        {
            writer.WriteNumber("retryAttempt", activity.Attempt - 1);
        }
        else
        {
            writer.WriteNull("retryAttempt");
        }

        WriteObject(writer, "userProperties", activity.UserProperties);
        writer.WriteString("iterationHash", activity.Path.Contains('[', StringComparison.Ordinal) ? activity.Path : "");
        if (activity.IsRecalled)
        {
            writer.WriteString("recoveryStatus", "Recovered");
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, AttemptProgress progress)
    {
        var (path, (rows, total, text)) = progress;
        writer.WriteStartObject();
        writer.WriteString("path", path);
        writer.WriteNumber("rows", rows);
        if (total is { } all)
        {
            writer.WriteNumber("totalRows", all);
        }
        else
        {
            writer.WriteNull("totalRows");
        }

        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    /// <summary>An open run changes all the time, as far as anybody who asks for a window of time is concerned.</summary>
    public static DateTimeOffset LastUpdated(PipelineRun run, DateTimeOffset now) => run.End ?? now;

    public static string StatusOf(RunStatus status) =>
        status == RunStatus.Canceled ? "Cancelled" : status.ToString();

    public static string StatusOf(ActivityStatus status) => status switch
    {
        ActivityStatus.Canceled => "Cancelled",
        ActivityStatus.Pending => "Queued",
        _ => status.ToString(),
    };

    public static string TextOf(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value?.ToJsonString() ?? "";

    private static void Write(Utf8JsonWriter writer, Failure? failure, string target)
    {
        writer.WriteStartObject("error");
        writer.WriteString("errorCode", failure?.ErrorCode ?? "");
        writer.WriteString("message", failure?.Message ?? "");
        writer.WriteString("failureType", failure?.FailureType.ToString() ?? "");
        writer.WriteString("target", failure?.Target ?? target);
        writer.WriteString("details", failure?.Details ?? "");
        writer.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter writer, string name, JsonObject? value)
    {
        writer.WritePropertyName(name);
        (value ?? []).WriteTo(writer);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            writer.WriteString(name, value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteDuration(Utf8JsonWriter writer, DateTimeOffset? start, DateTimeOffset? end)
    {
        if (start is { } from && end is { } to)
        {
            writer.WriteNumber("durationInMs", (long)(to - from).TotalMilliseconds);
        }
        else
        {
            writer.WriteNull("durationInMs");
        }
    }
}
