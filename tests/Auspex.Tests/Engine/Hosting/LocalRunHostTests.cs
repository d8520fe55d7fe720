using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

public sealed class LocalRunHostTests
{
    private const string OneAtATime = """{"name": "p", "properties": {"concurrency": 1, "activities": [{"name": "A", "type": "Test", "typeProperties": {}}]}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithAnIdThatExists_ChangesNothing()
    {
        await using var harness = new RunHarness();
        var id = new RunId("11111111-1111-1111-1111-111111111111");
        harness.Takes("A", TimeSpan.FromHours(1));

        await harness.StartAsync(PipelineText.OfGraph("A"), id: id);
        Assert.Equal(id, await harness.StartAsync(PipelineText.OfGraph("A; B"), id: id));
        await harness.FinishAsync(id);
        Assert.Equal(id, await harness.StartAsync(PipelineText.OfGraph("A; B"), id: id));

        Assert.Single((await harness.ReadAsync(id)).Activities);
        Assert.Single(await harness.Host.ListAsync(new RunQuery(), Token));
    }

    [Fact]
    public async Task Concurrency_Reached_QueuesInOrder()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromHours(1));
        var ids = new List<RunId>();
        for (var index = 0; index < 4; index++)
        {
            ids.Add(await harness.StartAsync(OneAtATime));
            await harness.QuietAsync();
            harness.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(RunStatus.Queued, (await harness.Host.FindAsync(ids[3], Token))!.Status);
        var outcomes = new List<RunOutcome>();
        foreach (var id in ids)
        {
            outcomes.Add(await harness.FinishAsync(id));
        }

        for (var index = 1; index < 4; index++)
        {
            Assert.Equal(outcomes[index - 1].Run.End, outcomes[index]["A"].Start);
        }
    }

    [Fact]
    public async Task Queue_Full_RejectsAndWritesNothing()
    {
        await using var harness = new RunHarness();
        harness.Options.MaxQueuedRuns = 2;
        harness.Takes("A", TimeSpan.FromHours(1));
        for (var index = 0; index < 3; index++)
        {
            await harness.StartAsync(OneAtATime);
        }

        var exception = await Assert.ThrowsAsync<RunRejectedException>(() => harness.StartAsync(OneAtATime));

        Assert.Equal(ErrorCode.RunQueueFull, exception.Code);
        Assert.Equal(3, (await harness.Host.ListAsync(new RunQuery(), Token)).Length);
    }

    [Fact]
    public async Task Queue_AfterARestart_KeepsItsOrder()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromHours(1));
        var ids = new List<RunId>();
        for (var index = 0; index < 4; index++)
        {
            ids.Add(await harness.StartAsync(OneAtATime));
        }

        await harness.Host.StopHostAsync(Token);
        await harness.StartHostAsync();

        var starts = new List<DateTimeOffset>();
        foreach (var id in ids)
        {
            starts.Add((await harness.FinishAsync(id))["A"].Start!.Value);
        }

        Assert.Equal(starts.Order(), starts);
        Assert.Equal(4, starts.Distinct().Count());
    }

    [Fact]
    public async Task Stop_WhileAnAttemptRuns_HandsItToTheNextHostWithItsCheckpoint()
    {
        await using var harness = new RunHarness();
        var keys = new List<string>();
        harness.On("A", async attempt =>
        {
            keys.Add(attempt.Attempt.IdempotencyKey);
            if (attempt.Attempt.Checkpoint is { } saved)
            {
                return new JsonObject { ["job"] = saved["job"]!.DeepClone() };
            }

            await attempt.Attempt.SaveCheckpointAsync(new JsonObject { ["job"] = 7 }, attempt.CancellationToken);
            await attempt.SleepAsync(TimeSpan.FromHours(1));
            return [];
        });
        var id = await harness.StartAsync(PipelineText.OfGraph("A"));
        await harness.QuietAsync();

        await harness.Host.StopHostAsync(Token);
        await harness.StartHostAsync();

        var outcome = await harness.FinishAsync(id);
        Assert.Equal(7, (int)outcome["A"].Output!["job"]!);
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
        Assert.Equal(1, outcome["A"].Attempt);
    }

    [Fact]
    public async Task Stop_Hosts_TakeNoRuns()
    {
        await using var harness = new RunHarness();
        var host = await harness.StartHostAsync();
        await host.StopHostAsync(Token);

        var exception = await Assert.ThrowsAsync<RunRejectedException>(() => harness.StartAsync(PipelineText.OfGraph("A")));

        Assert.Equal(ErrorCode.HostNotRunning, exception.Code);
    }

    [Fact]
    public async Task Wait_AcrossARestart_IsNotWaitedAgain()
    {
        await using var harness = new RunHarness();
        var id = await harness.StartAsync(PipelineText.Of("""{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 3600}}"""));
        harness.Clock.Advance(TimeSpan.FromMinutes(40));
        await harness.Host.StopHostAsync(Token);
        harness.Clock.Advance(TimeSpan.FromMinutes(10));

        await harness.StartHostAsync();

        Assert.Equal(TimeSpan.FromHours(1), (await harness.FinishAsync(id))["W"].End - (await harness.ReadAsync(id))["W"].Start);
    }

    [Fact]
    public async Task Timeout_AcrossARestart_CountsFromTheFirstStart()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromDays(9));
        var id = await harness.StartAsync(PipelineText.Of("""{"name": "A", "type": "Test", "policy": {"timeout": "01:00:00"}, "typeProperties": {}}"""));
        await harness.QuietAsync();
        harness.Clock.Advance(TimeSpan.FromMinutes(40));
        await harness.Host.StopHostAsync(Token);

        await harness.StartHostAsync();

        Assert.Equal(TimeSpan.FromHours(1), (await harness.FinishAsync(id))["A"].End - (await harness.ReadAsync(id))["A"].Start);
    }

    [Fact]
    public async Task TwoHosts_TheSecondTakesOverWhenTheLeaseEnds_AndTheFirstLetsGo()
    {
        await using var harness = new RunHarness();
        var starts = 0;
        harness.On("A", async attempt =>
        {
            if (Interlocked.Increment(ref starts) == 1)
            {
                await attempt.SleepAsync(TimeSpan.FromDays(2));
            }

            return [];
        });
        var first = await harness.StartHostAsync();
        var id = await harness.StartAsync(PipelineText.OfGraph("A; B<A:Succeeded"));
        await harness.QuietAsync();

        // The first host's lease ends because its journal is out of reach, as it is for a process that hangs.
        await harness.Journal.ReleaseAllAsync(Assert.Single(harness.Journal.Owners), Token);
        await harness.StartHostAsync();
        var outcome = await harness.FinishAsync(id);

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(2, starts);
        Assert.Single(outcome.All("B"));
        await first.StopHostAsync(Token);
        Assert.Equal(outcome.Events.Length, (await harness.ReadEventsAsync(id)).Length);
    }

    [Fact]
    public async Task Cancel_FromAnotherHost_ReachesTheOwner()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromDays(2));
        var owner = await harness.StartHostAsync();
        var id = await harness.StartAsync(PipelineText.Of("""{"name": "A", "type": "Test", "policy": {"timeout": "5.00:00:00"}, "typeProperties": {}}"""));
        await harness.QuietAsync();
        await using var other = new LocalRunHost(
            harness.Journal, harness.Artifacts, harness.Definitions, harness.Catalog, harness.Protector, harness.Options, harness.Clock);
        await other.StartHostAsync(Token);

        Assert.True(await other.CancelAsync(id, recursive: false, Token));

        Assert.Equal(RunStatus.Canceling, (await other.FindAsync(id, Token))!.Status);
        var waiting = other.WaitAsync(id, Token);
        var outcome = await harness.FinishAsync(id);
        Assert.Equal(RunStatus.Canceled, outcome.Status);
        Assert.True(outcome.Run.End - outcome.Run.Start <= harness.Options.LeaseDuration);
        while (!waiting.IsCompleted)
        {
            // Whoever waits from outside asks again and again.
            harness.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(RunStatus.Canceled, (await waiting).Status);
        await owner.StopHostAsync(Token);
    }

    [Fact]
    public async Task Watch_FromTheMiddle_ShowsWhatWasAndWhatComes()
    {
        await using var harness = new RunHarness();
        harness.On("A", async attempt =>
        {
            attempt.Attempt.ReportProgress(new ActivityProgress(5, 10, "scoring"));
            await attempt.SleepAsync(TimeSpan.FromHours(1));
            attempt.Attempt.ReportProgress(new ActivityProgress(10, 10, "scoring"));
            return [];
        });
        var id = await harness.StartAsync(PipelineText.OfGraph("First; A<First:Succeeded; B<A:Succeeded"));
        await harness.QuietAsync();
        var updates = new List<RunUpdate>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watching = Task.Run(
            async () =>
            {
                await foreach (var update in harness.Host.WatchAsync(id, Token))
                {
                    updates.Add(update);
                    if (update.ActivityRun is { Name: "A" })
                    {
                        begun.TrySetResult();
                    }
                }
            },
            Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        await harness.FinishAsync(id);
        await watching.WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(RunStatus.InProgress, updates[0].Run!.Status);
        Assert.Equal(RunStatus.Succeeded, updates[^1].Run!.Status);
        Assert.Contains(updates, update => update.Progress?.Progress.Rows == 10);
        Assert.Equal(
            ["First Succeeded", "A InProgress", "A Succeeded", "B InProgress", "B Succeeded"],
            updates.Where(update => update.ActivityRun is not null).Select(update => $"{update.ActivityRun!.Name} {update.ActivityRun.Status}"));
    }

    [Fact]
    public async Task Watch_OfAnEndedOrUnknownRun_Ends()
    {
        await using var harness = new RunHarness();
        var outcome = await harness.RunAsync(PipelineText.OfGraph("A"));

        Assert.Equal(2, await harness.Host.WatchAsync(outcome.Run.Id, Token).CountAsync(Token));
        Assert.Equal(0, await harness.Host.WatchAsync(new RunId("none"), Token).CountAsync(Token));
    }

    [Fact]
    public async Task Parameters_AreBoundAndShown()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync("""
            {"name": "p", "properties": {
              "parameters": {"i": {"type": "int", "defaultValue": 4}, "n": {"type": "String"}, "b": {"type": "bool"}, "a": {"type": "Array"}},
              "activities": [{"name": "A", "type": "Test", "typeProperties": {
                 "i": "@pipeline().parameters.I", "n": "@coalesce(pipeline().parameters.n, 'null')", "b": "@pipeline().parameters.b", "a": "@pipeline().parameters.a[1]"}}]}}
            """,
            new JsonObject { ["B"] = "true", ["a"] = "[1, 2]" });

        Assert.Equal("""{"i":4,"n":"null","b":true,"a":2}""", outcome["A"].Input!.ToJsonString());
    }

    [Fact]
    public async Task Parameters_OfTheWrongType_RejectTheRun()
    {
        await using var harness = new RunHarness();

        var exception = await Assert.ThrowsAsync<RunRejectedException>(() => harness.RunAsync(
            """{"name": "p", "properties": {"parameters": {"i": {"type": "int"}}, "activities": []}}""",
            new JsonObject { ["i"] = "hidden value" }));

        Assert.Contains("Parameter 'i' of pipeline 'p' is declared 'int'", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden value", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SystemVariables_AreThoseOfTheRun()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of("""
            {"name": "A", "type": "Test", "typeProperties": {"v": "@concat(pipeline().DataFactory, '|', pipeline().Pipeline, '|', pipeline().TriggerType, '|', pipeline().TriggerName, '|', pipeline().TriggerTime)",
              "id": "@pipeline().RunId", "by": "@pipeline()?.TriggeredByPipelineName", "now": "@utcNow()"}}
            """));

        Assert.Equal("factory|p|Manual|Manual|2026-01-02T03:04:05.0000000Z", (string?)outcome["A"].Input!["v"]);
        Assert.Equal(outcome.Run.Id.Value, (string?)outcome["A"].Input!["id"]);
        Assert.Null(outcome["A"].Input!["by"]);
        Assert.Equal("2026-01-02T03:04:05.0000000Z", (string?)outcome["A"].Input!["now"]);
    }
}
