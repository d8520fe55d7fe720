using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Engine.Triggers;
using Xunit;

namespace Auspex.TestKit.Engine;

/// <summary>What every backend of <see cref="ITriggerStore"/> keeps to.</summary>
public abstract class TriggerStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ITriggerStore Store { get; }

    [Fact]
    public async Task Apply_WithAnotherVersion_ChangesNothing()
    {
        var state = State("T") with { Grid = "g", NextWindow = 7, Since = Noon, RuntimeState = TriggerRuntimeState.Started };
        Assert.Equal(1, await Store.ApplyAsync(new TriggerChange { State = state, NewRuns = [Run("T", "1")] }));
        Assert.Null(await Store.ApplyAsync(new TriggerChange { State = state, NewRuns = [Run("T", "2")] }));
        Assert.Null(await Store.ApplyAsync(new TriggerChange { State = state with { Version = 2 }, NewRuns = [Run("T", "2")] }));

        Assert.Equal(state with { Version = 1 }, await Store.FindAsync("FACTORY", "t", Token));
        Assert.Null(await Store.FindAsync("factory", "x", Token));
        Assert.Equal(["T"], (await Store.ListAsync(Token)).Select(found => found.Trigger));
        Assert.Null(await Store.FindRunAsync("factory", "T", "2", Token));
    }

    [Fact]
    public async Task Apply_ARunThatExists_LeavesItAsItIs()
    {
        var run = Run("T", "1") with { Body = new JsonObject { ["a"] = 1 }, Attempt = 3, RetryAt = Noon, IsCancelRequested = true };
        await Store.ApplyAsync(new TriggerChange { State = State("T"), NewRuns = [run] });
        var ended = run with { Run = run.Run with { Status = TriggerRunStatus.Failed, Message = "m", End = Noon, Pipelines = [new TriggeredRun("P", new RunId("r"))] } };
        await Store.ApplyAsync(new TriggerChange { State = State("T") with { Version = 1 }, ChangedRuns = [ended] });

        Assert.Equal(0, await Store.ApplyAsync(new TriggerChange { State = State("T") with { Version = 2 }, NewRuns = [run] }));

        var found = (await Store.FindRunAsync("Factory", "t", "1", Token))!;
        Assert.Equal(ended.ToUtf8(), found.ToUtf8());
        Assert.Empty(await Store.ListOpenRunsAsync("factory", "T", Token));
    }

    [Fact]
    public async Task ListRuns_ByWindow_GivesThemInOrder()
    {
        await Store.ApplyAsync(new TriggerChange
        {
            State = State("T"),
            NewRuns = [Window(2, 0), Window(0, 1), Window(0, 0), Window(1, 0), Window(3, 0)],
        });

        Assert.Equal("0.0 0.1 1.0 2.0 3.0", Names(await Store.ListOpenRunsAsync("factory", "T", Token)));
        Assert.Equal("0.0 0.1 1.0", Names(await Store.ListWindowRunsAsync("factory", "T", Noon, Noon.AddHours(2), Token)));
    }

    [Fact]
    public async Task RemoveRuns_ThatEndedBefore_LeavesOpenOnesAndWindows()
    {
        StoredTriggerRun At(string id, int hour, TriggerRunStatus status)
        {
            var run = Run("T", id);
            return run with { Run = run.Run with { Status = status, Updated = Noon.AddHours(hour) } };
        }

        var window = Window(0, 0);
        await Store.ApplyAsync(new TriggerChange
        {
            State = State("T"),
            NewRuns =
            [
                At("1", 0, TriggerRunStatus.Succeeded), At("2", 1, TriggerRunStatus.Failed), At("3", 9, TriggerRunStatus.Succeeded),
                At("4", 0, TriggerRunStatus.Running), window with { Run = window.Run with { Status = TriggerRunStatus.Succeeded } },
            ],
        });

        Assert.Equal(1, await Store.RemoveRunsAsync(Noon.AddHours(5), 1, Token));
        Assert.Null(await Store.FindRunAsync("factory", "T", "1", Token));
        Assert.Equal(1, await Store.RemoveRunsAsync(Noon.AddHours(5), 10, Token));
        Assert.Equal(0, await Store.RemoveRunsAsync(Noon.AddHours(5), 10, Token));
        Assert.NotNull(await Store.FindRunAsync("factory", "T", "3", Token));
        Assert.NotNull(await Store.FindRunAsync("factory", "T", "4", Token));
        Assert.NotNull(await Store.FindRunAsync("factory", "T", window.Run.Id, Token));
    }

    [Fact]
    public async Task SelectRuns_PageByPage_GivesEachOnce()
    {
        for (var trigger = 0; trigger < 3; trigger++)
        {
            var name = $"T{trigger.ToString(CultureInfo.InvariantCulture)}";
            await Store.ApplyAsync(new TriggerChange
            {
                State = State(name),
                NewRuns =
                [
                    .. Enumerable.Range(0, 5).Select(index => Run(name, $"{name}-{index.ToString(CultureInfo.InvariantCulture)}", Noon.AddHours(index / 2))),
                ],
            });
        }

        foreach (var order in Enum.GetValues<TriggerRunOrder>())
        {
            foreach (var descending in new[] { true, false })
            {
                var selection = new TriggerRunSelection { Factory = "factory", OrderBy = order, Descending = descending, Take = 4 };
                var ids = new List<string>();
                while (await Store.SelectRunsAsync(selection, Token) is { IsEmpty: false } page)
                {
                    ids.AddRange(page.Select(run => run.Run.Id));
                    selection = selection with { After = TriggerRunPosition.Of(page[^1].Run) };
                }

                Assert.Equal(15, ids.Distinct().Count());
                Assert.Equal(15, ids.Count);
                Assert.Equal(descending ? "T2-4" : "T0-0", ids[0]);
            }
        }
    }

    [Fact]
    public async Task Blobs_AreKeptByPathToTheLetter()
    {
        await Store.ApplyAsync(new TriggerChange { State = State("T"), BlobsSeen = [new("c/a", "1"), new("c/A", "2")] });
        await Store.ApplyAsync(new TriggerChange { State = State("T") with { Version = 1 }, BlobsSeen = [new("c/a", "3"), new("c/b", "4")], BlobsGone = ["c/A"] });

        Assert.Equal(["c/a 3", "c/b 4"], (await Store.ListBlobsAsync("factory", "t", Token)).Select(blob => $"{blob.Path} {blob.ETag}").Order(StringComparer.Ordinal));
        Assert.Equal("4", (await Store.FindBlobAsync("factory", "T", "c/b", Token))?.ETag);
        Assert.Null(await Store.FindBlobAsync("factory", "T", "c/B", Token));

        await Store.ApplyAsync(new TriggerChange { State = State("T") with { Version = 2 }, ForgetBlobs = true, BlobsSeen = [new("c/z", "5")] });
        Assert.Equal([new KnownBlob("c/z", "5")], await Store.ListBlobsAsync("factory", "T", Token));
    }

    [Fact]
    public async Task Apply_FromManySidesAtOnce_LetsOneThrough()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => Task.Run(() =>
            Store.ApplyAsync(new TriggerChange { State = State("T"), NewRuns = [Run("T", index.ToString(CultureInfo.InvariantCulture))] }))));

        Assert.Single(results, result => result == 1);
        Assert.Single(await Store.ListOpenRunsAsync("factory", "T", Token));
    }

    private static TriggerState State(string name) => new() { Factory = "factory", Trigger = name };

    private static StoredTriggerRun Window(int hour, int rerun)
    {
        var run = Run("T", string.Create(CultureInfo.InvariantCulture, $"{hour}.{rerun}"));
        return run with { Run = run.Run with { WindowStart = Noon.AddHours(hour), WindowEnd = Noon.AddHours(hour + 1), Rerun = rerun } };
    }

    private static string Names(IEnumerable<StoredTriggerRun> runs) => string.Join(' ', runs.Select(run => run.Run.Id));

    private static StoredTriggerRun Run(string trigger, string id, DateTimeOffset? at = null) => new()
    {
        Occurrence = id,
        Run = new TriggerRun
        {
            Id = id,
            Factory = "factory",
            Trigger = trigger,
            TriggerType = "ScheduleTrigger",
            Timestamp = at ?? Noon,
            ScheduledTime = Noon,
            Status = TriggerRunStatus.Running,
            Updated = Noon,
        },
    };
}
