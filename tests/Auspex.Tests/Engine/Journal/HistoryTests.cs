using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Storage.InMemory;
using Auspex.TestKit.Engine;
using Auspex.TestKit.Storage;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Engine.Journal;

/// <summary>Journals of earlier releases must fold to the state recorded with them, each decision as it was taken then.</summary>
public sealed class HistoryTests
{
    private static string Folder => Path.Combine(RepositoryRoot.Path, "tests", "histories", "v1");

    public static TheoryData<string> Histories =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Fold_ARecordedJournal_GivesTheRecordedState(string file)
    {
        var history = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken))!;

        var state = await FoldAsync(history["events"]!.AsArray());

        Assert.Equal(history["state"]!.AsArray().Select(line => (string?)line), RunStateText.Describe(state).Split('\n'));
    }

    [Fact]
    public async Task Fold_AJournalThatTheDeciderWouldNotWrite_Diverges()
    {
        var history = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "failure-and-handler.json"), TestContext.Current.CancellationToken))!;
        var events = history["events"]!.AsArray();
        var skipped = events.Single(entry => (string?)entry!["$type"] == "ActivitySkipped/1")!;
        skipped["$type"] = "ActivityMarkedInactive/1";

        var exception = await Assert.ThrowsAsync<JournalDivergenceException>(() => FoldAsync(events));

        Assert.Contains("found ActivityMarkedInactive, expected SkipActivity", exception.Message, StringComparison.Ordinal);
        Assert.Equal(events.IndexOf(skipped) + 1, exception.Sequence);
    }

    [Theory]
    [InlineData("""{"$type":"ActivitySucceeded/1","activity":"Nobody","at":"2026-01-02T03:04:05+00:00"}""", "'Nobody'")]
    [InlineData("""{"$type":"IterationStarted/1","activity":"A","index":0,"at":"2026-01-02T03:04:05+00:00"}""", "expected StartActivity for 'A'")]
    [InlineData("""{"$type":"RunSucceeded/1","at":"2026-01-02T03:04:05+00:00"}""", "found RunSucceeded")]
    [InlineData("""{"$type":"TimerFired/1","activity":"A","at":"2026-01-02T03:04:05+00:00"}""", "expected InProgress")]
    [InlineData("""{"$type":"VariableSet/1","activity":"A","variable":"x","value":{"json":1},"at":"2026-01-02T03:04:05+00:00"}""", "no variable 'x'")]
    public async Task Fold_AnEventThatDoesNotFit_Diverges(string bad, string reason)
    {
        var history = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "failure-and-handler.json"), TestContext.Current.CancellationToken))!;
        var events = new JsonArray([.. history["events"]!.AsArray().Take(2).Select(entry => entry!.DeepClone()), JsonNode.Parse(bad)]);

        var exception = await Assert.ThrowsAsync<JournalDivergenceException>(() => FoldAsync(events));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Divergence_StopsTheRunWhereItIs_UntilSomebodyCancelsIt()
    {
        await using var harness = new RunHarness();
        var history = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "failure-and-handler.json"), TestContext.Current.CancellationToken))!;
        var run = new RunId((string)history["events"]![0]!["runId"]!);
        await harness.Journal.AppendAsync(new RunAppend
        {
            Run = run,
            ExpectedSequence = 0,
            Events = [.. Bodies(new JsonArray(
                history["events"]![0]!.DeepClone(),
                JsonNode.Parse("""{"$type":"RunSucceeded/1","at":"2026-01-02T03:04:05+00:00"}""")))],
            Summary = new RunSummary
            {
                Id = run,
                Factory = "factory",
                Pipeline = "p",
                Status = RunStatus.InProgress,
                Parameters = JournalValue.Inline("{}"u8.ToArray()),
                Start = harness.Clock.GetUtcNow(),
                Updated = harness.Clock.GetUtcNow(),
                TriggerType = "Manual",
                TriggerName = "Manual",
            },
        });
        var host = await harness.StartHostAsync();
        harness.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(RunStatus.InProgress, (await host.FindAsync(run, TestContext.Current.CancellationToken))!.Status);
        Assert.Equal(2, (await harness.ReadEventsAsync(run)).Length);

        Assert.True(await host.CancelAsync(run, recursive: false, TestContext.Current.CancellationToken));
        Assert.Equal(RunStatus.Canceled, (await host.FindAsync(run, TestContext.Current.CancellationToken))!.Status);
    }

    private static async Task<RunState> FoldAsync(JsonArray events)
    {
        var journal = new InMemoryRunJournal();
        var run = new RunId((string)events[0]!["runId"]!);
        await journal.AppendAsync(new RunAppend
        {
            Run = run,
            ExpectedSequence = 0,
            Events = [.. Bodies(events)],
            Summary = new RunSummary
            {
                Id = run,
                Factory = "factory",
                Pipeline = "p",
                Status = RunStatus.InProgress,
                Parameters = JournalValue.Inline("{}"u8.ToArray()),
                Start = default,
                Updated = default,
                TriggerType = "Manual",
                TriggerName = "Manual",
            },
        });
        var vault = new ValueVault(new InMemoryArtifactStore(), new FakeSecretProtector(), 65_536);
        return (await new RunLoader(journal, vault).LoadAsync(run, verify: true, CancellationToken.None))!;
    }

    private static ImmutableArray<ReadOnlyMemory<byte>> Bodies(JsonArray events) =>
        [.. events.Select(entry => JournalJson.ToUtf8(entry))];
}
