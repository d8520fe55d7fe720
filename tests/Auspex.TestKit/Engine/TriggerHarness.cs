using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Runs;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Auspex.Storage.InMemory;
using Xunit;

namespace Auspex.TestKit.Engine;

/// <summary>Fires triggers of a factory whose activities are scripted, under a clock that jumps to whatever is due next.</summary>
internal sealed class TriggerHarness : IAsyncDisposable
{
    public const string Factory = RunHarness.Factory;

    private TriggerHost? _host;

    public RunHarness Runs { get; } = new();

    public TestClock Clock => Runs.Clock;

    /// <summary>What is left when a host dies.</summary>
    public InMemoryTriggerStore Memory { get; } = new();

    /// <summary>What hosts use: <see cref="Memory"/>, or something that stands before it.</summary>
    public ITriggerStore Store { get; set; }

    public IBlobWatch? Blobs { get; set; }

    // Nobody edits definitions behind a test's back: looking for that would only fill the clock.
    public TriggerOptions Options { get; } = new() { CheckInterval = TimeSpan.FromDays(1) };

    public TriggerHost Host => _host ?? throw new InvalidOperationException("No trigger host was started.");

    public TriggerHarness() => Store = Memory;

    /// <summary>Adds a pipeline of one scripted activity, which gets the pipeline's parameters.</summary>
    public TriggerHarness AddPipeline(string name, params string[] parameters)
    {
        var declared = new JsonObject(parameters.Select(parameter =>
            KeyValuePair.Create<string, JsonNode?>(parameter, new JsonObject { ["type"] = "String" })));
        var given = new JsonObject(parameters.Select(parameter =>
            KeyValuePair.Create<string, JsonNode?>(parameter, $"@pipeline().parameters.{parameter}")));
        Runs.AddPipeline(new JsonObject
        {
            ["name"] = name,
            ["properties"] = new JsonObject
            {
                ["parameters"] = declared,
                ["activities"] = new JsonArray(new JsonObject { ["name"] = "Work", ["type"] = "Test", ["typeProperties"] = given }),
            },
        }.ToJsonString());
        return this;
    }

    /// <summary>Adds or replaces a trigger.</summary>
    public TriggerHarness AddTrigger(string name, string type, string typeProperties, string pipeline = "P", string parameters = "{}", string? runtimeState = null)
    {
        var reference = new JsonObject
        {
            ["pipelineReference"] = new JsonObject { ["type"] = "PipelineReference", ["referenceName"] = pipeline },
            ["parameters"] = JsonNode.Parse(parameters),
        };
        var source = new JsonObject
        {
            ["name"] = name,
            ["properties"] = new JsonObject
            {
                ["type"] = type,
                ["runtimeState"] = runtimeState,
                [type == "TumblingWindowTrigger" ? "pipeline" : "pipelines"] =
                    type == "TumblingWindowTrigger" ? reference : new JsonArray(reference),
                ["typeProperties"] = JsonNode.Parse(typeProperties),
            },
        };
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var trigger = TriggerLoader.Load(source, new DefinitionOrigin(null), diagnostics)!;
        Assert.Empty(diagnostics);
        var factory = Runs.Definitions.FindFactory(Factory) ?? new FactoryDefinition { Name = Factory };
        Runs.Definitions.Factories[Factory] = factory with { Triggers = factory.Triggers.SetItem(name, trigger) };
        return this;
    }

    /// <summary>An hourly tumbling window trigger.</summary>
    public TriggerHarness AddWindows(string name, string startTime, string more = "", string pipeline = "P", int concurrency = 1) => AddTrigger(
        name,
        "TumblingWindowTrigger",
        $$"""{"frequency": "Hour", "interval": 1, "startTime": "{{startTime}}", "maxConcurrency": {{concurrency}} {{(more.Length > 0 ? ", " + more : "")}}}""",
        pipeline,
        """{"start": "@trigger().outputs.windowStartTime", "end": "@{trigger().outputs.windowEndTime}"}""");

    public async Task<TriggerHost> BeginAsync()
    {
        await Runs.StartHostAsync();
        _host = new TriggerHost(Store, Runs.Host, Runs.Definitions, Options, Clock, Blobs);
        await _host.StartHostAsync(CancellationToken.None);
        await Runs.QuietAsync();
        return _host;
    }

    public async Task StartAsync(string trigger)
    {
        await Host.StartAsync(Factory, trigger, CancellationToken.None);
        await Runs.QuietAsync();
    }

    /// <summary>Moves the clock to a moment, letting everything on the way happen.</summary>
    public async Task AdvanceToAsync(DateTimeOffset moment)
    {
        await Runs.QuietAsync();
        while (Clock.AdvanceToNextTimer(moment - Clock.GetUtcNow()))
        {
            await Runs.QuietAsync();
        }

        Clock.Advance(moment - Clock.GetUtcNow());
        await Runs.QuietAsync();
    }

    public Task AdvanceAsync(TimeSpan span) => AdvanceToAsync(Clock.GetUtcNow() + span);

    public async Task<ImmutableArray<TriggerRun>> RunsOfAsync(string? trigger = null)
    {
        var page = await Host.QueryRunsAsync(
            new TriggerRunQuery
            {
                Factory = Factory,
                Filters = trigger is null ? [] : [new TriggerRunFilter("TriggerName", "Equals", [trigger])],
                Descending = false,
                Take = 1_000,
            },
            CancellationToken.None);
        return page.Runs;
    }

    /// <summary>The windows of a trigger as <c>hh:mm Status</c>, in order of window and rerun.</summary>
    public async Task<string> WindowsOfAsync(string trigger) => string.Join(", ", (await RunsOfAsync(trigger))
        .OrderBy(run => run.WindowStart).ThenBy(run => run.Rerun)
        .Select(run => $"{run.WindowStart!.Value.UtcDateTime:HH:mm} {run.Status}"));

    /// <summary>The pipeline runs in order of their start.</summary>
    public async Task<ImmutableArray<PipelineRun>> PipelineRunsAsync()
    {
        var runs = await Runs.Host.ListAsync(new RunQuery(Take: 1_000), CancellationToken.None);
        return [.. runs.Reverse()];
    }

    /// <summary>Lets the hosts die as a process does.</summary>
    public void Abandon()
    {
        Runs.AbandonHost();
        _host = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await Runs.DisposeAsync();
    }
}
