using System.Globalization;
using System.Text.Json;
using Auspex.Engine.Triggers;

namespace Auspex.Server.Api.Factories;

/// <summary>Writes trigger runs as Data Factory's monitoring interface shows them.</summary>
internal static class TriggerRunWriter
{
    public static void Write(Utf8JsonWriter writer, TriggerRun run)
    {
        writer.WriteStartObject();
        writer.WriteString("triggerRunId", run.Id);
        writer.WriteString("triggerName", run.Trigger);
        writer.WriteString("triggerType", run.TriggerType);
        writer.WriteString("triggerRunTimestamp", RunFilter.TextOf(run.Timestamp));
        writer.WriteString("status", run.WireStatus);
        writer.WriteString("message", run.Message);
        writer.WriteStartObject("properties");
        writer.WriteString("TriggerTime", InWords(run.Timestamp));
        writer.WriteString("ScheduleTime", InWords(run.ScheduledTime));
        if (run is { WindowStart: { } start, WindowEnd: { } end })
        {
            writer.WriteString("windowStartTime", RunFilter.TextOf(start));
            writer.WriteString("windowEndTime", RunFilter.TextOf(end));
        }

        if (!run.HasEnded)
        {
            // The service's status has three values only; what a run waits for is worth telling.
            writer.WriteString("State", run.Status.ToString());
        }

        writer.WriteEndObject();
        writer.WriteStartObject("triggeredPipelines");
        foreach (var (pipeline, id) in run.Pipelines.DistinctBy(triggered => triggered.Pipeline, StringComparer.OrdinalIgnoreCase))
        {
            writer.WriteString(pipeline, id?.Value ?? "");
        }

        writer.WriteEndObject();
        writer.WriteStartObject("runDimension");
        writer.WriteEndObject();
        writer.WriteStartObject("dependencyStatus");
        foreach (var (trigger, status) in run.Dependencies)
        {
            writer.WriteString(trigger, status);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string InWords(DateTimeOffset time) =>
        time.UtcDateTime.ToString("M/d/yyyy h:mm:ss tt", CultureInfo.InvariantCulture);
}
