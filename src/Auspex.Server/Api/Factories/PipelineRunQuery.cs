using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Runs;

namespace Auspex.Server.Api.Factories;

/// <summary>Brings the filters of the interface to those of the run store, and places in an order to continuation tokens.</summary>
internal static class PipelineRunQuery
{
    public static readonly string[] Operands = ["PipelineName", "RunStart", "RunEnd", "Status", "RunGroupId", "LatestOnly"];

    public static readonly string[] Orders = ["RunStart", "RunEnd", "PipelineName", "Status"];

    public static RunQuery Create(RunFilter filter, string factory, int take, DateTimeOffset now)
    {
        // What an index is made for goes to where it is used; the rest is checked run by run.
        var pipeline = filter.Conditions.FirstOrDefault(condition => condition is { Operand: "PipelineName", IsIn: true, Values.Length: 1 });
        var status = filter.Conditions.FirstOrDefault(condition => condition is { Operand: "Status", IsIn: true, Values.Length: 1 });
        var statusValue = status is null ? null : StatusOf(status.Values[0]);
        return new RunQuery(
            factory,
            pipeline?.Values[0],
            statusValue,
            take)
        {
            Window = new RunWindow(filter.After, filter.Before, now),
            Conditions =
            [
                .. filter.Conditions
                    .Where(condition => condition != pipeline && (condition != status || statusValue is null))
                    .Select(Convert),
            ],
            OrderBy = filter.OrderBy switch
            {
                "RunEnd" => RunOrder.End,
                "PipelineName" => RunOrder.Pipeline,
                "Status" => RunOrder.Status,
                _ => RunOrder.Start,
            },
            IsAscending = filter.IsAscending,
            From = filter.ContinuationToken is { } token ? ReadToken(token) : null,
        };
    }

    /// <summary>The token of the place behind a run.</summary>
    public static string WriteToken(PipelineRun last, RunOrder order)
    {
        var (value, run) = RunCursor.Of(last, order);
        var json = new JsonObject { ["value"] = value, ["run"] = run.Value }.ToJsonString();
        return Convert64(Encoding.UTF8.GetBytes(json));
    }

    private static RunCursor ReadToken(string token)
    {
        try
        {
            var json = JsonNode.Parse(System.Convert.FromBase64String(token)) as JsonObject;
            if (json?.TextMember("value") is { } value && json.TextMember("run") is { } run)
            {
                return new RunCursor(value, new RunId(run));
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Said below.
        }

        throw FactoryErrors.BadRequest("'continuationToken' is none that this server gave.", "continuationToken");
    }

    private static string Convert64(byte[] bytes) => System.Convert.ToBase64String(bytes);

    private static RunCondition Convert(RunFilterCondition condition)
    {
        var (field, values) = condition.Operand switch
        {
            "PipelineName" => (RunField.Pipeline, condition.Values),
            "Status" => (RunField.Status, [.. condition.Values.Select(value => (StatusOf(value) is { } status ? status.ToString() : value))]),
            "RunStart" => (RunField.Start, Ticks(condition.Values)),
            "RunEnd" => (RunField.End, Ticks(condition.Values)),
            "RunGroupId" => (RunField.Group, [.. condition.Values.Select(value => value.ToLowerInvariant())]),
            _ => (RunField.IsLatest, condition.Values),
        };
        return new RunCondition(field, condition.IsIn, values);
    }

    // The wire has both spellings of a cancelled run.
    private static RunStatus? StatusOf(string text) => text.ToUpperInvariant() switch
    {
        "CANCELLED" => RunStatus.Canceled,
        "CANCELLING" => RunStatus.Canceling,
        _ => Array.Find(Enum.GetValues<RunStatus>(), status => status.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) is var known
            && known.ToString().Equals(text, StringComparison.OrdinalIgnoreCase) ? known : null,
    };

    private static ImmutableArray<string> Ticks(ImmutableArray<string> times) =>
    [
        .. times.Select(time => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .UtcTicks.ToString(CultureInfo.InvariantCulture)),
    ];
}
