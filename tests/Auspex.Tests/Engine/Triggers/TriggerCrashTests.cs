using System.Globalization;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Triggers;

/// <summary>The process dies after each write in turn, to triggers or to runs; the next one must start what is missing, and nothing twice.</summary>
public sealed class TriggerCrashTests
{
    private static readonly DateTimeOffset End = new(2026, 1, 2, 6, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Crash_AfterEachWrite_StartsEachOccurrenceOnce()
    {
        var (expected, writes) = await RunAsync(int.MaxValue);
        Assert.Contains("W 05:00 Succeeded", expected, StringComparison.Ordinal);
        Assert.Contains("S 06:00 Succeeded", expected, StringComparison.Ordinal);

        for (var lifetime = 1; lifetime <= writes; lifetime++)
        {
            var (found, _) = await RunAsync(lifetime);
            Assert.True(expected == found, $"Dead after write {lifetime.ToString(CultureInfo.InvariantCulture)}:\n{found}\nexpected\n{expected}");
        }
    }

    private static async Task<(string Outcome, int Writes)> RunAsync(int lifetime)
    {
        await using var harness = new TriggerHarness().AddPipeline("P", "start");
        harness.AddTrigger("S", "ScheduleTrigger", """{"recurrence": {"frequency": "Hour", "interval": 1, "startTime": "2026-01-01T00:00:00Z"}}""", runtimeState: "Started");
        harness.AddTrigger(
            "W",
            "TumblingWindowTrigger",
            """
            {"frequency": "Hour", "interval": 1, "startTime": "2026-01-02T00:00:00Z", "maxConcurrency": 2, "retryPolicy": {"count": 1},
             "dependsOn": [{"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-02:00:00", "size": "01:00:00"}]}
            """,
            parameters: """{"start": "@trigger().outputs.windowStartTime"}""",
            runtimeState: "Started");
        harness.Runs.On("Work", async attempt =>
        {
            await attempt.SleepAsync(TimeSpan.FromMinutes(10));
            var start = attempt.Attempt.TypeProperties["start"]?.ToString() ?? string.Empty;
            var isFirst = (await harness.Runs.Host.ListAsync(new RunQuery(), CancellationToken.None))
                .Count(run => run.Parameters["start"]?.ToString() == start) < 2;
            return start.Contains("T01:00", StringComparison.Ordinal) && isFirst ? throw Errors.Boom() : [];
        });
        var life = new ProcessLife(lifetime);
        harness.Store = new MortalTriggerStore(harness.Memory, life);
        harness.Runs.Store = new MortalJournal(harness.Runs.Journal, life);
        try
        {
            await harness.BeginAsync();
            while (!life.IsDead && harness.Clock.GetUtcNow() < End && harness.Clock.AdvanceToNextTimer(End - harness.Clock.GetUtcNow()))
            {
                await harness.Runs.QuietAsync();
            }
        }
        catch (ProcessDiedException)
        {
            // The process died while it started.
        }

        if (life.IsDead)
        {
            await harness.Runs.QuietAsync();
            harness.Abandon();
            harness.Store = harness.Memory;
            harness.Runs.Store = harness.Runs.Journal;
            harness.Clock.Advance(harness.Runs.Options.LeaseDuration + TimeSpan.FromSeconds(1));
            harness.Options.MisfireTolerance = TimeSpan.FromHours(1);
            await harness.BeginAsync();
        }

        await harness.AdvanceToAsync(End);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(29));
        var lines = (await harness.RunsOfAsync())
            .Select(run => $"{run.Trigger} {run.WindowStart ?? run.ScheduledTime:HH:mm} {run.Status}")
            .Order(StringComparer.Ordinal);
        var pipelineRuns = (await harness.PipelineRunsAsync())
            .Select(run => $"{run.TriggerName} {run.Parameters.ToJsonString()} {run.Status}")
            .Order(StringComparer.Ordinal);
        return (string.Join('\n', lines.Concat(pipelineRuns)), life.Writes);
    }
}
