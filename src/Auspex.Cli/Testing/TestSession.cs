using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Checking;
using Auspex.Cli.Testing.Mocks;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Runs;
using Auspex.Engine.Simulation;
using Auspex.Errors;
using Auspex.Storage.InMemory;

namespace Auspex.Cli.Testing;

/// <summary>One test while it runs: a simulation whose activities answer from mocks, a recording or likely outputs.</summary>
/// <remarks>The engine carries out control activities itself; whatever works with the world outside comes here.</remarks>
internal sealed class TestSession : IActivityExecutor, IAsyncDisposable
{
    private const int MostSamplesAtOnce = 20;

    private static readonly TimeSpan LongestWork = TimeSpan.FromDays(90);

    private readonly TestCase _test;
    private readonly FactoryDefinition _factory;
    private readonly HashSet<string> _untilLoops;
    private readonly Lock _lock = new();
    private readonly Dictionary<(MockAnswer Answer, string Activity), int> _given = [];
    private readonly Dictionary<string, int> _samples = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _problems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutputReads> _reads = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="test">The test.</param>
    /// <param name="factory">The factory as the test sees it: with its global parameters and the triggers that may fire.</param>
    public TestSession(TestCase test, FactoryDefinition factory)
    {
        _test = test;
        _factory = factory;
        var activities = factory.Pipelines.Values.SelectMany(PipelineReach.Activities).ToArray();
        _untilLoops = activities
            .Where(activity => activity.Type.Equals("Until", StringComparison.OrdinalIgnoreCase))
            .Select(activity => activity.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var catalog = new ActivityCatalog();
        var own = catalog.Types;
        foreach (var type in activities.Select(activity => activity.Type).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(type => !own.Contains(type, StringComparer.OrdinalIgnoreCase)))
        {
            catalog.Add(type, this);
        }

        Replay = test.Recording is { } recording
            ? new ReplayAnswers(recording, string.Join('\n', factory.Pipelines.Values.Select(pipeline => pipeline.Source.ToJsonString())))
            : null;
        Host = new SimulatedHost(new SimulationOptions
        {
            Factory = factory,
            Catalog = catalog,
            Journal = new InMemoryRunJournal(),
            Artifacts = new InMemoryArtifactStore(),
            Triggers = new InMemoryTriggerStore(),
            Start = test.StartTime,
            Seed = test.FullName,
        });
    }

    public SimulatedHost Host { get; }

    /// <summary>The answers of the test's recording; null when it has none.</summary>
    public ReplayAnswers? Replay { get; }

    /// <summary>Why the test fails whatever its expectations say.</summary>
    public ImmutableArray<string> Problems
    {
        get
        {
            lock (_lock)
            {
                return [.. _problems.Values];
            }
        }
    }

    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var place = await Host.LocateAsync(attempt.RunId, cancellationToken);
        var path = place.PathOf(attempt.Path);
        var input = InputOf(attempt);
        if (FindMocked(path, attempt.Activity.Type, place, input) is { } answer)
        {
            return await GiveAsync(answer, cancellationToken);
        }

        if (Replay?.Find(path, attempt.Attempt, input) is { } recorded)
        {
            return await GiveAsync(recorded, cancellationToken);
        }

        if (_test.Mocks.UsesDefaults)
        {
            return await GiveSampleAsync(attempt, $"{place.Root}\n{ActivityKey.WithoutIterations(path, _untilLoops.Contains)}", cancellationToken);
        }

        throw Unanswered(path, attempt.Activity);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private MockAnswer? FindMocked(string path, string type, RunPlace place, JsonObject input)
    {
        if (_test.Mocks.Find(path, type) is not { } mock)
        {
            return null;
        }

        // Attempts, and iterations of an Until, go through the answers one by one; each item of a ForEach does so by itself, for
        // those run side by side. In tests of triggers, runs of the same arguments go on where the run before stopped.
        var activity = $"{place.Arguments.ToJsonString()}\n{ActivityKey.WithoutIterations(path, _untilLoops.Contains)}";
        var fitting = mock.Answers.Where(answer => answer.When is null || JsonDifference.Fits(answer.When, input)).ToArray();
        if (fitting.Length == 0)
        {
            Report(path, $"no answer of the mock for activity '{path}' fits its input {JsonDifference.Show(input)}. Add one without 'when', or with another.");
            return null;
        }

        lock (_lock)
        {
            var answer = fitting.FirstOrDefault(answer => _given.GetValueOrDefault((answer, activity)) < answer.Times) ?? fitting[^1];
            _given[(answer, activity)] = _given.GetValueOrDefault((answer, activity)) + 1;
            return answer;
        }
    }

    private async Task<JsonObject> GiveAsync(MockAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Delay > TimeSpan.Zero)
        {
            await Host.SleepAsync(answer.Delay, cancellationToken);
        }

        var output = answer.Output.DeepClone().AsObject();
        return answer.Error is not { } error ? output : throw new ActivityException(
            ErrorCode.ActivityNotMocked, error.ErrorCode, error.Message, error.FailureType)
        { Output = output };
    }

    private async Task<JsonObject> GiveAsync(RecordedActivity recorded, CancellationToken cancellationToken)
    {
        if (recorded.Status == RunRecorder.StatusText(ActivityStatus.Canceled))
        {
            // It was at work when somebody cancelled, and is so again until that comes.
            await Host.SleepAsync(LongestWork, cancellationToken);
        }

        var delay = Replay!.DelayOf(recorded, Host.Clock.GetUtcNow());
        if (delay > TimeSpan.Zero)
        {
            await Host.SleepAsync(delay, cancellationToken);
        }

        var output = recorded.Output?.DeepClone().AsObject() ?? [];
        return recorded.Error is not { } error ? output : throw new ActivityException(
            ErrorCode.ActivityNotRecorded, error.ErrorCode, error.Message, error.FailureType, error.Details)
        { Output = output };
    }

    private async Task<JsonObject> GiveSampleAsync(ActivityAttempt attempt, string activity, CancellationToken cancellationToken)
    {
        int given;
        lock (_lock)
        {
            given = _samples[activity] = _samples.GetValueOrDefault(activity) + 1;
        }

        // A loop that asks until it is told something else never will be: let its time run out instead of the machine's.
        if (given > MostSamplesAtOnce)
        {
            await Host.SleepAsync(TimeSpan.FromHours(1), cancellationToken);
        }

        return SampleOutputs.Create(attempt.Activity, ReadsOf(attempt));
    }

    private ActivityException Unanswered(string path, ActivityDefinition activity)
    {
        var isReplay = Replay is not null;
        var message = isReplay
            ? $"activity '{path}' ({activity.Type}) is not in the recording. Record the run again, or mock it in a test with \"recording\"."
            : $"activity '{path}' ({activity.Type}) has no mock and works with the world outside. Give one: \"mocks\": {{\"activities\": {{\"{activity.Name}\": {{\"output\": {{}}}}}}}}, for all of its type \"types\": {{\"{activity.Type}\": ...}}, or likely outputs for everything with \"mocks\": \"defaults\".";
        Report(path, message);
        var code = isReplay ? ErrorCode.ActivityNotRecorded : ErrorCode.ActivityNotMocked;
        return new ActivityException(code, code.Value, message, FailureType.UserError);
    }

    private void Report(string path, string problem)
    {
        lock (_lock)
        {
            _problems[path] = problem;
        }
    }

    private IReadOnlyList<ImmutableArray<string>> ReadsOf(ActivityAttempt attempt)
    {
        lock (_lock)
        {
            var pipeline = _factory.Pipelines.Values.FirstOrDefault(
                pipeline => PipelineReach.Activities(pipeline).Any(activity => ReferenceEquals(activity, attempt.Activity)));
            if (pipeline is null)
            {
                return [];
            }

            if (!_reads.TryGetValue(pipeline.Name, out var reads))
            {
                _reads.Add(pipeline.Name, reads = OutputReads.Of(pipeline));
            }

            return reads[attempt.Activity.Name];
        }
    }

    private static JsonObject InputOf(ActivityAttempt attempt)
    {
        var input = attempt.TypeProperties.DeepClone().AsObject();
        foreach (var (name, references) in new[] { ("inputs", attempt.Inputs), ("outputs", attempt.Outputs) })
        {
            if (!references.IsDefaultOrEmpty)
            {
                input.TryAdd(name, new JsonArray([.. references.Select(Reference)]));
            }
        }

        if (attempt.LinkedServiceName?.Parameters is { } arguments)
        {
            input.TryAdd("linkedServiceParameters", arguments.DeepClone());
        }

        return input;
    }

    private static JsonObject Reference(ResourceReference reference)
    {
        var json = new JsonObject { ["referenceName"] = reference.ReferenceName };
        if (reference.Type.Length > 0)
        {
            json["type"] = reference.Type;
        }

        if (reference.Parameters is { } parameters)
        {
            json["parameters"] = parameters.DeepClone();
        }

        return json;
    }
}
