using Auspex.Engine.Runs;
using Auspex.Engine.Triggers;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Triggers;

public sealed class ScheduleTests
{
    private const string Hourly = """{"recurrence": {"frequency": "Hour", "interval": 1, "startTime": "2026-01-01T00:00:00Z"}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Started_FiresEachOccurrenceWithItsParameters()
    {
        await using var harness = new TriggerHarness().AddPipeline("P", "planned", "name");
        harness.AddTrigger(
            "T", "ScheduleTrigger", Hourly, parameters: """{"planned": "@trigger().scheduledTime", "name": "@{trigger().name} at @{formatDateTime(trigger().startTime, 'HH')}"}""");
        await harness.BeginAsync();
        await harness.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Empty(await harness.RunsOfAsync());

        await harness.StartAsync("T");
        await harness.AdvanceAsync(TimeSpan.FromHours(3));

        var runs = await harness.RunsOfAsync("T");
        Assert.Equal(["06:00", "07:00", "08:00"], runs.Select(run => run.ScheduledTime.ToString("HH:mm", null)));
        Assert.All(runs, run => Assert.Equal(TriggerRunStatus.Succeeded, run.Status));
        var pipelineRuns = await harness.PipelineRunsAsync();
        Assert.Equal(runs.Select(run => run.Pipelines.Single().RunId), pipelineRuns.Select(run => (RunId?)run.Id));
        Assert.All(pipelineRuns, run => Assert.Equal((RunStatus.Succeeded, "ScheduleTrigger", "T"), (run.Status, run.TriggerType, run.TriggerName)));
        Assert.Equal("""{"planned":"2026-01-02T06:00:00.0000000Z","name":"T at 06"}""", pipelineRuns[0].Parameters.ToJsonString());
        Assert.Equal(harness.Clock.GetUtcNow().AddMinutes(55).AddSeconds(55), (await harness.Host.GetAsync("factory", "t", Token)).NextOccurrence);

        await harness.Host.StopAsync("factory", "T", Token);
        await harness.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(3, (await harness.RunsOfAsync("T")).Length);
        await harness.StartAsync("T");
        await harness.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(4, (await harness.RunsOfAsync("T")).Length);
    }

    [Fact]
    public async Task HostWasDown_OccurrencesAreNotMadeUpExceptTheLatest()
    {
        await using var harness = new TriggerHarness().AddPipeline("P").AddTrigger("T", "ScheduleTrigger", Hourly, runtimeState: "Started");
        await harness.BeginAsync();
        await harness.AdvanceToAsync(At(4, 0, 0));
        await harness.Host.DisposeAsync();
        await harness.Runs.Host.DisposeAsync();
        harness.Abandon();

        harness.Clock.Advance(At(9, 0, 30) - harness.Clock.GetUtcNow());
        await harness.BeginAsync();
        await harness.AdvanceToAsync(At(10, 0, 0));

        Assert.Equal([4, 9, 10], (await harness.RunsOfAsync("T")).Select(run => run.ScheduledTime.Hour));
    }

    [Fact]
    public async Task ClockJumpsBack_NoOccurrenceIsStartedAgain()
    {
        await using var harness = new TriggerHarness().AddPipeline("P").AddTrigger("T", "ScheduleTrigger", Hourly, runtimeState: "Started");
        await harness.BeginAsync();
        await harness.AdvanceToAsync(At(6, 0, 1));
        harness.Clock.SetBack(TimeSpan.FromHours(2));
        await harness.AdvanceToAsync(At(6, 30, 0));
        await harness.Host.StopAsync("factory", "T", Token);
        harness.Clock.SetBack(TimeSpan.FromHours(3));
        await harness.StartAsync("T");
        await harness.AdvanceToAsync(At(7, 0, 0));

        var runs = await harness.RunsOfAsync("T");
        Assert.Equal([4, 5, 6, 7], runs.Select(run => run.ScheduledTime.Hour));
        Assert.Equal(4, (await harness.PipelineRunsAsync()).Length);
    }

    [Fact]
    public async Task File_SaysWhatCountsUntilItIsEditedAgain()
    {
        await using var harness = new TriggerHarness().AddPipeline("P").AddTrigger("T", "ScheduleTrigger", Hourly, runtimeState: "Started");
        await harness.BeginAsync();
        await harness.Host.StopAsync("factory", "T", Token);
        await harness.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Empty(await harness.RunsOfAsync());

        harness.AddTrigger("T", "ScheduleTrigger", Hourly, runtimeState: "Stopped");
        await harness.AdvanceAsync(TimeSpan.FromDays(2));
        harness.AddTrigger("T", "ScheduleTrigger", Hourly, runtimeState: "Started");
        await harness.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(TriggerRuntimeState.Started, (await harness.Host.GetAsync("factory", "T", Token)).RuntimeState);
        Assert.NotEmpty(await harness.RunsOfAsync());
    }

    [Fact]
    public async Task Pipeline_ThatCannotBeStarted_FailsTheTriggerRun()
    {
        await using var harness = new TriggerHarness().AddPipeline("P", "x");
        harness.AddTrigger("T", "ScheduleTrigger", Hourly, parameters: """{"x": "@triggerBody().event.data.missing"}""", runtimeState: "Started");
        await harness.BeginAsync();
        await harness.AdvanceAsync(TimeSpan.FromHours(1));

        var run = Assert.Single(await harness.RunsOfAsync());
        Assert.Equal((TriggerRunStatus.Failed, "Failed"), (run.Status, run.WireStatus));
        Assert.Contains("parameters of pipeline 'P'", run.Message, StringComparison.Ordinal);
        Assert.Null(run.Pipelines.Single().RunId);
    }

    [Fact]
    public async Task Start_OfWhatCannotWork_SaysEveryReason()
    {
        await using var harness = new TriggerHarness();
        harness.AddTrigger("T", "ScheduleTrigger", """{"recurrence": {"frequency": "Day", "interval": 0, "startTime": "noon", "timeZone": "Mars"}}""");
        harness.AddTrigger("Old", "BlobTrigger", "{}");
        await harness.BeginAsync();

        var error = await Assert.ThrowsAsync<TriggerException>(() => harness.Host.StartAsync("factory", "T", Token));
        Assert.Equal(TriggerError.Invalid, error.Error);
        Assert.All(["'interval'", "'startTime'", "'Mars'"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        await Assert.ThrowsAsync<TriggerException>(() => harness.Host.StartAsync("factory", "Old", Token));
        Assert.Equal(TriggerError.NotFound, (await Assert.ThrowsAsync<TriggerException>(() => harness.Host.StartAsync("factory", "No", Token))).Error);
        Assert.Equal(["Old", "T"], (await harness.Host.ListAsync("FACTORY", Token)).Select(status => status.Name));
    }

    [Fact]
    public async Task TwoHosts_OnOneStore_StartEachOccurrenceOnce()
    {
        await using var harness = new TriggerHarness().AddPipeline("P").AddTrigger("T", "ScheduleTrigger", Hourly, runtimeState: "Started");
        harness.AddWindows("W", "2026-01-02T00:00:00Z", concurrency: 3);
        harness.Options.CheckInterval = TimeSpan.FromMinutes(10);
        await harness.BeginAsync();
        await harness.StartAsync("W");
        await using var second = new TriggerHost(harness.Store, harness.Runs.Host, harness.Runs.Definitions, harness.Options, harness.Clock);
        await second.StartHostAsync(Token);
        await harness.AdvanceAsync(TimeSpan.FromHours(12));

        Assert.Equal(12, (await harness.RunsOfAsync("T")).Length);
        Assert.Equal(15, (await harness.RunsOfAsync("W")).Length);
        Assert.Equal(27, (await harness.PipelineRunsAsync()).Length);
        Assert.All(await harness.RunsOfAsync(), run => Assert.Equal(TriggerRunStatus.Succeeded, run.Status));
    }

    [Fact]
    public async Task Query_FiltersOrdersAndPages()
    {
        await using var harness = new TriggerHarness().AddPipeline("P").AddTrigger("A", "ScheduleTrigger", Hourly, runtimeState: "Started");
        harness.AddTrigger("B", "ScheduleTrigger", Hourly, pipeline: "Gone", runtimeState: "Started").AddTrigger("C", "ScheduleTrigger", Hourly, runtimeState: "Started");
        await harness.BeginAsync();
        await harness.AdvanceAsync(TimeSpan.FromHours(5));

        var query = new TriggerRunQuery { Factory = "Factory", OrderBy = TriggerRunOrder.TriggerName, Descending = false, Take = 3 };
        var names = new List<string>();
        for (var page = await harness.Host.QueryRunsAsync(query, Token); ; page = await harness.Host.QueryRunsAsync(query with { ContinuationToken = page.ContinuationToken }, Token))
        {
            names.AddRange(page.Runs.Select(run => run.Trigger));
            if (page.ContinuationToken is null)
            {
                break;
            }
        }

        Assert.Equal("AAAAACCCCC", string.Concat(names));
        Assert.Equal(5, (await CountAsync(harness, new TriggerRunFilter("TriggerName", "notIn", ["a", "x"]))));
        Assert.Equal(0, await CountAsync(harness, new TriggerRunFilter("Status", "Equals", ["Inprogress"])));
        Assert.Equal(10, await CountAsync(harness, new TriggerRunFilter("status", "NotEquals", ["Failed"])));
        Assert.Equal(2, await CountAsync(harness, new TriggerRunFilter("TriggerRunTimestamp", "In", ["2026-01-02T04:00:00Z"])));
        await Assert.ThrowsAsync<TriggerException>(() => CountAsync(harness, new TriggerRunFilter("PipelineName", "Equals", ["P"])));
        await Assert.ThrowsAsync<TriggerException>(() => CountAsync(harness, new TriggerRunFilter("Status", "Like", ["P"])));
        await Assert.ThrowsAsync<TriggerException>(() => harness.Host.QueryRunsAsync(query with { ContinuationToken = "bm8=" }, Token));
        Assert.Contains("no pipeline 'Gone'", (await harness.Host.GetAsync("factory", "B", Token)).Problem, StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(TriggerHarness harness, TriggerRunFilter filter) =>
        (await harness.Host.QueryRunsAsync(new TriggerRunQuery { Factory = "factory", Filters = [filter] }, Token)).Runs.Length;

    private static DateTimeOffset At(int hour, int minute, int second) => new(2026, 1, 2, hour, minute, second, TimeSpan.Zero);
}
