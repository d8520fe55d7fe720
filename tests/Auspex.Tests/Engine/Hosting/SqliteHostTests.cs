using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Runs;
using Auspex.Storage;
using Auspex.TestKit;
using Auspex.TestKit.Engine;
using Auspex.TestKit.Storage;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

/// <summary>The engine on its real stores, with the real clock.</summary>
public sealed class SqliteHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OnAFolder_IsTakenUpByTheNextProcess()
    {
        var executor = new StoppableExecutor();
        RunId id;
        using (var stores = LocalStores.Open(_folder.File("data")))
        {
            await using var host = CreateHost(stores, executor);
            await host.StartHostAsync(Token);
            id = await host.StartAsync(
                new PipelineRunRequest { Factory = "f", Pipeline = RunHarness.Load(PipelineText.OfGraph("A; B<A:Succeeded")) }, Token);
            await executor.Started.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        using (var stores = LocalStores.Open(_folder.File("data")))
        {
            executor.Release();
            await using var host = CreateHost(stores, executor);
            await host.StartHostAsync(Token);

            var run = await host.WaitAsync(id, Token).WaitAsync(TimeSpan.FromSeconds(30), Token);

            Assert.Equal(RunStatus.Succeeded, run.Status);
            Assert.Equal(["A", "B"], (await host.ListActivityRunsAsync(id, Token)).Select(activity => activity.Name));
            Assert.Equal(["A", "A", "B"], executor.Handed);
        }
    }

    [Fact]
    public async Task Runs_ManyAtOnce_AllEnd()
    {
        using var stores = LocalStores.Open(_folder.File("data"));
        var executor = new StoppableExecutor();
        executor.Release();
        await using var host = CreateHost(stores, executor);
        await host.StartHostAsync(Token);
        var pipeline = RunHarness.Load(PipelineText.OfGraph("A; B<A:Succeeded; C<A:Succeeded; D<B:Succeeded,C:Succeeded"));

        var runs = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            var id = await host.StartAsync(new PipelineRunRequest { Factory = "f", Pipeline = pipeline }, Token);
            return await host.WaitAsync(id, Token);
        }));

        Assert.All(runs, run => Assert.Equal(RunStatus.Succeeded, run.Status));
        Assert.Equal(200, (await host.ListAsync(new RunQuery(Take: 1_000), Token)).Length);
    }

    public void Dispose() => _folder.Dispose();

    private static LocalRunHost CreateHost(LocalStores stores, IActivityExecutor executor) => new(
        stores.Journal, stores.Artifacts, new InMemoryDefinitionStore(), new ActivityCatalog().Add("Test", executor), stores.Secrets);

    private sealed class StoppableExecutor : IActivityExecutor
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Handed { get; } = [];

        public void Release() => _released.TrySetResult();

        public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
        {
            lock (Handed)
            {
                Handed.Add(attempt.Activity.Name);
            }

            Started.TrySetResult();
            await _released.Task.WaitAsync(cancellationToken);
            return [];
        }
    }
}
