using Auspex.Engine.Runs;
using Auspex.Engine.Triggers;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Triggers;

public sealed class WindowTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Started_RunsPastWindowsFromTheOldestOn()
    {
        await using var harness = Harness("start", "end").AddWindows("W", "2026-01-02T00:00:00Z");
        await harness.BeginAsync();
        await harness.StartAsync("W");

        Assert.Equal("00:00 Succeeded, 01:00 Succeeded, 02:00 Succeeded", await harness.WindowsOfAsync("W"));
        Assert.Equal(
            """{"start":"2026-01-02T00:00:00.0000000Z","end":"2026-01-02T01:00:00.0000000Z"}""",
            (await harness.PipelineRunsAsync())[0].Parameters.ToJsonString());
    }

    [Fact]
    public async Task MaxConcurrencyDelayAndEnd_AreKept()
    {
        await using var harness = Harness().AddWindows("W", "2026-01-02T00:00:00Z", """ "delay": "00:30:00", "endTime": "2026-01-02T05:30:00Z" """, concurrency: 2);
        harness.Runs.Takes("Work", Long);
        await harness.BeginAsync();
        await harness.StartAsync("W");
        Assert.Equal("00:00 Running, 01:00 Running", await harness.WindowsOfAsync("W"));

        await harness.AdvanceToAsync(At(3, 30));
        Assert.Equal("00:00 Running, 01:00 Running, 02:00 Waiting", await harness.WindowsOfAsync("W"));
        await harness.AdvanceToAsync(At(20, 0));
        Assert.Equal("00:00 Succeeded, 01:00 Succeeded, 02:00 Succeeded, 03:00 Succeeded, 04:00 Succeeded", await harness.WindowsOfAsync("W"));
    }

    [Fact]
    public async Task FailedWindow_IsRetriedThenRunAgainOnRequest()
    {
        await using var harness = Harness().AddWindows("W", "2026-01-02T02:00:00Z", """ "retryPolicy": {"count": 2, "intervalInSeconds": 600} """);
        harness.Runs.Fails("Work");
        await harness.BeginAsync();
        await harness.StartAsync("W");
        Assert.Equal("02:00 Running", await harness.WindowsOfAsync("W"));
        await harness.AdvanceToAsync(At(3, 59));
        Assert.Equal("02:00 Failed", await harness.WindowsOfAsync("W"));
        Assert.Equal(3, (await harness.PipelineRunsAsync()).Length);
        Assert.Contains("boom", (await harness.RunsOfAsync("W"))[0].Message, StringComparison.Ordinal);

        harness.Runs.Gives("Work", []);
        var failed = (await harness.RunsOfAsync("W"))[0];
        var rerun = await harness.Host.RerunAsync("factory", "W", failed.Id, Token);
        await harness.Runs.QuietAsync();

        Assert.Equal(1, rerun.Rerun);
        Assert.Equal("02:00 Failed, 02:00 Succeeded", await harness.WindowsOfAsync("W"));
        Assert.Equal(2, (await harness.Host.RerunAsync("factory", "W", failed.Id, Token)).Rerun);
    }

    [Fact]
    public async Task Cancel_EndsWhatWaitsAndWhatRuns()
    {
        await using var harness = Harness().AddWindows("W", "2026-01-02T00:00:00Z", """ "retryPolicy": {"count": 5} """);
        harness.Runs.Takes("Work", Long);
        await harness.BeginAsync();
        await harness.StartAsync("W");
        var runs = (await harness.RunsOfAsync("W")).OrderBy(run => run.WindowStart).ToArray();

        await harness.Host.CancelAsync("factory", "W", runs[0].Id, Token);
        await harness.Host.CancelAsync("factory", "W", runs[1].Id, Token);
        await harness.Runs.QuietAsync();

        Assert.Equal("00:00 Canceled, 01:00 Canceled, 02:00 Running", await harness.WindowsOfAsync("W"));
        Assert.Equal(RunStatus.Canceled, (await harness.PipelineRunsAsync())[0].Status);
        Assert.Equal(TriggerError.Conflict, (await Assert.ThrowsAsync<TriggerException>(() => harness.Host.CancelAsync("factory", "W", runs[0].Id, Token))).Error);
        Assert.Equal(TriggerError.Conflict, (await Assert.ThrowsAsync<TriggerException>(() => harness.Host.RerunAsync("factory", "W", runs[2].Id, Token))).Error);
        Assert.Equal(TriggerError.NotFound, (await Assert.ThrowsAsync<TriggerException>(() => harness.Host.CancelAsync("factory", "W", "x", Token))).Error);
    }

    [Fact]
    public async Task DependencyOnItself_RunsOneAfterTheOtherAndStopsAtAFailure()
    {
        await using var harness = Harness().AddWindows(
            "W", "2026-01-02T00:00:00Z", """ "dependsOn": [{"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-01:00:00", "size": "01:00:00"}] """, concurrency: 10);
        var calls = 0;
        harness.Runs.On("Work", _ => ++calls == 2 ? throw Errors.Boom() : Task.FromResult<System.Text.Json.Nodes.JsonObject>([]));
        await harness.BeginAsync();
        await harness.StartAsync("W");
        await harness.AdvanceToAsync(At(4, 30));
        Assert.Equal("00:00 Succeeded, 01:00 Failed, 02:00 WaitingOnDependency, 03:00 WaitingOnDependency", await harness.WindowsOfAsync("W"));

        var failed = (await harness.RunsOfAsync("W")).Single(run => run.Status == TriggerRunStatus.Failed);
        await harness.Host.RerunAsync("factory", "W", failed.Id, Token);
        await harness.Runs.QuietAsync();
        Assert.Equal("00:00 Succeeded, 01:00 Failed, 01:00 Succeeded, 02:00 Succeeded, 03:00 Succeeded", await harness.WindowsOfAsync("W"));
    }

    [Fact]
    public async Task DependencyOnAnother_WaitsForAllWindowsOfTheRange()
    {
        await using var harness = Harness().AddWindows("Up", "2026-01-02T00:00:00Z").AddTrigger(
            "Down",
            "TumblingWindowTrigger",
            """
            {"frequency": "Hour", "interval": 2, "startTime": "2026-01-02T00:00:00Z", "maxConcurrency": 1,
             "dependsOn": [{"type": "TumblingWindowTriggerDependencyReference", "referenceTrigger": {"type": "TriggerReference", "referenceName": "up"}, "offset": "-01:00:00", "size": "03:00:00"}]}
            """);
        harness.Runs.Takes("Work", TimeSpan.FromMinutes(45));
        await harness.BeginAsync();
        await harness.StartAsync("Down");
        var waiting = (await harness.RunsOfAsync("Down")).Single();
        Assert.Equal((TriggerRunStatus.WaitingOnDependency, "Inprogress"), (waiting.Status, waiting.WireStatus));
        Assert.Contains("2026-01-02T00:00:00Z has not run yet", waiting.Dependencies["up"], StringComparison.Ordinal);

        await harness.StartAsync("Up");
        await harness.AdvanceAsync(TimeSpan.FromMinutes(100));
        Assert.Equal("00:00 Running, 02:00 WaitingOnDependency", await harness.WindowsOfAsync("Down"));
        await harness.AdvanceToAsync(At(12, 0));
        Assert.Equal("00:00 Succeeded, 02:00 Succeeded, 04:00 Succeeded, 06:00 Succeeded, 08:00 Succeeded, 10:00 WaitingOnDependency", await harness.WindowsOfAsync("Down"));
        Assert.Equal("Succeeded", (await harness.RunsOfAsync("Down")).First(run => run.HasEnded).Dependencies["up"]);
    }

    [Fact]
    public async Task Dependency_ThatNeverComes_IsGivenUpAfterSevenDays()
    {
        await using var harness = Harness().AddWindows("Up", "2026-01-02T00:00:00Z").AddWindows(
            "Down",
            "2026-01-02T00:00:00Z",
            """ "endTime": "2026-01-02T01:00:00Z", "dependsOn": [{"type": "TumblingWindowTriggerDependencyReference", "referenceTrigger": {"referenceName": "Up"}}] """);
        await harness.BeginAsync();
        await harness.StartAsync("Down");
        await harness.AdvanceAsync(TimeSpan.FromDays(6));
        Assert.Equal("00:00 WaitingOnDependency", await harness.WindowsOfAsync("Down"));
        await harness.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("00:00 TimedOut", await harness.WindowsOfAsync("Down"));
    }

    [Fact]
    public async Task HostWasDown_ExactlyTheMissingWindowsAreMadeUp()
    {
        await using var harness = Harness().AddWindows("W", "2026-01-02T00:00:00Z");
        await harness.BeginAsync();
        await harness.StartAsync("W");
        await harness.Host.DisposeAsync();
        await harness.Runs.Host.DisposeAsync();
        harness.Abandon();
        harness.Clock.Advance(TimeSpan.FromHours(4));

        await harness.BeginAsync();

        Assert.Equal(
            string.Join(", ", Enumerable.Range(0, 7).Select(hour => $"{hour:00}:00 Succeeded")), await harness.WindowsOfAsync("W"));
        Assert.Equal(7, (await harness.PipelineRunsAsync()).Length);
    }

    [Fact]
    public async Task StoppedAndStarted_WaitsMeanwhileAndLeavesNothingOut()
    {
        await using var harness = Harness().AddWindows("W", "2026-01-02T02:00:00Z");
        await harness.BeginAsync();
        await harness.StartAsync("W");
        await harness.Host.StopAsync("factory", "W", Token);
        await harness.AdvanceToAsync(At(6, 0));
        Assert.Equal("02:00 Succeeded", await harness.WindowsOfAsync("W"));

        await harness.StartAsync("W");
        Assert.Equal("02:00 Succeeded, 03:00 Succeeded, 04:00 Succeeded, 05:00 Succeeded", await harness.WindowsOfAsync("W"));
    }

    [Fact]
    public async Task OtherWindows_OnceThereAreSome_AreRefusedUntilTheTriggerIsRemoved()
    {
        await using var harness = Harness().AddWindows("W", "2026-01-02T02:00:00Z");
        await harness.BeginAsync();
        await harness.StartAsync("W");
        harness.AddWindows("W", "2026-01-02T00:30:00Z");
        await harness.AdvanceAsync(TimeSpan.FromDays(2));
        var windows = (await harness.RunsOfAsync("W")).Length;
        Assert.Contains("Windows cannot change", (await harness.Host.GetAsync("factory", "W", Token)).Problem, StringComparison.Ordinal);
        Assert.Equal(TriggerError.Conflict, (await Assert.ThrowsAsync<TriggerException>(() => harness.Host.RemoveAsync("factory", "W", Token))).Error);

        await harness.Host.StopAsync("factory", "W", Token);
        Assert.True(await harness.Host.RemoveAsync("factory", "W", Token));
        await harness.StartAsync("W");
        await harness.AdvanceAsync(TimeSpan.FromHours(1));

        // The first days once more, under ids of their own.
        Assert.Equal(windows + 51, (await harness.RunsOfAsync("W")).Length);
        Assert.Equal(windows + 51, (await harness.PipelineRunsAsync()).Length);
    }

    [Fact]
    public async Task AtTheCalendarsEnd_NothingFails()
    {
        await using var harness = Harness().AddWindows("W", "9999-12-31T22:00:00Z");
        await harness.BeginAsync();
        await harness.StartAsync("W");
        Assert.Equal(new DateTimeOffset(9999, 12, 31, 23, 0, 0, TimeSpan.Zero), (await harness.Host.GetAsync("factory", "W", Token)).NextOccurrence);
        harness.Clock.Set(new DateTimeOffset(9999, 12, 31, 12, 0, 0, TimeSpan.Zero));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Null((await harness.Host.GetAsync("factory", "W", Token)).Problem);
        Assert.Empty(await harness.RunsOfAsync("W"));
    }

    private static TriggerHarness Harness(params string[] parameters) => new TriggerHarness().AddPipeline("P", parameters);

    private static DateTimeOffset At(int hour, int minute) => new(2026, 1, 2, hour, minute, 0, TimeSpan.Zero);
}
