using System.Text.Json.Nodes;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Triggers;

public sealed class BlobTriggerTests
{
    private const string Scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(11);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Started_FiresForBlobsThatComeChangeAndGo()
    {
        var blobs = new FakeBlobWatch().Write("in/day/old.csv");
        await using var harness = Harness(blobs, """ "Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted" """);
        await harness.BeginAsync();
        await harness.StartAsync("B");
        await harness.AdvanceAsync(Poll);
        Assert.Empty(await FilesAsync(harness));

        blobs.Write("in/day/sub/a.csv").Write("in/day/b.txt").Write("in/other.csv").Write("in/day/empty.csv", size: 0);
        await harness.AdvanceAsync(Poll);
        Assert.Equal(["in/day/sub|a.csv"], await FilesAsync(harness));

        blobs.Write("in/day/old.csv").Write("in/day/empty.csv");
        blobs.Delete("in/day/sub/a.csv");
        await harness.AdvanceAsync(Poll);
        await harness.AdvanceAsync(Poll);
        Assert.Equal(["in/day/sub|a.csv", "in/day|empty.csv", "in/day|old.csv", "in/day/sub|a.csv"], await FilesAsync(harness));
    }

    [Fact]
    public async Task HostWasDown_WhatCameMeanwhileIsFoundOnce()
    {
        var blobs = new FakeBlobWatch();
        await using var harness = Harness(blobs);
        await harness.BeginAsync();
        await harness.StartAsync("B");
        await harness.Host.DisposeAsync();
        await harness.Runs.Host.DisposeAsync();
        harness.Abandon();
        for (var index = 0; index < 450; index++)
        {
            blobs.Write($"in/day/{index}.csv");
        }

        await harness.BeginAsync();
        await harness.AdvanceAsync(Poll);

        Assert.Equal(450, (await FilesAsync(harness)).Distinct().Count());
        Assert.Equal(450, (await harness.PipelineRunsAsync()).Length);
    }

    [Fact]
    public async Task FileBeingWritten_CountsOnceItLooksTheSameTwice()
    {
        var blobs = new FakeBlobWatch { ShowsWholeBlobs = false };
        await using var harness = Harness(blobs);
        await harness.BeginAsync();
        await harness.StartAsync("B");
        for (var index = 0; index < 5; index++)
        {
            blobs.Write("in/day/slow.csv", index + 1);
            await harness.AdvanceAsync(TimeSpan.FromSeconds(index == 0 ? 10.5 : 1));
            Assert.Empty(await FilesAsync(harness));
        }

        await harness.AdvanceAsync(Poll);
        Assert.Equal(["in/day|slow.csv"], await FilesAsync(harness));
    }

    [Fact]
    public async Task StoppedAndStarted_WhatCameMeanwhileStartsNothing()
    {
        var blobs = new FakeBlobWatch();
        await using var harness = Harness(blobs);
        await harness.BeginAsync();
        await harness.StartAsync("B");
        await harness.Host.StopAsync("factory", "B", Token);
        blobs.Write("in/day/a.csv");
        await harness.AdvanceAsync(Poll);
        await harness.StartAsync("B");
        blobs.Write("in/day/b.csv");
        await harness.AdvanceAsync(Poll);

        Assert.Equal(["in/day|b.csv"], await FilesAsync(harness));
    }

    [Fact]
    public async Task StoreThatCannotBeListed_IsTheTriggersProblemUntilItCan()
    {
        var blobs = new FakeBlobWatch();
        await using var harness = Harness(blobs);
        await harness.BeginAsync();
        await harness.StartAsync("B");
        blobs.Failure = new TriggerException(ErrorCode.TriggerStoreUnavailable, TriggerError.Invalid, "The store is away.");
        await harness.AdvanceAsync(Poll);
        Assert.Contains("The store is away.", (await harness.Host.GetAsync("factory", "B", Token)).Problem, StringComparison.Ordinal);

        blobs.Failure = null;
        blobs.Write("in/day/a.csv");
        await harness.AdvanceAsync(Poll);
        Assert.Null((await harness.Host.GetAsync("factory", "B", Token)).Problem);
        Assert.Equal(["in/day|a.csv"], await FilesAsync(harness));
    }

    [Fact]
    public async Task Crash_AfterEachWrite_FiresEachBlobOnce()
    {
        for (var lifetime = 1; lifetime < 60; lifetime++)
        {
            var blobs = new FakeBlobWatch().Write("in/day/old.csv");
            await using var harness = Harness(blobs, runtimeState: "Started");
            await harness.BeginAsync();
            await harness.AdvanceAsync(Poll);
            await harness.Host.DisposeAsync();
            await harness.Runs.Host.DisposeAsync();
            harness.Abandon();

            blobs.Write("in/day/a.csv").Write("in/day/b.csv").Write("in/day/c.csv");
            var life = new ProcessLife(lifetime);
            harness.Store = new MortalTriggerStore(harness.Memory, life);
            harness.Runs.Store = new MortalJournal(harness.Runs.Journal, life);
            await harness.BeginAsync();
            await harness.AdvanceAsync(Poll);
            var isDead = life.IsDead;
            if (isDead)
            {
                harness.Abandon();
                harness.Store = harness.Memory;
                harness.Runs.Store = harness.Runs.Journal;
                harness.Clock.Advance(TimeSpan.FromMinutes(11));
                await harness.BeginAsync();
                await harness.AdvanceAsync(Poll);
            }

            Assert.Equal(["in/day|a.csv", "in/day|b.csv", "in/day|c.csv"], (await FilesAsync(harness)).Order(StringComparer.Ordinal));
            Assert.Equal(3, (await harness.PipelineRunsAsync()).Length);
            if (!isDead)
            {
                Assert.True(lifetime > 3);
                return;
            }
        }

        Assert.Fail("The process never lived to the end.");
    }

    [Fact]
    public async Task PostedEvents_StartOnceHoweverOftenAndWhereverTheyAreSeen()
    {
        var blobs = new FakeBlobWatch();
        await using var harness = Harness(blobs);
        await harness.BeginAsync();
        await harness.StartAsync("B");
        blobs.Write("in/day/a.csv");
        var posted = Posted("1", "a.csv", blobs.ETagOf("in/day/a.csv"));

        Assert.Equal(1, (await harness.Host.ReceiveEventsAsync("factory", posted, Token)).Started);
        Assert.Equal(0, (await harness.Host.ReceiveEventsAsync("factory", posted, Token)).Started);
        await harness.AdvanceAsync(Poll);
        Assert.Equal(["in/day|a.csv"], await FilesAsync(harness));

        blobs.Write("in/day/b.csv");
        await harness.AdvanceAsync(Poll);
        Assert.Equal(0, (await harness.Host.ReceiveEventsAsync("factory", Posted("2", "b.csv", blobs.ETagOf("in/day/b.csv")), Token)).Started);
        Assert.Equal(0, (await harness.Host.ReceiveEventsAsync("factory", Posted("3", "c.csv", "x", Scope + "2"), Token)).Started);
        Assert.Equal(0, (await harness.Host.ReceiveEventsAsync("factory", Posted("4", "c.txt", "x"), Token)).Started);
        Assert.Equal(2, (await FilesAsync(harness)).Count);
    }

    private static JsonArray Posted(string id, string file, string etag, string topic = Scope) =>
    [
        JsonNode.Parse($$"""
            {"id": "{{id}}", "topic": "{{topic}}", "subject": "/blobServices/default/containers/in/blobs/day/{{file}}", "eventType": "Microsoft.Storage.BlobCreated",
             "eventTime": "2026-01-02T03:00:00Z", "data": {"api": "PutBlob", "contentLength": 5, "eTag": "\"{{etag}}\""}, "dataVersion": "", "metadataVersion": "1"}
            """),
    ];

    private static TriggerHarness Harness(FakeBlobWatch blobs, string events = "\"Microsoft.Storage.BlobCreated\"", string? runtimeState = null)
    {
        var harness = new TriggerHarness { Blobs = blobs }.AddPipeline("P", "file", "folder");
        return harness.AddTrigger(
            "B",
            "BlobEventsTrigger",
            $$"""{"scope": "{{Scope}}", "events": [{{events}}], "blobPathBeginsWith": "/in/blobs/day/", "blobPathEndsWith": ".csv", "ignoreEmptyBlobs": true}""",
            parameters: """{"file": "@triggerBody().fileName", "folder": "@trigger().outputs.body.folderPath"}""",
            runtimeState: runtimeState);
    }

    private static async Task<List<string>> FilesAsync(TriggerHarness harness) =>
        [.. (await harness.PipelineRunsAsync()).Select(run => $"{run.Parameters["folder"]}|{run.Parameters["file"]}")];
}
