using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Checking;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Runs;
using Auspex.Engine.Triggers;
using Auspex.Errors;

namespace Auspex.Cli.Testing;

/// <summary>Starts a trigger, lets a period pass, and looks at what it started.</summary>
/// <remarks>
/// A tumbling window trigger, and those that it depends on, begins with its first window inside the period instead of years
/// before it; windows that end by the period's end count.
/// </remarks>
internal sealed class TriggerTest(FactoryDefinition factory, TestCase test, TimeSpan longestRun)
{
    private readonly TestPeriod _period = test.Period!;

    public async Task<(ImmutableArray<string> Failures, TimeSpan Span)> RunAsync(CancellationToken cancellationToken)
    {
        var triggers = Triggers();
        var seen = TestFactory.For(factory, test) with { Triggers = triggers };

        // A moment before, so that an occurrence at the very start is one.
        var started = test with { StartTime = _period.Start.AddSeconds(-1) };
        await using var session = new TestSession(started, seen);
        var host = session.Host;
        await host.StartAsync(cancellationToken);
        foreach (var name in triggers.Keys.Order(StringComparer.Ordinal))
        {
            await host.Triggers.StartAsync(seen.Name, name, cancellationToken);
        }

        foreach (var posted in test.Events)
        {
            await host.AdvanceToAsync(posted.Time, cancellationToken);
            await host.Triggers.ReceiveEventsAsync(seen.Name, posted.Json.DeepClone(), cancellationToken);
        }

        // A window is due when it has ended, and its delay after that.
        var windows = triggers.Values.Select(trigger => TriggerReader.Read(trigger).Detail).OfType<TumblingWindowTrigger>().ToArray();
        var isWindow = windows.Length > 0;
        await host.AdvanceToAsync(isWindow ? _period.End + windows.Max(window => window.Delay) : _period.End.AddTicks(-1), cancellationToken);
        var limit = _period.End + longestRun;
        if (!isWindow)
        {
            await host.Triggers.StopAsync(seen.Name, test.Trigger!.Definition.Name, cancellationToken);
        }

        // What the period began goes on to its end: delays, retries, long runs.
        while (await HasOpenAsync(host, seen.Name, cancellationToken) && host.Clock.GetUtcNow() < limit)
        {
            await host.AdvanceToAsync(host.Clock.GetUtcNow() + Step(host.Clock.GetUtcNow()), cancellationToken);
        }

        var runs = await DescribeAsync(host, seen.Name, cancellationToken);
        return ([.. session.Problems, .. Check(runs)], host.Clock.GetUtcNow() - _period.Start);
    }

    // Minutes at first; days when something waits for weeks.
    private TimeSpan Step(DateTimeOffset now) => TimeSpan.FromTicks(Math.Clamp((now - _period.End).Ticks, TimeSpan.TicksPerMinute, TimeSpan.TicksPerDay));

    private ImmutableDictionary<string, TriggerDefinition> Triggers()
    {
        var found = ImmutableDictionary.CreateBuilder<string, TriggerDefinition>(StringComparer.OrdinalIgnoreCase);
        Add(test.Trigger!.Definition);
        return found.ToImmutable();

        void Add(TriggerDefinition trigger)
        {
            if (found.ContainsKey(trigger.Name))
            {
                return;
            }

            var detail = TriggerReader.Read(trigger).Detail as TumblingWindowTrigger;
            found.Add(trigger.Name, Resting(trigger, detail));
            foreach (var name in detail?.DependsOn.Select(dependency => dependency.Trigger).OfType<string>() ?? [])
            {
                if (factory.Triggers.TryGetValue(name, out var other))
                {
                    Add(other);
                }
            }
        }
    }

    private TriggerDefinition Resting(TriggerDefinition trigger, TumblingWindowTrigger? window)
    {
        var source = trigger.Source.DeepClone().AsObject();
        var body = source.ObjectMember("properties") ?? source;
        body[body.MemberName("runtimeState") ?? "runtimeState"] = "Stopped";
        if (window is not null && body.ObjectMember("typeProperties") is { } properties)
        {
            properties[properties.MemberName("startTime") ?? "startTime"] = TestFactory.TimeText(FirstWindow(window));
            var end = window.EndTime is { } own && own < _period.End ? own : _period.End;
            properties[properties.MemberName("endTime") ?? "endTime"] = TestFactory.TimeText(end);
        }

        var ignored = ImmutableArray.CreateBuilder<Diagnostic>();
        return TriggerLoader.Load(source, trigger.Origin ?? new DefinitionOrigin(null), ignored) ?? trigger;
    }

    private DateTimeOffset FirstWindow(TumblingWindowTrigger window)
    {
        if (window.StartTime >= _period.Start)
        {
            return window.StartTime;
        }

        if (window.Frequency == RecurrenceFrequency.Month)
        {
            var months = 0;
            while (window.StartTime.AddMonths(months) < _period.Start)
            {
                months += window.Interval;
            }

            return window.StartTime.AddMonths(months);
        }

        var length = (window.Frequency == RecurrenceFrequency.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1)) * window.Interval;
        var passed = (_period.Start - window.StartTime).Ticks;
        return window.StartTime.AddTicks((passed + length.Ticks - 1) / length.Ticks * length.Ticks);
    }

    private static async Task<bool> HasOpenAsync(Engine.Simulation.SimulatedHost host, string factory, CancellationToken cancellationToken)
    {
        foreach (var status in new[] { RunStatus.Queued, RunStatus.InProgress, RunStatus.Canceling })
        {
            if (!(await host.Runs.ListAsync(new RunQuery(Status: status, Take: 1), cancellationToken)).IsEmpty)
            {
                return true;
            }
        }

        var open = new TriggerRunFilter("Status", "Equals", ["Inprogress"]);
        return !(await host.Triggers.QueryRunsAsync(
            new TriggerRunQuery { Factory = factory, Filters = [open], Take = 1 }, cancellationToken)).Runs.IsEmpty;
    }

    private async Task<List<JsonObject>> DescribeAsync(
        Engine.Simulation.SimulatedHost host, string factory, CancellationToken cancellationToken)
    {
        var occurrences = new List<TriggerRun>();
        string? token = null;
        do
        {
            var page = await host.Triggers.QueryRunsAsync(
                new TriggerRunQuery
                {
                    Factory = factory,
                    Filters = [new TriggerRunFilter("TriggerName", "Equals", [test.Trigger!.Definition.Name])],
                    Descending = false,
                    Take = 1_000,
                    ContinuationToken = token,
                },
                cancellationToken);
            occurrences.AddRange(page.Runs);
            token = page.ContinuationToken;
        }
        while (token is not null);

        var runs = new List<JsonObject>();
        foreach (var occurrence in occurrences.OrderBy(run => run.WindowStart ?? run.ScheduledTime).ThenBy(run => run.Rerun))
        {
            foreach (var pipeline in occurrence.Pipelines.DefaultIfEmpty(new TriggeredRun("", null)))
            {
                var run = pipeline.RunId is { } id ? await host.Runs.FindAsync(id, cancellationToken) : null;
                runs.Add(Describe(occurrence, pipeline.Pipeline, run));
            }
        }

        return runs;
    }

    private static JsonObject Describe(TriggerRun occurrence, string pipeline, PipelineRun? run)
    {
        var json = new JsonObject
        {
            ["pipeline"] = pipeline,
            ["status"] = run is null ? "NotStarted" : RunRecorder.StatusText(run.Status),
            ["parameters"] = run?.Parameters.DeepClone() ?? new JsonObject(),
            ["triggerStatus"] = occurrence.Status == TriggerRunStatus.Canceled ? "Cancelled" : occurrence.Status.ToString(),
            ["scheduledTime"] = Short(occurrence.ScheduledTime),
        };
        if (occurrence is { WindowStart: { } start, WindowEnd: { } end })
        {
            json["windowStartTime"] = Short(start);
            json["windowEndTime"] = Short(end);
        }

        if (run is not null)
        {
            json["startTime"] = Short(run.Start);
        }

        if (run?.Failure is { } failure)
        {
            json["error"] = new JsonObject { ["errorCode"] = failure.ErrorCode, ["message"] = failure.Message };
        }
        else if (occurrence.Message.Length > 0)
        {
            json["error"] = new JsonObject { ["message"] = occurrence.Message };
        }

        return json;
    }

    private List<string> Check(List<JsonObject> runs)
    {
        var failures = new List<string>();
        var expected = test.ExpectTrigger;
        if (expected.Count is { } count && count != runs.Count)
        {
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"count: found {runs.Count} runs, expected {count}"));
        }

        if (expected.Status is { } status && runs.FindAll(run => (string?)run["status"] != status) is { Count: > 0 } others)
        {
            failures.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"status: found {others.Count} of {runs.Count} runs that are not {status}; the first, of {others[0]["scheduledTime"]}, is {others[0]["status"]}: {others[0]["error"]?["message"] ?? "it says nothing"}"));
        }

        if (expected.Every is { } every && runs.Find(run => !JsonDifference.Fits(every, run)) is { } odd)
        {
            Add($"every run (the first that differs is at {odd["scheduledTime"]})", JsonDifference.Find(every, odd));
        }

        CheckOne("first run", expected.First, runs.FirstOrDefault());
        CheckOne("last run", expected.Last, runs.LastOrDefault());
        if (expected.Runs is { } all)
        {
            Add("runs", JsonDifference.Find(all, new JsonArray([.. runs.Select(run => run.DeepClone())])));
        }

        return failures;

        void CheckOne(string what, JsonNode? wanted, JsonObject? found)
        {
            if (wanted is not null)
            {
                Add(what, found is null ? ["there is none"] : JsonDifference.Find(wanted, found));
            }
        }

        void Add(string what, List<string> lines)
        {
            if (lines.Count > 0)
            {
                failures.Add($"{what}:\n" + string.Join('\n', lines.Select(line => "  " + line)));
            }
        }
    }

    // To the second, as people write them; what is behind it only says how late the host was.
    private static string Short(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
