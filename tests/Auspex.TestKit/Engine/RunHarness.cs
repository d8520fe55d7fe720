using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Storage.InMemory;
using Auspex.Stores;
using Auspex.TestKit.Storage;
using Xunit;

namespace Auspex.TestKit.Engine;

/// <summary>Runs pipelines with scripted activities under a clock that jumps to whatever is due next.</summary>
/// <remarks>
/// When a run ends here its journal is folded again with every decision checked, and the state compared with the one
/// that the host had: each engine test is a replay test.
/// </remarks>
internal sealed class RunHarness : IAsyncDisposable
{
    public const string Factory = "factory";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestJump = TimeSpan.FromDays(100);

    private readonly Dictionary<RunId, string> _endedStates = [];
    private LocalRunHost? _host;

    public RunHarness()
    {
        Executor = new ScriptedExecutor(() => Host.Meter, Clock);
        Store = Journal;
        foreach (var type in new[] { "Test", "Copy", "Lookup", "WebActivity", "WebHook" })
        {
            Catalog.Add(type, Executor);
        }
    }

    public TestClock Clock { get; } = new();

    /// <summary>What is left when a host dies.</summary>
    public InMemoryRunJournal Journal { get; } = new();

    /// <summary>What hosts append to: <see cref="Journal"/>, or something that stands before it.</summary>
    public IRunJournal Store { get; set; }

    public InMemoryArtifactStore Artifacts { get; } = new();

    public InMemoryDefinitionStore Definitions { get; } = new();

    public ActivityCatalog Catalog { get; } = new();

    public ScriptedExecutor Executor { get; }

    public ISecretProtector Protector { get; } = new FakeSecretProtector();

    public EngineOptions Options { get; } = new() { LeaseDuration = TimeSpan.FromMinutes(10) };

    public LocalRunHost Host => _host ?? throw new InvalidOperationException("No host was started.");

    /// <summary>Scripts an activity by name.</summary>
    public RunHarness On(string activity, Func<ScriptedAttempt, Task<JsonObject>> script)
    {
        Executor.Script(activity, script);
        return this;
    }

    /// <summary>Scripts an activity that ends at once with this output.</summary>
    public RunHarness Gives(string activity, JsonObject output) =>
        On(activity, _ => Task.FromResult(output.DeepClone().AsObject()));

    /// <summary>Scripts an activity that fails.</summary>
    public RunHarness Fails(string activity, string message = "boom", string errorCode = "2200") =>
        On(activity, _ => throw new ActivityException(new ErrorCode("AUX0000"), errorCode, message, FailureType.UserError));

    /// <summary>Scripts an activity that takes its time.</summary>
    public RunHarness Takes(string activity, TimeSpan span) => On(activity, async attempt =>
    {
        await attempt.SleepAsync(span);
        return [];
    });

    /// <summary>Adds a pipeline to the factory, for ExecutePipeline.</summary>
    public PipelineDefinition AddPipeline(string json)
    {
        var pipeline = Load(json);
        var factory = Definitions.FindFactory(Factory) ?? new FactoryDefinition { Name = Factory };
        Definitions.Factories[Factory] = factory with { Pipelines = factory.Pipelines.SetItem(pipeline.Name, pipeline) };
        return pipeline;
    }

    public async Task<LocalRunHost> StartHostAsync()
    {
        _host = new LocalRunHost(Store, Artifacts, Definitions, Catalog, Protector, Options, Clock)
        {
            RunEnded = state =>
            {
                lock (_endedStates)
                {
                    _endedStates[state.Id] = RunStateText.Describe(state);
                }
            },
        };
        await _host.StartHostAsync(CancellationToken.None);
        return _host;
    }

    /// <summary>Loads a pipeline as a file would be, runs it to its end and checks its journal.</summary>
    public async Task<RunOutcome> RunAsync(string json, JsonObject? parameters = null)
    {
        var id = await StartAsync(json, parameters);
        return await FinishAsync(id);
    }

    public async Task<RunId> StartAsync(string json, JsonObject? parameters = null, RunId? id = null)
    {
        if (_host is null)
        {
            await StartHostAsync();
        }

        return await Host.StartAsync(
            new PipelineRunRequest
            {
                RunId = id,
                Factory = Factory,
                Pipeline = AddPipeline(json),
                Parameters = parameters ?? [],
            },
            CancellationToken.None);
    }

    /// <summary>Moves the clock from event to event until the run has ended.</summary>
    public async Task<RunOutcome> FinishAsync(RunId id)
    {
        await AdvanceUntilAsync(async () => await Journal.FindAsync(id, CancellationToken.None) is { IsOpen: false });
        return await ReadAsync(id);
    }

    /// <summary>Moves the clock from event to event until a condition holds.</summary>
    public async Task AdvanceUntilAsync(Func<Task<bool>> condition)
    {
        var limit = Clock.GetUtcNow() + LongestJump;
        while (true)
        {
            await QuietAsync();
            if (await condition())
            {
                return;
            }

            if (Clock.GetUtcNow() > limit || !Clock.AdvanceToNextTimer(LongestJump))
            {
                Assert.Fail($"Nothing will happen any more.\n{await DescribeAsync()}");
            }
        }
    }

    /// <summary>Waits until the host waits.</summary>
    public async Task QuietAsync()
    {
        try
        {
            await Host.Meter.WhenQuietAsync().WaitAsync(Patience, TimeProvider.System, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The host does not come to rest.\n{await DescribeAsync()}");
        }
    }

    /// <summary>The run as it is, its journal checked if it has ended.</summary>
    public async Task<RunOutcome> ReadAsync(RunId id)
    {
        var events = await ReadEventsAsync(id);
        var vault = new ValueVault(Artifacts, Protector, Options.MaxInlineBytes);
        var folded = await new RunLoader(Journal, vault).LoadAsync(id, verify: true, CancellationToken.None);
        lock (_endedStates)
        {
            if (_endedStates.TryGetValue(id, out var live))
            {
                Assert.Equal(live, RunStateText.Describe(folded!));
            }
        }

        var run = await Host.FindAsync(id, CancellationToken.None);
        return new RunOutcome(run!, await Host.ListActivityRunsAsync(id, CancellationToken.None), events);
    }

    public async Task<ImmutableArray<RunEvent>> ReadEventsAsync(RunId id)
    {
        var entries = await Journal.ReadAsync(id, 0, int.MaxValue, CancellationToken.None);
        return [.. entries.Select(entry =>
        {
            var decoded = JournalCodec.Decode(id, entry);
            Assert.Equal(entry.Body.ToArray(), JournalCodec.Encode(decoded).ToArray());
            return decoded;
        })];
    }

    /// <summary>Lets the host die as a process does: nothing is released, nothing more is written.</summary>
    public void AbandonHost() => _host = null;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    public static PipelineDefinition Load(string json)
    {
        var source = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var pipeline = PipelineLoader.Load(source, file: null, diagnostics);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return pipeline!;
    }

    private async Task<string> DescribeAsync()
    {
        var runs = await Journal.ListAsync(new RunQuery(), CancellationToken.None);
        var parts = new List<string>();
        foreach (var run in runs)
        {
            var events = await ReadEventsAsync(run.Id);
            parts.Add($"{run.Pipeline} {run.Status}\n  {string.Join("\n  ", events.TakeLast(40))}");
        }

        return string.Join("\n", parts);
    }
}

/// <summary>How a run ended.</summary>
internal sealed record RunOutcome(PipelineRun Run, ImmutableArray<ActivityRun> Activities, ImmutableArray<RunEvent> Events)
{
    public RunStatus Status => Run.Status;

    /// <summary>The only activity run of that name.</summary>
    public ActivityRun this[string activity] => Assert.Single(Activities, run => run.Name == activity);

    public ActivityStatus StatusOf(string activity) => this[activity].Status;

    /// <summary>The activity runs of that name, in the order of their start.</summary>
    public IReadOnlyList<ActivityRun> All(string activity) => [.. Activities.Where(run => run.Name == activity)];
}
