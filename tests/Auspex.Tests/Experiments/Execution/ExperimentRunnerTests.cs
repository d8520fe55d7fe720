using System.Collections.Concurrent;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.Execution;

public sealed class ExperimentRunnerTests
{
    private const string Diamond = """
        { "name": "n", "nodes": {
          "one": { "module": "Numbers" },
          "left": { "module": "Add", "inputs": { "Dataset": "one" }, "parameters": { "Amount": 10 } },
          "right": { "module": "Add", "inputs": { "Dataset": "one" }, "parameters": { "Amount": 100 } },
          "pair": { "module": "Pair", "inputs": { "Left": "left", "Right": "right" } },
          "sum": { "module": "Sum", "inputs": { "Dataset": "pair.Results dataset" } } },
          "webServiceInputs": { "rows": "one", "changed": "left" },
          "webServiceOutputs": { "total": "sum" } }
        """;

    private readonly ExperimentHarness _harness = new();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Run_Diamond_GivesTheSameForAnyNumberOfThreads(int threads)
    {
        var run = await _harness.RunAsync(Diamond, request => request with { Services = ExperimentHarness.Services with { Threads = threads } });

        Assert.Equal(NodeStatus.Finished, run.Status);
        Assert.Equal("x\n112\n114\n116", SmallTables.Print(ExperimentHarness.TableAt(run, "pair", "Results dataset")));
        Assert.Equal("sum\n342", SmallTables.Print(ExperimentHarness.TableAt(run, "sum", "Results dataset")));
        Assert.All(run.Nodes, node => Assert.Equal(NodeStatus.Finished, node.Status));
        Assert.Contains("out 'Results dataset': 1 rows, 1 columns", run.Nodes[^1].Log);
    }

    [Fact]
    public async Task Run_IndependentNodes_RunAtTheSameTime()
    {
        using var bothAreRunning = new Barrier(2);
        var module = LambdaModule.Of("Meet", (context, cancellationToken) =>
        {
            // Each waits for the other: one after the other they would never be done.
            Assert.True(bothAreRunning.SignalAndWait(TimeSpan.FromSeconds(30), cancellationToken));
            context.Set("Results dataset", SmallTables.Numbers("x", 1));
            return Task.CompletedTask;
        });
        var harness = new ExperimentHarness(FakeModules.Catalog(module));

        var run = await harness.RunAsync("""{ "name": "n", "nodes": { "a": { "module": "Meet" }, "b": { "module": "Meet" } } }""");

        Assert.Equal(NodeStatus.Finished, run.Status);
    }

    [Fact]
    public async Task Run_ThreadsAreOne_RunsOneNodeAtATime()
    {
        var running = 0;
        var module = LambdaModule.Of("Alone", async (context, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            context.Set("Results dataset", SmallTables.Numbers("x", 1));
        });
        var harness = new ExperimentHarness(FakeModules.Catalog(module));
        var nodes = string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""  "n{{i}}": { "module": "Alone" } """));

        var run = await harness.RunAsync(
            $$"""{ "name": "n", "nodes": { {{nodes}} } }""",
            request => request with { Services = ExperimentHarness.Services with { Threads = 1 } });

        Assert.Equal(NodeStatus.Finished, run.Status);
    }

    [Fact]
    public async Task Run_NodeFails_SkipsWhatNeedsItAndRunsTheRest()
    {
        var module = LambdaModule.Of("Fail", (_, _) => throw new ModuleException(11, "Nothing is selected."));
        var harness = new ExperimentHarness(FakeModules.Catalog(module));

        var run = await harness.RunAsync("""
            { "name": "n", "nodes": {
              "bad": { "module": "Fail" },
              "needs": { "module": "Add", "inputs": { "Dataset": "bad" } },
              "needsMore": { "module": "Sum", "inputs": { "Dataset": "needs" } },
              "good": { "module": "Numbers" },
              "goodToo": { "module": "Sum", "inputs": { "Dataset": "good" } } } }
            """);

        Assert.Equal(NodeStatus.Failed, run.Status);
        Assert.Equal(
            [("bad", NodeStatus.Failed), ("needs", NodeStatus.Skipped), ("needsMore", NodeStatus.Skipped), ("good", NodeStatus.Finished), ("goodToo", NodeStatus.Finished)],
            run.Nodes.Select(node => (node.Node, node.Status)));
        var error = Assert.Single(run.Errors);
        Assert.Equal((11, "bad", "Fail"), (error.Number, error.Node, error.Module));
        Assert.Contains("Error 0011: Nothing is selected.", run.Nodes[0].Log);
    }

    [Fact]
    public async Task Run_ModuleThrowsSomethingElse_HidesItsText()
    {
        var module = LambdaModule.Of("Crash", (_, _) => throw new FormatException("Value 'secret of a row' is wrong."));
        var harness = new ExperimentHarness(FakeModules.Catalog(module));

        var run = await harness.RunAsync("""{ "name": "n", "nodes": { "bad": { "module": "Crash" } } }""");

        var error = Assert.Single(run.Errors);
        Assert.Equal(1000, error.Number);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
    }

    [Fact]
    public async Task Run_Cancelled_SaysSoForEveryNode()
    {
        using var source = new CancellationTokenSource();
        var module = LambdaModule.Of("Cancel", async (_, cancellationToken) =>
        {
            await source.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        });
        var harness = new ExperimentHarness(FakeModules.Catalog(module));

        var run = await ExperimentRunner.RunAsync(
            harness.Compile("""{ "name": "n", "nodes": { "a": { "module": "Cancel" }, "b": { "module": "Sum", "inputs": { "Dataset": "a" } } } }"""),
            new ExperimentRunRequest { Services = ExperimentHarness.Services },
            source.Token);

        Assert.Equal(NodeStatus.Canceled, run.Status);
        Assert.All(run.Nodes, node => Assert.Equal(NodeStatus.Canceled, node.Status));
        Assert.Empty(run.Errors);
    }

    [Fact]
    public async Task Run_Updates_TellEachStateOnce()
    {
        var updates = new ConcurrentQueue<NodeUpdate>();
        var module = LambdaModule.Of("Slow", (context, _) =>
        {
            context.Services.ReportProgress?.Invoke("rows", 5, 10);
            context.Set("Results dataset", SmallTables.Numbers("x", 1));
            return Task.CompletedTask;
        });
        var harness = new ExperimentHarness(FakeModules.Catalog(module));

        await harness.RunAsync("""{ "name": "n", "nodes": { "a": { "module": "Slow" } } }""", request => request with { OnUpdate = updates.Enqueue });

        Assert.Equal(
            [
                new NodeUpdate("a", "Slow", NodeStatus.Queued),
                new NodeUpdate("a", "Slow", NodeStatus.Running),
                new NodeUpdate("a", "Slow", NodeStatus.Running, "rows", 5, 10),
                new NodeUpdate("a", "Slow", NodeStatus.Finished),
            ],
            updates);
    }

    [Fact]
    public async Task Run_Targets_RunsOnlyWhatTheyNeed()
    {
        var run = await _harness.RunAsync(Diamond, request => request with { Targets = ["right"] });

        Assert.Equal(
            [("one", NodeStatus.Finished), ("left", NodeStatus.NotStarted), ("right", NodeStatus.Finished)],
            run.Nodes.Take(3).Select(node => (node.Node, node.Status)));
    }

    [Fact]
    public async Task Run_InputGiven_TakesTheNodesPlace()
    {
        var run = await _harness.RunAsync(
            Diamond,
            request => request with { IsCall = true, Inputs = new Dictionary<string, TableBatch> { ["rows"] = SmallTables.Numbers("x", 5) } });

        Assert.Equal("sum\n120", SmallTables.Print(ExperimentHarness.TableAt(run, "sum", "Results dataset")));
        Assert.Equal(NodeStatus.NotStarted, run.Nodes.Single(node => node.Node == "one").Status);
    }

    [Fact]
    public async Task Run_BothInputsGiven_OneBehindTheOther_UsesBoth()
    {
        var run = await _harness.RunAsync(
            Diamond,
            request => request with
            {
                IsCall = true,
                Inputs = new Dictionary<string, TableBatch> { ["rows"] = SmallTables.Numbers("x", 5), ["changed"] = SmallTables.Numbers("x", 1) },
            });

        Assert.Equal("sum\n106", SmallTables.Print(ExperimentHarness.TableAt(run, "sum", "Results dataset")));
    }

    [Fact]
    public async Task Run_Call_LetsGoOfWhatNobodyNeeds()
    {
        var run = await _harness.RunAsync(Diamond, request => request with { IsCall = true });

        Assert.Null(run.Find(new PortKey("pair", "Results dataset")));
        Assert.Null(run.Find(new PortKey("pair", "Count")));
        Assert.NotNull(run.Find(new PortKey("sum", "Results dataset")));
    }

    [Fact]
    public async Task Run_UnknownInput_SuggestsTheRightOne()
    {
        var exception = await Assert.ThrowsAsync<WebServiceCallException>(() => _harness.RunAsync(
            Diamond, request => request with { Inputs = new Dictionary<string, TableBatch> { ["Rows"] = SmallTables.Numbers("x", 5) } }));

        Assert.Equal("InvalidInputNames", exception.SubCode);
        Assert.Contains("Did you mean 'rows'?", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SavedAsset_ComesFromItsSource()
    {
        var assets = new ArtifactAssets(
            new Dictionary<Auspex.Definitions.AssetReference, Auspex.Stores.ArtifactId>
            {
                [new(Auspex.Definitions.AssetKind.Dataset, "Some numbers")] =
                    await _harness.Values.SaveAsync(new TableValue(SmallTables.Numbers("x", 4, 5)), CancellationToken.None),
            },
            _harness.Values);
        const string Json = """
            { "name": "n", "nodes": { "d": { "dataset": "Some numbers" }, "m": { "dataset": "Missing" },
              "sum": { "module": "Sum", "inputs": { "Dataset": "d" } } } }
            """;

        var run = await _harness.RunAsync(Json, request => request with { Assets = assets });

        Assert.Equal("sum\n9", SmallTables.Print(ExperimentHarness.TableAt(run, "sum", "Results dataset")));
        Assert.Contains("no saved dataset named 'Missing'", Assert.Single(run.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ModuleForgetsAnOutput_Fails()
    {
        var harness = new ExperimentHarness(FakeModules.Catalog(LambdaModule.Of("Forget", (_, _) => Task.CompletedTask)));

        var run = await harness.RunAsync("""{ "name": "n", "nodes": { "a": { "module": "Forget" } } }""");

        Assert.IsType<InvalidOperationException>(Assert.Single(run.Errors).InnerException);
    }
}
