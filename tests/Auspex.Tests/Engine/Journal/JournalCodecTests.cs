using System.Text;
using Auspex.Engine.Journal;
using Auspex.Errors;
using Auspex.Stores;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Engine.Journal;

public sealed class JournalCodecTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    // One of each event. What is written today must be read for ever: this list grows, its lines never change.
    private static readonly RunEvent[] Samples =
    [
        new RunCreated(
            At, new RunId("11111111-1111-1111-1111-111111111111"), "factory", "pipeline", Inline("{\"name\":\"pipeline\"}"),
            Inline("{\"a\":1}"), JournalValue.Protected("c2VjcmV0", default), Inline("{}"), "PipelineActivity", "Exec",
            "parent", new RunId("22222222-2222-2222-2222-222222222222"), 1, 1),
        new RunCreated(
            At, new RunId("11111111-1111-1111-1111-111111111111"), "factory", "pipeline",
            JournalValue.Stored(new ArtifactId(new string('a', 64)), true, default), Inline("{}"), null, Inline("{}"), "Manual", "Manual",
            null, null, 0, 1),
        new RunStarted(At),
        new RunCancelRequested(At, true),
        new RunSucceeded(At),
        new RunFailed(At, new Failure("2600", "Ein \"Fehler\" <&> größer", FailureType.UserError, "A", true, "body")),
        new RunCanceled(At),
        new ActivityStarted(At, "F[3]/Copy 1", 1, Inline("{\"typeProperties\":{\"x\":1.0}}"), TimeSpan.FromHours(12), 3),
        new ActivityStarted(At, "A", 2),
        new ActivitySucceeded(At, "A", JournalValue.Stored(new ArtifactId(new string('b', 64)), false, default)),
        new ActivitySucceeded(At, "A"),
        new AttemptFailed(At, "A", 1, new Failure("2200", "no", FailureType.SystemError, "A"), Inline("{\"partial\":true}")),
        new RetryScheduled(At, "A", 2, At.AddSeconds(30)),
        new ActivityFailed(At, "A", new Failure("InvalidTemplate", "no", FailureType.UserError, "A")),
        new ActivityCanceled(At, "A"),
        new ActivitySkipped(At, "A"),
        new ActivityMarkedInactive(At, "A"),
        new CheckpointSaved(At, "A", 1, Inline("{\"job\":\"j\"}")),
        new WaitStarted(At, "W", At.AddDays(1)),
        new TimerFired(At, "W"),
        new BranchChosen(At, "If", "ifTrueActivities"),
        new BranchChosen(At, "If", null),
        new LoopStarted(At, "F", Inline("[1,null]"), 2, 20),
        new LoopStarted(At, "U", null, 0, 1, At.AddDays(7)),
        new IterationStarted(At, "F", 0),
        new IterationEnded(At, "F", 0),
        new IterationEnded(At, "F", 1, new Failure("ActionFailed", "no", FailureType.UserError, "F")),
        new LoopConditionEvaluated(At, "U", 0, true),
        new VariableSet(At, "S", "v", Inline("null")),
        new VariableAppended(At, "S", "v", Inline("\"x\"")),
        new ReturnValueSet(At, "S", Inline("{\"k\":[1]}")),
        new RunCreated(
            At, new RunId("11111111-1111-1111-1111-111111111111"), "factory", "pipeline", Inline("{}"), Inline("{}"), null, Inline("{}"),
            "Manual", "Manual", null, null, 0, 1)
        {
            GroupId = new RunId("22222222-2222-2222-2222-222222222222"),
            Repeats = new RunRepetition(new RunId("22222222-2222-2222-2222-222222222222"), "A", true),
        },
        new ResultKept(At, "F[0]/A", 2, At, At.AddSeconds(1), Inline("{}"), Inline("{\"x\":1}"), new Failure("2200", "no", FailureType.UserError, "A")),
        new ResultKept(At, "A", 1, At, At),
        new ItemsKept(At, "F", Inline("[1]")),
        new ChildKept(At, "E", new RunId("33333333-3333-3333-3333-333333333333")),
        new ResultsDropped(At, "F"),
        new ActivityRecalled(At, "A"),
        new LoopStarted(At, "F", Inline("[1]"), 1, 20, StopsAtFailure: true),
        new RunCreated(
            At, new RunId("11111111-1111-1111-1111-111111111111"), "factory", "pipeline", Inline("{}"), Inline("{}"), null, Inline("{}"),
            "ScheduleTrigger", "T", null, null, 0, 1)
        {
            TriggerId = "08586724970898148904457116912CU27",
        },
    ];

    private static string GoldenFile => Path.Combine(RepositoryRoot.Path, "tests", "histories", "v1", "events.jsonl");

    [Fact]
    public void Encode_OneOfEachEvent_GivesTheGoldenBytes()
    {
        var lines = Samples.Select(sample => Encoding.UTF8.GetString(JournalCodec.Encode(sample).Span)).ToArray();

        var golden = File.Exists(GoldenFile) ? File.ReadAllLines(GoldenFile) : [];
        if (!golden.SequenceEqual(lines))
        {
            File.WriteAllLines(Path.ChangeExtension(GoldenFile, ".received.jsonl"), lines);
        }

        Assert.Equal(golden, lines);
    }

    [Fact]
    public void Decode_TheGoldenBytes_GivesEveryEventAgain()
    {
        var lines = File.ReadAllLines(GoldenFile);

        Assert.Equal(
            typeof(RunEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RunEvent))).Select(type => type.Name).Order(StringComparer.Ordinal),
            lines.Select(line => Decode(line).GetType().Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.Equal(line, Encoding.UTF8.GetString(JournalCodec.Encode(Decode(line)).Span)));
    }

    [Fact]
    public void Decode_MembersOfALaterRelease_AreIgnored() =>
        Assert.Equal(
            new IterationStarted(At, "F", 7),
            Decode("""{"$type":"IterationStarted/1","activity":"F","index":7,"at":"2026-01-02T03:04:05.678+00:00","later":{"x":1}}"""));

    [Theory]
    [InlineData("""{"$type":"FromTheFuture/1","at":"2026-01-02T03:04:05+00:00"}""")]
    [InlineData("""{"at":"2026-01-02T03:04:05+00:00"}""")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("")]
    public void Decode_WhatThisReleaseDoesNotKnow_IsADivergence(string text)
    {
        var exception = Assert.Throws<JournalDivergenceException>(() => Decode(text));

        Assert.Equal(5, exception.Sequence);
    }

    private static RunEvent Decode(string text) =>
        JournalCodec.Decode(new RunId("r"), new JournalEntry(5, Encoding.UTF8.GetBytes(text)));

    private static JournalValue Inline(string json) => JournalValue.Inline(Encoding.UTF8.GetBytes(json));
}
