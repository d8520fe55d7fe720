using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Storage;
using Auspex.Storage.InMemory;
using Auspex.Storage.Sqlite;
using Auspex.TestKit;
using Auspex.TestKit.Engine;
using Auspex.TestKit.Storage;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

/// <summary>
/// A process after another dies at a random moment, before or after its last write is on disk, on one SQLite journal. No
/// activity whose end was written runs once more, none is left out, and every run ends as it does undisturbed.
/// </summary>
public sealed class ThousandKillsTests : IDisposable
{
    private const int OpenRuns = 6;

    private static readonly RunQuery Open = new(Take: 1_000)
    {
        Conditions = [new RunCondition(RunField.Status, IsIn: true, ["Queued", "InProgress", "Canceling"])],
    };

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestJump = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, PipelineDefinition> Pipelines = new[]
    {
        ("sequence", PipelineText.OfGraph("A; B<A:Succeeded; C<B:Succeeded; D<B:Succeeded; E<C:Succeeded,D:Succeeded")),
        ("handler", PipelineText.OfGraph("A; Bad<A:Succeeded; C<Bad:Succeeded; H<Bad:Failed; S<C:Skipped")),
        ("foreach", PipelineText.WithVariables(
            "list:Array",
            """{"name": "F", "type": "ForEach", "typeProperties": {"items": "@range(0, 7)", "batchCount": 3, "activities": [{"name": "Slow", "type": "Test", "typeProperties": {"v": "@item()"}}, {"name": "App", "type": "AppendVariable", "dependsOn": [{"activity": "Slow", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"variableName": "list", "value": "@item()"}}]}}""",
            """{"name": "Show", "type": "Test", "dependsOn": [{"activity": "F", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@length(variables('list'))"}}""")),
        ("until", PipelineText.Of(
            """{"name": "U", "type": "Until", "typeProperties": {"expression": "@greaterOrEquals(activity('Round').output.round, 2)", "activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 30}}, {"name": "Round", "type": "Test", "dependsOn": [{"activity": "W", "dependencyConditions": ["Succeeded"]}], "typeProperties": {}}]}}""")),
        ("retry", PipelineText.Of(
            """{"name": "Flaky", "type": "Test", "policy": {"retry": 3, "retryIntervalInSeconds": 40}, "typeProperties": {"id": "@guid()"}}""")),
        ("parent", PipelineText.Of(
            """{"name": "Exec", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "sequence", "type": "PipelineReference"}, "waitOnCompletion": true}}""",
            """{"name": "Show", "type": "Test", "dependsOn": [{"activity": "Exec", "dependencyConditions": ["Succeeded"]}], "typeProperties": {}}""")),
    }.ToDictionary(pair => pair.Item1, pair => RunHarness.Load(pair.Item2) with { Name = pair.Item1 });

    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly InMemoryArtifactStore _artifacts = new();
    private readonly InMemoryDefinitionStore _definitions = new();
    private readonly FakeSecretProtector _protector = new();
    private readonly ConcurrentDictionary<string, int> _effects = [];
    private readonly ConcurrentQueue<string> _doubled = [];

    // A process that fails again is found by its seed: it chooses pipelines and moments.
    [Theory]
    [InlineData(1, 250)]
    [InlineData(2, 250)]
    [InlineData(3, 250)]
    [InlineData(4, 250)]
    public async Task Killed_AtRandomMoments_LosesAndDoublesNothing(int seed, int kills)
    {
        var random = new Random(seed);
        using var database = SqliteDatabase.Open(_folder.File("journal.db"), new StorageOptions { Flush = FlushPolicy.Normal });
        var journal = new SqliteRunJournal(database);
        _definitions.Factories[RunHarness.Factory] = new FactoryDefinition
        {
            Name = RunHarness.Factory,
            Pipelines = Pipelines.Aggregate(
                new FactoryDefinition { Name = RunHarness.Factory }.Pipelines, (all, pipeline) => all.SetItem(pipeline.Key, pipeline.Value)),
        };
        var started = new List<RunId>();
        for (var kill = 0; kill < kills; kill++)
        {
            await LiveAsync(journal, new ProcessLife(random.Next(1, 25), random.Next(2) == 0), random, started);
        }

        await LiveAsync(journal, new ProcessLife(int.MaxValue), random: null, started);

        Assert.True(_doubled.IsEmpty, $"Seed {seed}: done although their end was written: {string.Join(", ", _doubled)}");
        var expected = await UndisturbedAsync();
        var loader = new RunLoader(journal, new ValueVault(_artifacts, _protector, 65_536));
        var runs = await journal.ListAsync(new RunQuery(Take: 1_000_000), CancellationToken.None);
        Assert.Empty(started.Except(runs.Select(run => run.Id)));
        foreach (var run in runs)
        {
            await loader.LoadAsync(run.Id, verify: true, CancellationToken.None);
            var (history, _) = (await loader.LoadHistoryAsync(run.Id, CancellationToken.None))!.Value;
            var activities = await history.ListAsync(new ValueVault(_artifacts, _protector, 65_536), CancellationToken.None);
            Assert.True(expected[run.Pipeline] == Describe(run.Status, activities), $"Seed {seed}, run {run.Id}:\n{Describe(run.Status, activities)}");
            Assert.All(
                activities.Where(activity => activity.Type == "Test" && activity.Start is not null),
                activity => Assert.True(_effects.ContainsKey(activity.Id), $"Seed {seed}: {run.Pipeline} {activity.Path} ended without having run."));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Seed {seed}: {kills} kills, {runs.Length} runs, {_effects.Count} activities, {_effects.Values.Sum() - _effects.Count} of them begun again.");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>One process: takes up what the last one left and starts more, until it dies or, immortal, has ended all.</summary>
    private async Task LiveAsync(SqliteRunJournal journal, ProcessLife life, Random? random, List<RunId> started)
    {
        LocalRunHost? host = null;
        var executor = new ScriptedExecutor(() => host!.Meter, _clock);
        Script(executor, attempt => NoteAsync(journal, life, attempt));
        _clock.Advance(Lease + TimeSpan.FromSeconds(1));
        host = new LocalRunHost(
            new MortalJournal(journal, life), _artifacts, _definitions, new ActivityCatalog().Add("Test", executor), _protector,
            new EngineOptions { LeaseDuration = Lease }, _clock);
        try
        {
            await host.StartHostAsync(CancellationToken.None);
            while (!life.IsDead)
            {
                var open = (await journal.ListAsync(Open, CancellationToken.None)).Length;
                for (; random is not null && open < OpenRuns; open++)
                {
                    started.Add(await host.StartAsync(
                        new PipelineRunRequest
                        {
                            Factory = RunHarness.Factory,
                            Pipeline = Pipelines.Values.ElementAt(random.Next(Pipelines.Count)),
                        },
                        CancellationToken.None));
                }

                await host.Meter.WhenQuietAsync().WaitAsync(Patience, TimeProvider.System);
                if (!life.IsDead && (open == 0 || !_clock.AdvanceToNextTimer(LongestJump)))
                {
                    Assert.Equal(0, open);
                    break;
                }
            }
        }
        catch (ProcessDiedException)
        {
            // So it did.
        }

        await host.Meter.WhenQuietAsync().WaitAsync(Patience, TimeProvider.System);
        try
        {
            // Nothing of it reaches the journal any more; this only ends its threads and timers.
            await host.StopHostAsync(CancellationToken.None);
        }
        catch (ProcessDiedException)
        {
            // It cannot even give its leases up.
        }
    }

    private async Task NoteAsync(SqliteRunJournal journal, ProcessLife life, ActivityAttempt attempt)
    {
        var events = (await journal.ReadAsync(attempt.RunId, 0, 10_000, CancellationToken.None)).Select(entry => JournalCodec.Decode(attempt.RunId, entry));
        var hasEnded = events.Any(runEvent => runEvent switch
        {
            ActivitySucceeded e => e.Activity == attempt.Path,
            AttemptFailed e => e.Activity == attempt.Path && e.Attempt == attempt.Attempt,
            _ => false,
        });
        if (life.IsDead)
        {
            // A real process would not have come here.
            throw new ProcessDiedException();
        }

        if (hasEnded)
        {
            _doubled.Enqueue($"{attempt.RunId} {attempt.Path} {attempt.Attempt.ToString(CultureInfo.InvariantCulture)}");
        }

        _effects.AddOrUpdate(attempt.IdempotencyKey, 1, (_, times) => times + 1);
    }

    private static void Script(ScriptedExecutor executor, Func<ActivityAttempt, Task> note)
    {
        void On(string names, Func<ScriptedAttempt, Task<JsonObject>> script)
        {
            foreach (var name in names.Split(' '))
            {
                executor.Script(name, async attempt =>
                {
                    await note(attempt.Attempt);
                    return await script(attempt);
                });
            }
        }

        On("A B C D E H S Show", attempt => Task.FromResult(new JsonObject { ["did"] = attempt.Attempt.Activity.Name }));
        On("Bad", _ => throw Errors.Boom());
        On("Flaky", attempt => attempt.Attempt.Attempt < 3 ? throw Errors.Boom() : Task.FromResult(new JsonObject()));
        On("Round", attempt => Task.FromResult(new JsonObject
        {
            ["round"] = int.Parse(attempt.Attempt.Path.AsSpan(2, attempt.Attempt.Path.IndexOf(']') - 2), CultureInfo.InvariantCulture),
        }));
        On("Slow", async attempt =>
        {
            await attempt.SleepAsync(TimeSpan.FromSeconds(20));
            return [];
        });
    }

    private static async Task<Dictionary<string, string>> UndisturbedAsync()
    {
        var expected = new Dictionary<string, string>();
        foreach (var (name, pipeline) in Pipelines)
        {
            await using var harness = new RunHarness();
            Script(harness.Executor, _ => Task.CompletedTask);
            harness.AddPipeline(Pipelines["sequence"].Source.ToJsonString().Replace("\"p\"", "\"sequence\"", StringComparison.Ordinal));
            var outcome = await harness.RunAsync(pipeline.Source.ToJsonString());
            expected[name] = Describe(outcome.Status, outcome.Activities);
        }

        return expected;
    }

    private static string Describe(RunStatus status, IEnumerable<ActivityRun> activities) => $"{status}\n" + string.Join('\n', activities
        .Select(run => $"{run.Path} {run.Attempt} {run.Status} {(run.Type == "ExecutePipeline" ? "" : run.Output?.ToJsonString())}")
        .Order(StringComparer.Ordinal));
}
