using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

/// <summary>The process dies after each append in turn; the next one must end the run as it would have, each effect once.</summary>
public sealed class CrashTests
{
    private const string Child = """
        {"name": "child", "properties": {"parameters": {"n": {"type": "Int"}}, "activities": [
          {"name": "Work", "type": "Test", "typeProperties": {"n": "@pipeline().parameters.n"}},
          {"name": "Ret", "type": "SetVariable", "dependsOn": [{"activity": "Work", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": [{"key": "n", "value": {"type": "Expression", "content": "@pipeline().parameters.n"}}]}}]}}
        """;

    private static string Repeated => PipelineText.Of(
        """{"name": "A", "type": "Test", "typeProperties": {}}""",
        """{"name": "F", "type": "ForEach", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"items": "@range(0, 4)", "batchCount": 2, "activities": [{"name": "In", "type": "Test", "typeProperties": {"v": "@item()"}}, {"name": "Odd", "type": "Test", "dependsOn": [{"activity": "In", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"v": "@item()"}}]}}""",
        """{"name": "Exec", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child", "type": "PipelineReference"}, "waitOnCompletion": true, "parameters": {"n": 1}}}""",
        """{"name": "Show", "type": "Test", "dependsOn": [{"activity": "Exec", "dependencyConditions": ["Succeeded"]}, {"activity": "F", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@activity('Exec').output.pipelineReturnValue.n"}}""");

    public static TheoryData<string, string> Pipelines => new()
    {
        { "sequence", PipelineText.OfGraph("A; B<A:Succeeded; C<B:Succeeded; D<B:Succeeded; E<C:Succeeded,D:Succeeded") },
        { "failure and handler", PipelineText.OfGraph("A; Bad<A:Succeeded; C<Bad:Succeeded; H<Bad:Failed; S<C:Skipped") },
        {
            "foreach", PipelineText.WithVariables(
                "list:Array",
                """{"name": "F", "type": "ForEach", "typeProperties": {"items": "@range(0, 7)", "batchCount": 3, "activities": [{"name": "In", "type": "Test", "typeProperties": {"v": "@item()"}}, {"name": "App", "type": "AppendVariable", "dependsOn": [{"activity": "In", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"variableName": "list", "value": "@item()"}}]}}""",
                """{"name": "Show", "type": "Test", "dependsOn": [{"activity": "F", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@length(variables('list'))"}}""")
        },
        {
            "until", PipelineText.Of(
                """{"name": "U", "type": "Until", "typeProperties": {"timeout": "90.00:00:00", "expression": "@greaterOrEquals(activity('Count').output.key, 3)", "activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 30}}, {"name": "Count", "type": "Test", "dependsOn": [{"activity": "W", "dependencyConditions": ["Succeeded"]}], "typeProperties": {}}]}}""",
                """{"name": "After", "type": "Test", "dependsOn": [{"activity": "U", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@activity('Count').output.key"}}""")
        },
        {
            "nested", PipelineText.Of(
                """{"name": "If", "type": "IfCondition", "typeProperties": {"expression": "@equals(1, 1)", "ifTrueActivities": [{"name": "S", "type": "Switch", "typeProperties": {"on": "x", "cases": [{"value": "x", "activities": [{"name": "G", "type": "ForEach", "typeProperties": {"items": [1, 2], "activities": [{"name": "Deep", "type": "Test", "typeProperties": {"v": "@item()"}}]}}]}]}}]}}""")
        },
        {
            "retry", PipelineText.Of(
                """{"name": "Flaky", "type": "Test", "policy": {"retry": 3, "retryIntervalInSeconds": 40}, "typeProperties": {"id": "@guid()"}}""",
                """{"name": "B", "type": "Test", "dependsOn": [{"activity": "Flaky", "dependencyConditions": ["Succeeded"]}], "typeProperties": {}}""")
        },
        {
            "child", PipelineText.Of(
                """{"name": "Exec", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child", "type": "PipelineReference"}, "waitOnCompletion": true, "parameters": {"n": 5}}}""",
                """{"name": "Show", "type": "Test", "dependsOn": [{"activity": "Exec", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@activity('Exec').output.pipelineReturnValue.n"}}""",
                """{"name": "Loose", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child", "type": "PipelineReference"}, "waitOnCompletion": false, "parameters": {"n": 6}}}""")
        },
    };

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task Crash_AfterEachAppend_EndsTheSameWithEachEffectOnce(string name, string pipeline)
    {
        var (expected, appends) = await RunAsync(pipeline, lifetime: int.MaxValue);
        Assert.True(appends > 1, $"{name} is one step only, so nothing can happen in between.");

        for (var lifetime = 1; lifetime <= appends; lifetime++)
        {
            var (found, _) = await RunAsync(pipeline, lifetime);
            Assert.True(expected == found, $"{name}, dead after append {lifetime}:\n{found}\nexpected\n{expected}");
        }
    }

    [Fact]
    public async Task Crash_AfterEachAppendOfARerun_EndsTheSameWithEachEffectOnce()
    {
        var (expected, appends) = await RunAsync(Repeated, int.MaxValue, isRepeated: true);
        Assert.StartsWith("Succeeded", expected, StringComparison.Ordinal);
        Assert.DoesNotContain("F[0]/In 1\n", expected[expected.IndexOf("effects", StringComparison.Ordinal)..], StringComparison.Ordinal);
        for (var lifetime = 1; lifetime <= appends; lifetime++)
        {
            var (found, _) = await RunAsync(Repeated, lifetime, isRepeated: true);
            Assert.True(expected == found, $"dead after append {lifetime}:\n{found}\nexpected\n{expected}");
        }
    }

    private static async Task<(string Outcome, int Appends)> RunAsync(string pipeline, int lifetime, bool isRepeated = false)
    {
        await using var harness = new RunHarness();
        var world = new World(harness);
        harness.AddPipeline(Child);
        var id = new RunId("22222222-2222-2222-2222-222222222222");
        var reference = isRepeated ? await LeaveFailedAsync(harness, world, pipeline) : default(RunId?);
        var mortal = new MortalJournal(harness.Journal, lifetime);
        harness.Store = mortal;
        try
        {
            await harness.StartHostAsync();
            await harness.Host.StartAsync(
                new PipelineRunRequest
                {
                    RunId = id,
                    Factory = RunHarness.Factory,
                    Pipeline = harness.AddPipeline(pipeline),
                    Recovery = reference is { } failed ? new RunRecovery(failed, FromFailure: true) : null,
                },
                CancellationToken.None);
            await harness.AdvanceUntilAsync(async () =>
                mortal.IsDead || (await harness.Journal.ListAsync(new RunQuery(), CancellationToken.None)).All(run => !run.IsOpen));
        }
        catch (ProcessDiedException)
        {
            // Whoever started the run died with the process.
        }

        if (mortal.IsDead)
        {
            await harness.QuietAsync();
            harness.AbandonHost();
            harness.Clock.Advance(harness.Options.LeaseDuration + TimeSpan.FromSeconds(1));
            harness.Store = harness.Journal;
            await harness.StartHostAsync();
        }

        var outcome = await harness.FinishAsync(id);
        foreach (var child in await harness.Host.ListAsync(new RunQuery(Pipeline: "child"), CancellationToken.None))
        {
            await harness.FinishAsync(child.Id);
        }

        return ($"{Describe(outcome)}\neffects\n{world.Describe()}", mortal.Appends);
    }

    /// <summary>A run that failed here and there, its child with it, in a process that ended well; what is broken is mended then.</summary>
    private static async Task<RunId> LeaveFailedAsync(RunHarness harness, World world, string pipeline)
    {
        world.IsBroken = true;
        var failed = await harness.RunAsync(pipeline);
        Assert.Equal(RunStatus.Failed, failed.Status);
        await harness.Host.StopHostAsync(CancellationToken.None);
        world.Mend();
        return failed.Run.Id;
    }

    private static string Describe(RunOutcome outcome)
    {
        var lines = outcome.Activities
            .Select(run => $"{run.Path} {run.Attempt} {run.Status} {(run.Name is "Exec" or "Loose" or "Flaky" ? "" : run.Input?.ToJsonString())} {run.Output?.ToJsonString()} {run.Failure?.Message}")
            .Order(StringComparer.Ordinal);
        return $"{outcome.Status} {outcome.Run.Failure?.Message}\n{string.Join('\n', lines)}";
    }

    /// <summary>What lies outside: it outlives processes, and knows an effect by its key.</summary>
    private sealed class World
    {
        private readonly ConcurrentDictionary<string, string> _effects = [];
        private readonly RunHarness _harness;

        public World(RunHarness harness)
        {
            _harness = harness;
            foreach (var name in new[] { "A", "B", "C", "D", "E", "H", "S", "In", "Show", "Count", "After", "Deep" })
            {
                harness.On(name, ExecuteAsync);
            }

            harness.On("Bad", async attempt =>
            {
                await ExecuteAsync(attempt);
                throw Errors.Boom();
            });
            foreach (var name in new[] { "Odd", "Work" })
            {
                harness.On(name, async attempt =>
                {
                    var output = await ExecuteAsync(attempt);
                    var number = (int)(attempt.Attempt.TypeProperties["v"] ?? attempt.Attempt.TypeProperties["n"])!;
                    return IsBroken && number % 2 == 1 ? throw Errors.Boom() : output;
                });
            }

            harness.On("Flaky", async attempt =>
            {
                await ExecuteAsync(attempt);
                return attempt.Attempt.Attempt < 3 ? throw Errors.Boom($"try {attempt.Attempt.Attempt}") : [];
            });
        }

        public bool IsBroken { get; set; }

        public void Mend()
        {
            IsBroken = false;
            _effects.Clear();
        }

        public string Describe() => string.Join('\n', _effects.Values.Order(StringComparer.Ordinal));

        private async Task<JsonObject> ExecuteAsync(ScriptedAttempt scripted)
        {
            var attempt = scripted.Attempt;
            var events = await _harness.ReadEventsAsync(attempt.RunId);
            Assert.Contains(
                events, runEvent => runEvent is ActivityStarted started && started.Activity == attempt.Path && started.Attempt == attempt.Attempt);
            _effects[attempt.IdempotencyKey] = $"{attempt.Path} {attempt.Attempt}";
            if (attempt.Activity.Name is "In" or "Work")
            {
                await scripted.SleepAsync(TimeSpan.FromSeconds(20));
            }

            var count = _effects.Values.Count(effect => effect.Contains("/Count", StringComparison.Ordinal));
            return new JsonObject { ["key"] = count, ["text"] = attempt.Path.Length.ToString(CultureInfo.InvariantCulture) };
        }
    }
}
