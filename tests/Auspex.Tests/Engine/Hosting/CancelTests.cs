using Auspex.Engine.Dispatch;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

public sealed class CancelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_WhileActivitiesRun_StopsThemAndStartsNoOthers()
    {
        await using var harness = new RunHarness();
        AttemptStopReason? reason = null;
        harness.On("A", async attempt =>
        {
            try
            {
                await attempt.SleepAsync(TimeSpan.FromHours(5));
            }
            finally
            {
                reason = attempt.Attempt.StopReason();
            }

            return [];
        });
        var id = await harness.StartAsync(PipelineText.OfGraph("A; B<A:Completed; C<A:Skipped"));
        await harness.QuietAsync();

        Assert.True(await harness.Host.CancelAsync(id, recursive: true, Token));

        var outcome = await harness.FinishAsync(id);
        Assert.Equal(RunStatus.Canceled, outcome.Status);
        Assert.Equal(AttemptStopReason.RunCanceled, reason);
        Assert.Equal(ActivityStatus.Canceled, Assert.Single(outcome.Activities).Status);
        Assert.Null(outcome.Run.Failure);
    }

    [Fact]
    public async Task Cancel_WhileWaiting_EndsAtOnce()
    {
        await using var harness = new RunHarness();
        harness.Fails("R");
        var id = await harness.StartAsync(PipelineText.Of(
            """{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 86400}}""",
            """{"name": "R", "type": "Test", "policy": {"retry": 5, "retryIntervalInSeconds": 3600}, "typeProperties": {}}""",
            """{"name": "F", "type": "ForEach", "typeProperties": {"items": [1, 2], "isSequential": true, "activities": [{"name": "In", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 86400}}]}}"""));
        await harness.QuietAsync();

        await harness.Host.CancelAsync(id, recursive: false, Token);

        var outcome = await harness.FinishAsync(id);
        Assert.Equal(TimeSpan.Zero, outcome.Run.End - outcome.Run.Start);
        Assert.Equal(ActivityStatus.Canceled, outcome.StatusOf("W"));
        Assert.Equal(ActivityStatus.Canceled, outcome.StatusOf("F"));
        Assert.Single(outcome.All("In"));
        Assert.Equal(ActivityStatus.Failed, outcome.StatusOf("R"));
    }

    [Fact]
    public async Task Cancel_AnActivityThatEndsWellAllTheSame_IsRecordedSo()
    {
        await using var harness = new RunHarness();
        harness.On("A", async attempt =>
        {
            try
            {
                await attempt.SleepAsync(TimeSpan.FromHours(5));
            }
            catch (OperationCanceledException)
            {
                // Too late to stop: the work is done.
            }

            return [];
        });
        var id = await harness.StartAsync(PipelineText.OfGraph("A; B<A:Succeeded"));
        await harness.QuietAsync();

        await harness.Host.CancelAsync(id, recursive: false, Token);

        var outcome = await harness.FinishAsync(id);
        Assert.Equal(ActivityStatus.Succeeded, outcome.StatusOf("A"));
        Assert.DoesNotContain(outcome.Activities, run => run.Name == "B");
        Assert.Equal(RunStatus.Canceled, outcome.Status);
    }

    [Fact]
    public async Task Cancel_IsNotTriedAgain()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromHours(5));
        var id = await harness.StartAsync(PipelineText.Of("""{"name": "A", "type": "Test", "policy": {"retry": 3}, "typeProperties": {}}"""));
        await harness.QuietAsync();

        await harness.Host.CancelAsync(id, recursive: false, Token);

        Assert.Single((await harness.FinishAsync(id)).All("A"));
    }

    [Fact]
    public async Task Cancel_OfAnEndedOrUnknownRun_IsFalse()
    {
        await using var harness = new RunHarness();
        var outcome = await harness.RunAsync(PipelineText.OfGraph("A"));

        Assert.False(await harness.Host.CancelAsync(outcome.Run.Id, recursive: true, Token));
        Assert.False(await harness.Host.CancelAsync(new RunId("none"), recursive: true, Token));
    }

    [Fact]
    public async Task Cancel_OfAQueuedRun_FreesItsPosition()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromHours(1));
        var json = """{"name": "p", "properties": {"concurrency": 1, "activities": [{"name": "A", "type": "Test", "typeProperties": {}}]}}""";
        var first = await harness.StartAsync(json);
        var second = await harness.StartAsync(json);
        var third = await harness.StartAsync(json);

        await harness.Host.CancelAsync(second, recursive: false, Token);

        Assert.Empty((await harness.FinishAsync(second)).Activities);
        await harness.FinishAsync(first);
        Assert.Equal(RunStatus.Succeeded, (await harness.FinishAsync(third)).Status);
    }
}
