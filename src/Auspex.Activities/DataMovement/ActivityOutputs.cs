using System.Text;
using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement;

/// <summary>Members that the outputs of all data activities have, and their limits.</summary>
internal static class ActivityOutputs
{
    /// <summary>The only integration runtime there is.</summary>
    public const string IntegrationRuntime = "AutoResolveIntegrationRuntime (Local)";

    /// <summary>Adds the members that Data Factory adds to every output.</summary>
    public static JsonObject AddCommon(JsonObject output, TimeSpan duration)
    {
        output["effectiveIntegrationRuntime"] = IntegrationRuntime;
        output["executionDuration"] = WholeSeconds(duration);
        output["durationInQueue"] = new JsonObject { ["integrationRuntimeQueue"] = 0 };
        return output;
    }

    /// <summary>Seconds, begun ones included.</summary>
    public static long WholeSeconds(TimeSpan duration) => (long)Math.Ceiling(duration.TotalSeconds);

    /// <summary>An instant as Data Factory writes it: <c>2024-01-31T00:00:00Z</c>.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Refuses an output that is too large (2001).</summary>
    public static void DemandSize(JsonObject output, int mostBytes, string activity)
    {
        var size = Encoding.UTF8.GetByteCount(output.ToJsonString());
        if (size > mostBytes)
        {
            throw TooLarge(mostBytes, activity);
        }
    }

    /// <summary>The failure of an output that is too large.</summary>
    public static ActivityException TooLarge(int mostBytes, string activity) => new(
        ErrorCode.OutputTooLarge,
        "2001",
        $"The length of execution output of activity '{activity}' is over the limit (around {mostBytes >> 20}MB currently). Ask for fewer rows or columns.",
        FailureType.UserError);
}
