using System.Collections.Immutable;
using System.Text;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Storage.InMemory;
using Xunit;

namespace Auspex.TestKit.Engine;

/// <summary>What every backend of <see cref="IRunJournal"/> keeps to.</summary>
public abstract class RunJournalContract
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IRunJournal Journal { get; }

    [Fact]
    public async Task Append_Events_AreReadInOrderFromAnyPoint()
    {
        await Journal.AppendAsync(Create("r", 2));
        await Journal.AppendAsync(Next("r", 2, 3));

        var all = await Journal.ReadAsync(new RunId("r"), 0, 100, Token);
        var some = await Journal.ReadAsync(new RunId("r"), 2, 2, Token);

        Assert.Equal([1, 2, 3, 4, 5], all.Select(entry => entry.Sequence));
        Assert.Equal(["r1", "r2", "r3", "r4", "r5"], all.Select(Text));
        Assert.Equal([3, 4], some.Select(entry => entry.Sequence));
        Assert.Empty(await Journal.ReadAsync(new RunId("r"), 5, 10, Token));
        Assert.Empty(await Journal.ReadAsync(new RunId("unknown"), 0, 10, Token));
    }

    [Fact]
    public async Task ReadMany_GivesTheBeginningOfEach_InTheOrderAskedFor()
    {
        await Journal.AppendAsync(Create("a", 2));
        await Journal.AppendAsync(Create("b\"", 4));
        await Journal.AppendAsync(Create("c", 1));
        await Journal.AppendAsync(Next("a", 2, 1));

        var many = await Journal.ReadManyAsync([new RunId("c"), new RunId("unknown"), new RunId("b\""), new RunId("a")], 3, Token);

        Assert.Equal(["c1", "", "b\"1 b\"2 b\"3", "a1 a2 a3"], many.Select(entries => string.Join(' ', entries.Select(Text))));
        Assert.Equal([1, 2, 3], many[2].Select(entry => entry.Sequence));
        Assert.Empty(await Journal.ReadManyAsync([], 3, Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Append_AtAnotherSequence_ConflictsAndWritesNothing(long expected)
    {
        await Journal.AppendAsync(Create("r", 2));

        await Assert.ThrowsAsync<JournalConflictException>(() => Journal.AppendAsync(
            Next("r", expected, 1, Summary("r", RunStatus.Failed))));

        Assert.Equal(2, (await Journal.ReadAsync(new RunId("r"), 0, 10, Token)).Length);
        Assert.Equal(RunStatus.InProgress, (await Journal.FindAsync(new RunId("r"), Token))!.Status);
    }

    [Fact]
    public async Task Append_ToAnUnknownRun_Conflicts() =>
        await Assert.ThrowsAsync<JournalConflictException>(() => Journal.AppendAsync(Next("none", 1, 1)));

    [Fact]
    public async Task Create_ARunThatExists_Conflicts()
    {
        await Journal.AppendAsync(Create("r", 1));

        await Assert.ThrowsAsync<JournalConflictException>(() => Journal.AppendAsync(Create("r", 3)));

        Assert.Single(await Journal.ReadAsync(new RunId("r"), 0, 10, Token));
    }

    [Fact]
    public async Task Append_ByAHostThatIsNotTheOwner_Conflicts()
    {
        await Journal.AppendAsync(Create("r", 1, owner: "a"));

        await Assert.ThrowsAsync<JournalConflictException>(() => Journal.AppendAsync(Next("r", 1, 1, owner: "b")));

        // A request from outside needs no lease.
        await Journal.AppendAsync(Next("r", 1, 1));
        await Journal.AppendAsync(Next("r", 2, 1, owner: "a"));
    }

    [Fact]
    public async Task Append_FromManySidesAtOnce_KeepsEachRunWhole()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async run =>
        {
            var id = $"run{run}";
            await Journal.AppendAsync(Create(id, 2));
            for (var sequence = 2; sequence < 20; sequence += 3)
            {
                await Journal.AppendAsync(Next(id, sequence, 3));
            }
        }));

        for (var run = 0; run < 50; run++)
        {
            var entries = await Journal.ReadAsync(new RunId($"run{run}"), 0, 100, Token);
            Assert.Equal(Enumerable.Range(1, 20).Select(number => $"run{run}{number}"), entries.Select(Text));
        }
    }

    [Fact]
    public async Task Append_OfTheSameStepTwiceAtOnce_LetsOneThrough()
    {
        await Journal.AppendAsync(Create("r", 1));

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                await Journal.AppendAsync(Next("r", 1, 2));
                return true;
            }
            catch (JournalConflictException)
            {
                return false;
            }
        }));

        Assert.Single(results, true);
        Assert.Equal(3, (await Journal.ReadAsync(new RunId("r"), 0, 10, Token)).Length);
    }

    [Fact]
    public async Task Find_ASummary_IsTheLastWritten()
    {
        var failure = new Failure("2600", "Müll in der Zeile", FailureType.SystemError, "A", true, "{\"x\":1}");
        await Journal.AppendAsync(Create("r", 1));
        await Journal.AppendAsync(Next("r", 1, 1));
        await Journal.AppendAsync(Next("r", 2, 1, Summary("r", RunStatus.Failed) with
        {
            Failure = failure,
            End = Now.AddHours(1),
            ReturnValue = JournalValue.Inline("{\"k\":1}"u8.ToArray()),
            Parent = new ParentRun("parent", new RunId("pr"), 2),
        }));

        var found = (await Journal.FindAsync(new RunId("r"), Token))!;

        Assert.Equal(RunStatus.Failed, found.Status);
        Assert.Equal(failure, found.Failure);
        Assert.Equal(Now.AddHours(1), found.End);
        Assert.Equal("{\"k\":1}", found.ReturnValue!.Parse()!.ToJsonString());
        Assert.Equal(new ParentRun("parent", new RunId("pr"), 2), found.Parent);
        Assert.Null(await Journal.FindAsync(new RunId("unknown"), Token));
    }

    [Fact]
    public async Task List_ByAnyFilter_IsNewestFirstAndPaged()
    {
        for (var index = 0; index < 30; index++)
        {
            var summary = Summary($"r{index:00}", index % 3 == 0 ? RunStatus.Failed : RunStatus.Succeeded) with
            {
                Pipeline = index % 2 == 0 ? "Even" : "Odd",
                Factory = index < 15 ? "f1" : "f2",
                Updated = Now.AddMinutes(index),
            };
            await Journal.AppendAsync(Create($"r{index:00}", 1) with { Summary = summary });
        }

        Assert.Equal(["r29", "r28", "r27"], await ListAsync(new RunQuery(Take: 3)));
        Assert.Equal(["r26", "r25"], await ListAsync(new RunQuery(Take: 2, Before: new RunId("r27"))));
        Assert.Equal(["r28", "r26"], await ListAsync(new RunQuery(Pipeline: "EVEN", Take: 2)));
        Assert.Equal(["r14", "r13"], await ListAsync(new RunQuery(Factory: "F1", Take: 2)));
        Assert.Equal(["r27", "r24"], await ListAsync(new RunQuery(Status: RunStatus.Failed, Take: 2)));
        Assert.Equal(["r12", "r06", "r00"], await ListAsync(new RunQuery("f1", "even", RunStatus.Failed)));
        Assert.Empty(await ListAsync(new RunQuery(Factory: "f3")));
    }

    [Fact]
    public async Task List_AnyQuery_GivesWhatItsContractSays()
    {
        var random = new Random(7);
        var runs = new List<(RunSummary, int)>();
        var latest = new Dictionary<RunId, RunId>();
        for (var index = 0; index < 60; index++)
        {
            var id = $"r{index:00}";
            var status = (RunStatus)random.Next(6);
            var isOpen = status is RunStatus.Queued or RunStatus.InProgress or RunStatus.Canceling;
            var summary = Summary(id, status) with
            {
                Factory = random.Next(4) == 0 ? "other" : "f",
                Pipeline = $"p{random.Next(3)}",
                Start = Now.AddMinutes(index),
                End = isOpen ? null : Now.AddMinutes(index + random.Next(20)),
                Updated = Now.AddMinutes(index),
                GroupId = index > 0 && random.Next(3) == 0 ? new RunId("r00") : null,
            };
            await Journal.AppendAsync(Create(id, 1) with { Summary = summary });
            runs.Add((summary, index));
            latest[summary.GroupId ?? summary.Id] = summary.Id;
        }

        for (var round = 0; round < 300; round++)
        {
            var query = RandomQuery(random, runs);
            var expected = RunQueries.Apply(runs, query, latest).Select(run => run.Id.Value);
            Assert.Equal(expected, await ListAsync(query));
        }

        Assert.Equal(latest[new RunId("r00")], await Journal.FindLatestAsync(new RunId("r00"), Token));
        Assert.Null(await Journal.FindLatestAsync(new RunId("unknown"), Token));
    }

    [Fact]
    public async Task Remove_RunsThatEndedBefore_LeavesTheOthers()
    {
        for (var index = 0; index < 6; index++)
        {
            var summary = Summary($"r{index}", index == 0 ? RunStatus.InProgress : RunStatus.Succeeded) with
            {
                End = index == 0 ? null : Now.AddDays(index),
            };
            await Journal.AppendAsync(Create($"r{index}", 2) with { Summary = summary });
        }

        Assert.Equal(2, await Journal.RemoveAsync(Now.AddDays(4), 2, Token));
        Assert.Equal(1, await Journal.RemoveAsync(Now.AddDays(4), 2, Token));
        Assert.Equal(0, await Journal.RemoveAsync(Now.AddDays(4), 2, Token));

        Assert.Equal(["r5", "r4", "r0"], await ListAsync(new RunQuery()));
        Assert.Empty(await Journal.ReadAsync(new RunId("r1"), 0, 10, Token));
        Assert.Equal(2, (await Journal.ReadAsync(new RunId("r4"), 0, 10, Token)).Length);
    }

    private static RunQuery RandomQuery(Random random, List<(RunSummary Run, int Key)> runs)
    {
        var order = (RunOrder)random.Next(4);
        var some = runs[random.Next(runs.Count)].Run;
        var now = Now.AddMinutes(random.Next(90));
        return new RunQuery(
            random.Next(3) == 0 ? null : "F",
            random.Next(4) == 0 ? "P1" : null,
            random.Next(4) == 0 ? some.Status : null,
            random.Next(1, 30))
        {
            Window = random.Next(3) == 0 ? null : new RunWindow(Now.AddMinutes(random.Next(60)), Now.AddMinutes(random.Next(30, 120)), now),
            OrderBy = order,
            IsAscending = random.Next(2) == 0,
            From = random.Next(2) == 0 ? null : RunCursor.Of(Shown(some), order),
            Conditions = random.Next(6) switch
            {
                0 => [new RunCondition(RunField.Pipeline, random.Next(2) == 0, ["P0", "none"])],
                1 => [new RunCondition(RunField.Status, random.Next(2) == 0, ["Failed", "canceled", "none"])],
                2 => [new RunCondition(RunField.IsLatest, true, [random.Next(2) == 0 ? "true" : "false"])],
                3 => [new RunCondition(RunField.Group, random.Next(2) == 0, ["r00"])],
                4 => [new RunCondition(RunField.Start, random.Next(2) == 0, [Ticks(some.Start)])],
                _ => [],
            },
        };
    }

    private static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static PipelineRun Shown(RunSummary run) => new()
    {
        Id = run.Id,
        Factory = run.Factory,
        Pipeline = run.Pipeline,
        Status = run.Status,
        Parameters = [],
        Start = run.Start,
        End = run.End,
        TriggerType = run.TriggerType,
        TriggerName = run.TriggerName,
    };

    [Fact]
    public async Task Children_Open_AreListedOldestFirst()
    {
        var parent = new ParentRun("p", new RunId("parent"));
        await Journal.AppendAsync(Create("a", 1) with { Summary = Summary("a", RunStatus.InProgress) with { Parent = parent } });
        await Journal.AppendAsync(Create("b", 1) with { Summary = Summary("b", RunStatus.Queued) with { Parent = parent } });
        await Journal.AppendAsync(Create("c", 1) with { Summary = Summary("c", RunStatus.InProgress) });
        await Journal.AppendAsync(Create("d", 1) with { Summary = Summary("d", RunStatus.Succeeded) with { Parent = parent } });

        Assert.Equal([new RunId("a"), new RunId("b")], await Journal.ListOpenChildrenAsync(new RunId("parent"), Token));
    }

    [Fact]
    public async Task Leases_AreTakenOnceRenewedAndLost()
    {
        await Journal.AppendAsync(Create("a", 2, owner: null));
        await Journal.AppendAsync(Create("b", 1, owner: null));
        await Journal.AppendAsync(Create("done", 1, owner: null) with { Summary = Summary("done", RunStatus.Succeeded) });

        var first = await Journal.AcquireLeasesAsync(Lease("one", 30), Now, Token);
        Assert.Equal([new LeasedRun(new RunId("a"), 2), new LeasedRun(new RunId("b"), 1)], first);
        Assert.Empty(await Journal.AcquireLeasesAsync(Lease("one", 30), Now, Token));
        Assert.Empty(await Journal.AcquireLeasesAsync(Lease("two", 60), Now.AddSeconds(29), Token));
        Assert.Equal(2, (await Journal.RenewLeasesAsync(Lease("one", 60), Token)).Length);
        Assert.Empty(await Journal.AcquireLeasesAsync(Lease("two", 90), Now.AddSeconds(59), Token));

        var second = await Journal.AcquireLeasesAsync(Lease("two", 90), Now.AddSeconds(61), Token);
        Assert.Equal(2, second.Length);
        Assert.Empty(await Journal.RenewLeasesAsync(Lease("one", 120), Token));
        await Assert.ThrowsAsync<JournalConflictException>(() => Journal.AppendAsync(Next("a", 2, 1, owner: "one")));
        await Journal.AppendAsync(Next("a", 2, 1, owner: "two"));
        Assert.Contains(new LeasedRun(new RunId("a"), 3), await Journal.RenewLeasesAsync(Lease("two", 120), Token));
    }

    [Fact]
    public async Task Leases_Released_AreFreeAtOnce()
    {
        await Journal.AppendAsync(Create("a", 1, owner: "one"));
        await Journal.AppendAsync(Create("b", 1, owner: "other"));

        await Journal.ReleaseAllAsync("one", Token);

        Assert.Equal(
            [new LeasedRun(new RunId("a"), 1)], await Journal.AcquireLeasesAsync(Lease("two", 60), Now, Token));
    }

    [Fact]
    public async Task Lease_OfARunThatEnds_EndsWithIt()
    {
        await Journal.AppendAsync(Create("a", 1, owner: "one"));
        await Journal.AppendAsync(Next("a", 1, 1, Summary("a", RunStatus.Succeeded), "one"));

        Assert.Empty(await Journal.RenewLeasesAsync(Lease("one", 60), Token));
        Assert.Empty(await Journal.AcquireLeasesAsync(Lease("two", 60), Now.AddDays(1), Token));
    }

    [Fact]
    public async Task Bytes_OfAnyKind_ComeBackAsTheyWere()
    {
        var bytes = Enumerable.Range(0, 300_000).Select(index => (byte)(index * 7)).ToArray();
        await Journal.AppendAsync(Create("r", 1) with { Events = [bytes.AsMemory(1, 299_990), Array.Empty<byte>()] });

        var entries = await Journal.ReadAsync(new RunId("r"), 0, 10, Token);

        Assert.Equal(bytes[1..299_991], entries[0].Body.ToArray());
        Assert.Empty(entries[1].Body.ToArray());
    }

    protected static RunAppend Create(string run, int events, string? owner = "owner") => new()
    {
        Run = new RunId(run),
        ExpectedSequence = 0,
        Events = Bodies(run, 1, events),
        Summary = Summary(run, RunStatus.InProgress),
        Lease = owner is null ? null : Lease(owner, 30),
    };

    protected static RunAppend Next(string run, long expected, int events, RunSummary? summary = null, string? owner = null) => new()
    {
        Run = new RunId(run),
        ExpectedSequence = expected,
        Events = Bodies(run, (int)expected + 1, events),
        Summary = summary,
        Lease = owner is null ? null : Lease(owner, 30),
    };

    protected static RunSummary Summary(string run, RunStatus status) => new()
    {
        Id = new RunId(run),
        Factory = "factory",
        Pipeline = "pipeline",
        Status = status,
        Parameters = JournalValue.Inline("{}"u8.ToArray()),
        Start = Now,
        Updated = Now,
        TriggerType = "Manual",
        TriggerName = "Manual",
    };

    private static RunLease Lease(string owner, int seconds) => new(owner, Now.AddSeconds(seconds));

    private static ImmutableArray<ReadOnlyMemory<byte>> Bodies(string run, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(FormattableString.Invariant($"{run}{number}")))];

    private static string Text(JournalEntry entry) => Encoding.UTF8.GetString(entry.Body.Span);

    private async Task<IEnumerable<string>> ListAsync(RunQuery query) =>
        (await Journal.ListAsync(query, Token)).Select(summary => summary.Id.Value);
}
