using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Mocks;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;

namespace Auspex.Cli.Testing;

/// <summary>One test of a pipeline, or of a trigger for a period.</summary>
internal sealed record TestCase
{
    /// <summary>Its name within the file.</summary>
    public required string Name { get; init; }

    /// <summary>The file, relative to the factory's folder.</summary>
    public required string File { get; init; }

    /// <summary>Its line in the file.</summary>
    public int? Line { get; init; }

    /// <summary>The pipeline that runs; null for a test of a trigger.</summary>
    public PipelineDefinition? Pipeline { get; init; }

    /// <summary>Arguments by name.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>Laid over the factory's.</summary>
    public JsonObject GlobalParameters { get; init; } = [];

    /// <summary>The trigger that starts the pipeline, or that is tested; null for a manual start.</summary>
    public TestTrigger? Trigger { get; init; }

    /// <summary>What the clock shows when the run starts.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>How long the trigger is watched; null for a test of a pipeline.</summary>
    public TestPeriod? Period { get; init; }

    /// <summary>What is posted to the trigger in the period, in the order of time.</summary>
    public ImmutableArray<TestEvent> Events { get; init; } = [];

    /// <summary>Who answers for the world outside.</summary>
    public required MockSet Mocks { get; init; }

    /// <summary>The recording that answers where no mock does; null for none.</summary>
    public Recording? Recording { get; init; }

    /// <summary>Whether the whole run must be as recorded.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What a run must have become.</summary>
    public RunExpectations Expect { get; init; } = new();

    /// <summary>What a trigger must have started.</summary>
    public TriggerExpectations ExpectTrigger { get; init; } = new();

    /// <summary>How tests are named to people and to <c>--filter</c>.</summary>
    public string FullName => $"{File}: {Name}";
}

/// <summary>The trigger of a test with what <c>@trigger()</c> shows.</summary>
/// <param name="Definition">The trigger.</param>
/// <param name="ScheduledTime">The planned time; null for the test's start.</param>
/// <param name="Outputs"><c>trigger().outputs</c>, the event's <c>body</c> included.</param>
internal sealed record TestTrigger(TriggerDefinition Definition, DateTimeOffset? ScheduledTime, JsonObject Outputs);

/// <summary>An event that is posted.</summary>
/// <param name="Time">When, by the test's clock.</param>
/// <param name="Json">The event in Event Grid's or the CloudEvents schema.</param>
internal sealed record TestEvent(DateTimeOffset Time, JsonObject Json);

/// <summary>A span of time, its end not included.</summary>
internal sealed record TestPeriod(DateTimeOffset Start, DateTimeOffset End);

/// <summary>What a test expects of a run; what is null is not looked at.</summary>
internal sealed record RunExpectations
{
    /// <summary><c>Succeeded</c>, <c>Failed</c> or <c>Cancelled</c>; null for any.</summary>
    public string? Status { get; init; } = "Succeeded";

    /// <summary>The run's failure.</summary>
    public ErrorExpectation? Error { get; init; }

    /// <summary>Activity runs by key.</summary>
    public ImmutableArray<(ActivityKey Key, ActivityExpectation Expected)> Activities { get; init; } = [];

    /// <summary>The branch that an IfCondition or Switch takes.</summary>
    public ImmutableArray<(ActivityKey Key, string Branch)> Branches { get; init; } = [];

    /// <summary>How many iterations a loop has.</summary>
    public ImmutableArray<(ActivityKey Key, int Count)> Iterations { get; init; } = [];

    /// <summary>Activities in the order of their first start.</summary>
    public ImmutableArray<ActivityKey> Order { get; init; } = [];

    /// <summary>The pipeline's return values.</summary>
    public JsonObject? ReturnValue { get; init; }

    /// <summary>The variables' last values.</summary>
    public JsonObject? Variables { get; init; }

    /// <summary>From the run's start to its end, by the test's clock.</summary>
    public DurationExpectation? Duration { get; init; }
}

/// <summary>What a test expects of an activity, of every run of it where there are several.</summary>
internal sealed record ActivityExpectation
{
    /// <summary>The status that must not be there at all.</summary>
    public const string NotRun = "NotRun";

    /// <summary>The status of every run; <see cref="NotRun"/> when there may be none; null for any.</summary>
    public string? Status { get; init; }

    /// <summary>How often the activity runs, iterations counted, attempts not.</summary>
    public int? Runs { get; init; }

    /// <summary>How many attempts every run takes.</summary>
    public int? Attempts { get; init; }

    /// <summary>What every run's input holds.</summary>
    public JsonNode? Input { get; init; }

    /// <summary>What every run's output holds.</summary>
    public JsonNode? Output { get; init; }

    /// <summary>What the inputs hold, a run each, in order.</summary>
    public JsonArray? Inputs { get; init; }

    /// <summary>What the outputs hold, a run each, in order.</summary>
    public JsonArray? Outputs { get; init; }

    /// <summary>Every run's failure.</summary>
    public ErrorExpectation? Error { get; init; }

    /// <summary>From every run's first attempt to its last one's end.</summary>
    public DurationExpectation? Duration { get; init; }
}

/// <summary>A failure; what is null is not looked at. The message is part of the one found.</summary>
internal sealed record ErrorExpectation(string? ErrorCode, string? Message, string? FailureType, string? Target);

/// <summary>A span of time; both bounds are included.</summary>
internal sealed record DurationExpectation(TimeSpan? AtLeast, TimeSpan? AtMost);

/// <summary>What a test expects of a trigger; what is null is not looked at.</summary>
internal sealed record TriggerExpectations
{
    /// <summary>How many pipeline runs it starts.</summary>
    public int? Count { get; init; }

    /// <summary>Every pipeline run's status; null for any.</summary>
    public string? Status { get; init; } = "Succeeded";

    /// <summary>What every run holds.</summary>
    public JsonNode? Every { get; init; }

    /// <summary>What the first run holds.</summary>
    public JsonNode? First { get; init; }

    /// <summary>What the last run holds.</summary>
    public JsonNode? Last { get; init; }

    /// <summary>What all runs hold, in order.</summary>
    public JsonArray? Runs { get; init; }
}
