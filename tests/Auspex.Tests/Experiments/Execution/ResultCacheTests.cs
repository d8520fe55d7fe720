using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.Execution;

public sealed class ResultCacheTests
{
    private const string Training = """
        { "name": "n", "nodes": {
          "data": { "module": "Numbers", "parameters": { "Values": "VALUES" } },
          "plus": { "module": "Add", "inputs": { "Dataset": "data" }, "parameters": { "Amount": AMOUNT } },
          "learner": { "module": "Fake Learner", "parameters": { "Random number seed": SEED } },
          "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "plus" } },
          "score": { "module": "Fake Scorer", "inputs": { "Trained model": "train", "Dataset": "data" } } } }
        """;

    public static TheoryData<string> Caches => ["memory", "stored", "both"];

    private readonly ExperimentHarness _harness = new();
    private readonly FakeDocumentStore _documents = new();

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task Run_NothingChanged_RunsNothingButWhatCannotBeStored(string kind)
    {
        var cache = Make(kind);
        var first = await RunAsync(cache);

        var second = await RunAsync(cache);

        Assert.Equal(NodeStatus.Finished, second.Status);
        Assert.Equal(
            kind == "stored" ? ["data", "plus", "train", "score"] : ["data", "plus", "learner", "train", "score"],
            FromCache(second));
        Assert.Empty(FromCache(first));
        Assert.Equal(
            SmallTables.Print(ExperimentHarness.TableAt(first, "score", "Scored dataset")),
            SmallTables.Print(ExperimentHarness.TableAt(second, "score", "Scored dataset")));
    }

    [Fact]
    public async Task Run_ParameterChanged_RunsThatNodeAndWhatFollows()
    {
        var cache = Make("memory");
        await RunAsync(cache);

        Assert.Equal(["data", "learner"], FromCache(await RunAsync(cache, amount: 2)));
        Assert.Equal(["learner"], FromCache(await RunAsync(cache, values: "1;5")));
        Assert.Equal(["data", "plus", "learner", "train", "score"], FromCache(await RunAsync(cache)));
    }

    [Fact]
    public async Task Run_NewModuleVersion_RunsAnew()
    {
        var cache = Make("memory");
        var module = new NumbersModule();
        var newer = new NumbersModule { Descriptor = module.Descriptor with { Version = 2 } };
        const string Json = """{ "name": "n", "nodes": { "data": { "module": "Numbers" } } }""";

        foreach (var numbers in new[] { module, module, newer })
        {
            await new ExperimentHarness(new Auspex.Experiments.Catalog.ModuleCatalog().Add(numbers)).RunAsync(Json, request => request with { Cache = cache });
        }

        Assert.Equal((1, 1), (module.Runs, newer.Runs));
    }

    [Fact]
    public async Task Run_OutsideGivesTheSame_OnlyTheReaderRunsAgain()
    {
        var value = 1.0;
        var reader = LambdaModule.Of(
            "Read outside",
            (context, _) =>
            {
                context.Set("Results dataset", SmallTables.Numbers("x", value));
                return Task.CompletedTask;
            },
            isDeterministic: false,
            [new ModuleParameter { Name = "Use cached results", Kind = ParameterKind.Boolean, Default = "False" }]);
        var harness = new ExperimentHarness(FakeModules.Catalog(reader));
        var cache = Make("memory");
        const string Json = """
            { "name": "n", "nodes": { "read": { "module": "Read outside", "parameters": { "Use cached results": USE } },
              "sum": { "module": "Sum", "inputs": { "Dataset": "read" } } } }
            """;

        Task<ExperimentRunResult> RunAsync(string use) =>
            harness.RunAsync(Json.Replace("USE", use, StringComparison.Ordinal), request => request with { Cache = cache });

        Assert.Empty(FromCache(await RunAsync("false")));
        Assert.Equal(["sum"], FromCache(await RunAsync("false")));
        value = 2;
        Assert.Empty(FromCache(await RunAsync("false")));
        await RunAsync("true");
        value = 3;
        Assert.Equal(["read", "sum"], FromCache(await RunAsync("true")));
    }

    [Fact]
    public async Task Run_SeedOfZero_StaysUnchangedAndNeverMixesTwoRuns()
    {
        var draws = 0;
        var split = LambdaModule.Of(
            "Draw",
            (context, _) =>
            {
                context.Set("Results dataset", SmallTables.Numbers("x", ++draws));
                return Task.CompletedTask;
            },
            parameters: [new ModuleParameter { Name = "Random seed", Kind = ParameterKind.Integer, Default = "0" }]);
        var harness = new ExperimentHarness(FakeModules.Catalog(split));
        const string Json = """
            { "name": "n", "nodes": { "draw": { "module": "Draw" }, "sum": { "module": "Sum", "inputs": { "Dataset": "draw" } } } }
            """;
        var cache = new ForgetfulCache();

        await harness.RunAsync(Json, request => request with { Cache = cache });
        Assert.Equal(["draw", "sum"], FromCache(await harness.RunAsync(Json, request => request with { Cache = cache })));

        // The draw is forgotten and made anew: the sum of the first draw must not stand beside the second.
        cache.Forget = result => result.Outputs["Results dataset"] is TableValue { Table: var table } && table.Schema.Fields[0].Name == "x";
        var third = await harness.RunAsync(Json, request => request with { Cache = cache });

        Assert.Empty(FromCache(third));
        Assert.Equal("sum\n2", SmallTables.Print(ExperimentHarness.TableAt(third, "sum", "Results dataset")));
    }

    [Fact]
    public async Task Run_LearnerSeedOfZero_TrainerIsUnchangedToo()
    {
        var cache = Make("memory");
        await RunAsync(cache, seed: "0");

        Assert.Equal(["data", "plus", "learner", "train", "score"], FromCache(await RunAsync(cache, seed: "0")));
    }

    [Fact]
    public async Task Run_ExternalInput_CountsByItsContent()
    {
        const string Json = """
            { "name": "n", "nodes": { "data": { "module": "Numbers" }, "sum": { "module": "Sum", "inputs": { "Dataset": "data" } } },
              "webServiceInputs": { "rows": "data" } }
            """;
        var cache = Make("memory");
        Task<ExperimentRunResult> RunAsync(double value) => _harness.RunAsync(
            Json,
            request => request with { Cache = cache, Inputs = new Dictionary<string, TableBatch> { ["rows"] = SmallTables.Numbers("x", value) } });

        Assert.Empty(FromCache(await RunAsync(1)));
        Assert.Equal(["sum"], FromCache(await RunAsync(1)));
        Assert.Empty(FromCache(await RunAsync(2)));
    }

    [Fact]
    public async Task Stored_ArtifactsGone_RunsAgain()
    {
        var cache = Make("stored");
        await RunAsync(cache);
        _harness.Artifacts.Clear();

        var again = await RunAsync(cache);

        Assert.Equal(NodeStatus.Finished, again.Status);
        Assert.Empty(FromCache(again));
    }

    [Fact]
    public async Task Memory_Full_ForgetsWhatWasNotUsedForLongest()
    {
        var cache = new MemoryResultCache(limitInBytes: 100);
        for (var i = 0; i < 12; i++)
        {
            var key = i.ToString(CultureInfo.InvariantCulture);
            await cache.PutAsync(
                key,
                new CachedResult(key, new Dictionary<string, PortValue> { ["x"] = new TableValue(SmallTables.Numbers("x", 1)) }),
                CancellationToken.None);
            await cache.FindAsync("0", CancellationToken.None);
        }

        await cache.PutAsync(
            "13", new CachedResult("13", new Dictionary<string, PortValue> { ["x"] = new TableValue(SmallTables.Numbers("x", 1)) }), CancellationToken.None);

        Assert.NotNull(await cache.FindAsync("0", CancellationToken.None));
        Assert.Null(await cache.FindAsync("1", CancellationToken.None));
        Assert.NotNull(await cache.FindAsync("13", CancellationToken.None));
    }

    private static IEnumerable<string> FromCache(ExperimentRunResult run) =>
        run.Nodes.Where(node => node.IsFromCache).Select(node => node.Node);

    private IResultCache Make(string kind) => kind switch
    {
        "memory" => new MemoryResultCache(),
        "stored" => new StoredResultCache(_documents, _harness.Values),
        _ => new StoredResultCache(_documents, _harness.Values, new MemoryResultCache()),
    };

    private Task<ExperimentRunResult> RunAsync(IResultCache cache, string values = "1;2;3", int amount = 1, string seed = "7") =>
        _harness.RunAsync(
            Training.Replace("VALUES", values, StringComparison.Ordinal)
                .Replace("AMOUNT", amount.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("SEED", seed, StringComparison.Ordinal),
            request => request with { Cache = cache });

    private sealed class ForgetfulCache : IResultCache
    {
        private readonly MemoryResultCache _inner = new();

        public Func<CachedResult, bool> Forget { get; set; } = _ => false;

        public async Task<CachedResult?> FindAsync(string key, CancellationToken cancellationToken) =>
            await _inner.FindAsync(key, cancellationToken) is { } result && !Forget(result) ? result : null;

        public Task PutAsync(string key, CachedResult result, CancellationToken cancellationToken) =>
            _inner.PutAsync(key, result, cancellationToken);
    }
}
