using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Storage;
using Auspex.Stores;

namespace Auspex.Benchmarks.Engine;

/// <summary>The engine on a data folder of its own, as a server has it, with activities of this program.</summary>
internal sealed class EngineFolder : IDefinitionStore, IAsyncDisposable
{
    public const string Factory = "bench";

    private FactoryDefinition _factory = new() { Name = Factory };

    private EngineFolder(LocalStores stores, ActivityCatalog catalog)
    {
        Stores = stores;
        Host = new LocalRunHost(stores.Journal, stores.Artifacts, this, catalog, stores.Secrets);
    }

    public LocalStores Stores { get; }

    public LocalRunHost Host { get; }

    public ImmutableArray<string> FactoryNames => [Factory];

    public static async Task<EngineFolder> OpenAsync(string folder, FlushPolicy flush, ActivityCatalog catalog)
    {
        var opened = new EngineFolder(LocalStores.Open(folder, new StorageOptions { Flush = flush }), catalog);
        await opened.Host.StartHostAsync(CancellationToken.None);
        return opened;
    }

    public FactoryDefinition? FindFactory(string name) => _factory;

    public void Add(PipelineDefinition pipeline) =>
        _factory = _factory with { Pipelines = _factory.Pipelines.SetItem(pipeline.Name, pipeline) };

    public void Add(TriggerDefinition trigger) =>
        _factory = _factory with { Triggers = _factory.Triggers.SetItem(trigger.Name, trigger) };

    public Task<RunId> StartAsync(PipelineDefinition pipeline) =>
        Host.StartAsync(new PipelineRunRequest { Factory = Factory, Pipeline = pipeline }, CancellationToken.None);

    public async Task RunAsync(PipelineDefinition pipeline)
    {
        var id = await StartAsync(pipeline);
        var run = await Host.WaitAsync(id, CancellationToken.None);
        if (run.Status != RunStatus.Succeeded)
        {
            throw new InvalidOperationException($"Run {id} ended {run.Status}: {run.Failure?.Message}");
        }
    }

    /// <summary>Runs a pipeline so many times, so many at once.</summary>
    public Task RunManyAsync(PipelineDefinition pipeline, int count, int atOnce) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (_, _) => await RunAsync(pipeline));

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Stores.Dispose();
    }

    /// <summary>A pipeline whose activities run one after the other.</summary>
    public static PipelineDefinition Sequence(string name, int count, string type = "Light") => Load(name, [.. Enumerable.Range(0, count).Select(
        index => Activity($"A{index}", type, index == 0 ? null : $"A{index - 1}"))]);

    public static JsonObject Activity(string name, string type, string? after, JsonObject? typeProperties = null)
    {
        var activity = new JsonObject { ["name"] = name, ["type"] = type, ["typeProperties"] = typeProperties ?? [] };
        if (after is not null)
        {
            activity["dependsOn"] = new JsonArray(new JsonObject
            {
                ["activity"] = after,
                ["dependencyConditions"] = new JsonArray("Succeeded"),
            });
        }

        return activity;
    }

    public static PipelineDefinition Load(string name, params JsonNode[] activities)
    {
        var source = new JsonObject
        {
            ["name"] = name,
            ["properties"] = new JsonObject { ["activities"] = new JsonArray(activities) },
        };
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        return PipelineLoader.Load(source, null, diagnostics) is { } pipeline && diagnostics.Count == 0
            ? pipeline
            : throw new InvalidOperationException(string.Join("\n", diagnostics));
    }
}

/// <summary>An activity of a few lines.</summary>
internal sealed class InlineExecutor(Func<ActivityAttempt, CancellationToken, Task<JsonObject>> execute) : IActivityExecutor
{
    /// <summary>Gives a small output at once.</summary>
    public static InlineExecutor Light { get; } = new((attempt, _) => Task.FromResult(new JsonObject { ["done"] = attempt.Activity.Name }));

    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) => execute(attempt, cancellationToken);
}
