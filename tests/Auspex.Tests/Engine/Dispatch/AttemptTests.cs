using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Dispatch;

public sealed class AttemptTests
{
    [Theory]
    [InlineData("\"retry\": 2", 30)]
    [InlineData("\"retry\": \"2\", \"retryIntervalInSeconds\": 60", 60)]
    [InlineData("\"retry\": {\"type\": \"Expression\", \"value\": \"@add(1, 1)\"}, \"retryIntervalInSeconds\": 45", 45)]
    public async Task Retry_UntilItSucceeds_KeepsTheInterval(string policy, int seconds)
    {
        await using var harness = new RunHarness();
        var attempts = new List<ActivityAttempt>();
        harness.On("A", attempt =>
        {
            attempts.Add(attempt.Attempt);
            return attempt.Attempt.Attempt < 3 ? throw Errors.Boom() : Task.FromResult(new JsonObject { ["ok"] = true });
        });

        var outcome = await harness.RunAsync(Pipeline(policy));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(
            [ActivityStatus.Failed, ActivityStatus.Failed, ActivityStatus.Succeeded], outcome.All("A").Select(run => run.Status));
        Assert.Equal([1, 2, 3], outcome.All("A").Select(run => run.Attempt));
        Assert.Equal(TimeSpan.FromSeconds(2 * seconds), outcome.Run.End - outcome.Run.Start);

        // The input is resolved once; each attempt has its own id and key.
        Assert.Single(attempts.Select(attempt => (string?)attempt.TypeProperties["id"]).Distinct());
        Assert.Equal(3, attempts.Select(attempt => attempt.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task Retry_UsedUp_FailsWithTheLastFailure()
    {
        await using var harness = new RunHarness();
        harness.On("A", attempt => throw Errors.Boom($"try {attempt.Attempt.Attempt}"));

        var outcome = await harness.RunAsync(Pipeline("\"retry\": 1"));

        Assert.Equal("Operation on target A failed: try 2", outcome.Run.Failure!.Message);
        Assert.Equal(["try 1", "try 2"], outcome.All("A").Select(run => run.Failure!.Message));
    }

    [Fact]
    public async Task Timeout_OfAnAttempt_StopsAndFailsIt()
    {
        await using var harness = new RunHarness();
        AttemptStopReason? seen = null;
        harness.On("A", async attempt =>
        {
            try
            {
                await attempt.SleepAsync(TimeSpan.FromDays(30));
            }
            finally
            {
                seen = attempt.Attempt.StopReason();
            }

            return [];
        });

        var outcome = await harness.RunAsync(Pipeline("\"timeout\": \"0.00:20:00\", \"retry\": 1"));

        Assert.Equal(AttemptStopReason.TimedOut, seen);
        Assert.Equal(2, outcome.All("A").Count);
        Assert.All(outcome.All("A"), run => Assert.Equal(TimeSpan.FromMinutes(20), run.End - run.Start));
        Assert.Equal(
            "The activity 'A' timed out: attempt 2 took longer than the 0.00:20:00 that its policy allows.",
            outcome.All("A")[1].Failure!.Message);
    }

    [Fact]
    public async Task Timeout_NotWritten_IsTwelveHours()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromDays(30));

        var outcome = await harness.RunAsync(Pipeline(string.Empty));

        Assert.Equal(TimeSpan.FromHours(12), outcome.Run.End - outcome.Run.Start);
    }

    [Fact]
    public async Task Policy_OfAWebHook_IsPassedOverButForSecrecy()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromDays(30));

        var outcome = await harness.RunAsync(
            Pipeline("\"timeout\": \"0.00:20:00\", \"retry\": 3").Replace("\"Test\"", "\"WebHook\"", StringComparison.Ordinal));

        Assert.Equal(TimeSpan.FromDays(30), outcome.Run.End - outcome.Run.Start);
        Assert.Equal(RunStatus.Succeeded, outcome.Run.Status);
    }

    [Fact]
    public async Task Timeout_OfAnExecutorThatDoesNotListen_LeavesItBehind()
    {
        await using var harness = new RunHarness();
        var never = new TaskCompletionSource<JsonObject>();
        harness.On("A", attempt => never.Task);
        var id = await harness.StartAsync(Pipeline("\"timeout\": \"00:10:00\""));

        // The executor stays busy for ever, so the clock is moved by hand: the timeout, then the grace after it.
        while (await IsOpenAsync(harness, id))
        {
            harness.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        var run = await harness.Host.WaitAsync(id, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("ActivityTimeout", run.Failure!.ErrorCode);
        never.SetResult([]);
    }

    [Theory]
    [InlineData("\"timeout\": \"soon\"", "policy.timeout")]
    [InlineData("\"timeout\": \"@concat('1', '2')\"", "policy.timeout")]
    [InlineData("\"retry\": \"@string('x')\"", "policy.retry")]
    [InlineData("\"retry\": \"@sub(0, 1)\"", "policy.retry")]
    [InlineData("\"retry\": \"@pipeline().nothing\"", "property 'nothing' doesn't exist")]
    public async Task Policy_ThatCannotBeRead_FailsTheActivity(string policy, string message)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(Pipeline(policy));

        Assert.Equal("InvalidTemplate", outcome["A"].Failure!.ErrorCode);
        Assert.Contains(message, outcome["A"].Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Executor.Attempts);
    }

    [Fact]
    public async Task Type_Unknown_FailsNamingWhatIsSupported()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of("""{"name": "A", "type": "HDInsightPig", "policy": {"retry": 3}, "typeProperties": {}}"""));

        Assert.Equal("AUX2009", outcome["A"].Failure!.ErrorCode);
        Assert.Contains("'HDInsightPig', which is not supported here. Supported types: AppendVariable, Copy, ExecutePipeline", outcome["A"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_OfAnyKind_IsASystemError()
    {
        await using var harness = new RunHarness();
        harness.On("A", _ => throw new InvalidDataException("odd"));

        var outcome = await harness.RunAsync(Pipeline(string.Empty));

        Assert.Equal("SystemError", outcome["A"].Failure!.ErrorCode);
        Assert.Equal(FailureType.SystemError, outcome["A"].Failure!.FailureType);
        Assert.Contains("InvalidDataException: odd", outcome["A"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_OfTheExecutorsOwnCancellation_IsAFailure()
    {
        await using var harness = new RunHarness();
        harness.On("A", _ => throw new TaskCanceledException("the http client gave up"));

        var outcome = await harness.RunAsync(Pipeline(string.Empty));

        Assert.Equal(ActivityStatus.Failed, outcome.StatusOf("A"));
    }

    [Fact]
    public async Task Failure_ItsMembers_AreReadableAndNullOnSuccess()
    {
        await using var harness = new RunHarness();
        harness.Fails("A", "broken", "2200");
        var handler = """
            {"name": "H", "type": "Test", "dependsOn": [{"activity": "A", "dependencyConditions": ["Failed"]}, {"activity": "B", "dependencyConditions": ["Succeeded"]}], "typeProperties": {
              "message": "@activity('A').error.message", "code": "@activity('a').Error.errorCode", "status": "@activity('A').Status",
              "none": "@coalesce(activity('B').error?.message, 'none')", "id": "@activity('B').ActivityRunId", "ms": "@activity('B').DurationInMs"}}
            """;

        var outcome = await harness.RunAsync(PipelineText.Of(Activity("A", string.Empty), Activity("B", string.Empty), handler));

        var input = outcome["H"].Input!;
        Assert.Equal("broken", (string?)input["message"]);
        Assert.Equal("2200", (string?)input["code"]);
        Assert.Equal("Failed", (string?)input["status"]);
        Assert.Equal("none", (string?)input["none"]);
        Assert.Equal(outcome["B"].Id, (string?)input["id"]);
        Assert.Equal(0, (int)input["ms"]!);
    }

    [Fact]
    public async Task LinkedService_AndUserProperties_AreResolved()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of("""
            {"name": "A", "type": "Test", "linkedServiceName": {"referenceName": "LS", "type": "LinkedServiceReference", "parameters": {"db": "@concat('a', 'b')"}},
             "userProperties": [{"name": "who", "value": "@pipeline().Pipeline"}], "typeProperties": {}}
            """));

        var attempt = Assert.Single(harness.Executor.Attempts);
        Assert.Equal("LS", attempt.LinkedServiceName!.ReferenceName);
        Assert.Equal("ab", (string?)attempt.LinkedServiceName.Parameters!["db"]);
        Assert.Equal("p", (string?)outcome["A"].UserProperties!["who"]);
        Assert.Equal("LS", outcome["A"].LinkedServiceName);
    }

    [Fact]
    public async Task Checkpoint_Saved_IsDurableWhenTheTaskEnds()
    {
        await using var harness = new RunHarness();
        harness.On("A", async attempt =>
        {
            await attempt.Attempt.SaveCheckpointAsync(new JsonObject { ["job"] = "j1" }, attempt.CancellationToken);
            var events = await harness.ReadEventsAsync(attempt.Attempt.RunId);
            return new JsonObject { ["seen"] = events.OfType<CheckpointSaved>().Count() };
        });

        var outcome = await harness.RunAsync(Pipeline(string.Empty));

        Assert.Equal(1, (int)outcome["A"].Output!["seen"]!);
    }

    private static async Task<bool> IsOpenAsync(RunHarness harness, RunId id) =>
        await harness.Journal.FindAsync(id, CancellationToken.None) is { IsOpen: true };

    private static string Pipeline(string policy) => PipelineText.Of(Activity("A", policy));

    private static string Activity(string name, string policy) =>
        $$"""{"name": "{{name}}", "type": "Test", "policy": { {{policy}} }, "typeProperties": {"id": "@guid()"} }""";
}
