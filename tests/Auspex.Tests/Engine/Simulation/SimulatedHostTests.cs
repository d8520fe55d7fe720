using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Runs;
using Auspex.Engine.Simulation;
using Auspex.Storage.InMemory;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Simulation;

public sealed class SimulatedHostTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_OfAPipelineThatExecutesAnother_DescribesBothAndTakesVirtualTime()
    {
        var executor = new Sleeper();
        await using var host = Create(executor, "a");

        var run = await RunAsync(host, TimeSpan.FromDays(30));

        Assert.Equal(RunStatus.Succeeded, run.Run.Status);
        Assert.Equal(TimeSpan.FromDays(5), run.Run.End - run.Run.Start);
        Assert.Equal(["Wait", "Call", "Call/Each", "Call/Each[0]/Work", "Call/Each[1]/Work"], run.Activities.Select(activity => activity.Path));
        Assert.Equal(2, run.Iterations["Call/Each"]);
        Assert.Equal(["Call/Each[0]/Work", "Call/Each[1]/Work"], executor.Paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_PastItsLimit_ReturnsTheRunAsItIs()
    {
        await using var host = Create(new Sleeper(), "a");

        var run = await RunAsync(host, TimeSpan.FromDays(1));

        Assert.Equal(RunStatus.InProgress, run.Run.Status);
        Assert.Null(run.Run.End);
    }

    [Fact]
    public async Task RunAsync_WithTheSameSeed_GivesTheSameIds()
    {
        await using var first = Create(new Sleeper(), "a");
        await using var second = Create(new Sleeper(), "a");
        await using var other = Create(new Sleeper(), "b");

        var runs = new[] { await RunAsync(first, TimeSpan.FromDays(30)), await RunAsync(second, TimeSpan.FromDays(30)), await RunAsync(other, TimeSpan.FromDays(30)) };

        Assert.Equal(runs[0].Activities.Select(activity => activity.Id), runs[1].Activities.Select(activity => activity.Id));
        Assert.NotEqual(runs[0].Run.Id, runs[2].Run.Id);
    }

    private static async Task<SimulatedRun> RunAsync(SimulatedHost host, TimeSpan limit)
    {
        await host.StartAsync(Cancellation);
        return await host.RunAsync(new PipelineRunRequest { Factory = "f", Pipeline = Factory.Pipelines["P"] }, limit, Cancellation);
    }

    private static FactoryDefinition Factory { get; } = Load();

    private static FactoryDefinition Load()
    {
        var factory = new FactoryDefinition { Name = "f" };
        foreach (var pipeline in new[]
        {
            """
            {"name": "P", "properties": {"activities": [
              {"name": "Wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 172800}},
              {"name": "Call", "type": "ExecutePipeline", "dependsOn": [{"activity": "Wait", "dependencyConditions": ["Succeeded"]}],
                "typeProperties": {"pipeline": {"referenceName": "C", "type": "PipelineReference"}, "waitOnCompletion": true}}]}}
            """,
            """
            {"name": "C", "properties": {"activities": [{"name": "Each", "type": "ForEach", "typeProperties": {
              "items": {"value": "@range(0, 2)", "type": "Expression"}, "activities": [{"name": "Work", "type": "Copy", "policy": {"timeout": "7.00:00:00"}, "typeProperties": {}}]}}]}}
            """,
        }.Select(RunHarness.Load))
        {
            factory = factory with { Pipelines = factory.Pipelines.SetItem(pipeline.Name, pipeline) };
        }

        return factory;
    }

    private static SimulatedHost Create(Sleeper executor, string seed)
    {
        var host = new SimulatedHost(new SimulationOptions
        {
            Factory = Factory,
            Catalog = new ActivityCatalog().Add("Copy", executor),
            Journal = new InMemoryRunJournal(),
            Artifacts = new InMemoryArtifactStore(),
            Triggers = new InMemoryTriggerStore(),
            Start = Start,
            Seed = seed,
        });
        executor.Host = host;
        return host;
    }

    private sealed class Sleeper : IActivityExecutor
    {
        private readonly Lock _lock = new();

        public SimulatedHost? Host { get; set; }

        public List<string> Paths { get; } = [];

        public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
        {
            var place = await Host!.LocateAsync(attempt.RunId, cancellationToken);
            lock (_lock)
            {
                Paths.Add(place.PathOf(attempt.Path));
            }

            await Host.SleepAsync(TimeSpan.FromDays(3), cancellationToken);
            return [];
        }
    }
}
