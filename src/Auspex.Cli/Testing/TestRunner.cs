using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Checking;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Cli.Testing;

/// <summary>Runs tests side by side, each in a simulation of its own.</summary>
/// <param name="factory">The factory.</param>
/// <param name="clock">Measures how long tests take; the time inside them is their own.</param>
internal sealed class TestRunner(FactoryDefinition factory, TimeProvider clock)
{
    // A run that waits longer waits for ever: the longest activity time-out is 90 days.
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(400);

    /// <summary>How long a test may take by the wall.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Runs tests and returns their results in the tests' order, telling each as it is known.</summary>
    public async Task<ImmutableArray<TestResult>> RunAsync(
        IReadOnlyList<TestCase> tests, int parallelism, Action<TestResult> onResult, CancellationToken cancellationToken)
    {
        var results = new TestResult?[tests.Count];
        var told = 0;
        await Parallel.ForAsync(
            0,
            tests.Count,
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (index, stop) =>
            {
                var result = await RunAsync(tests[index], stop);
                lock (results)
                {
                    // Told in order, so that what is printed is the same each time.
                    results[index] = result;
                    for (; told < results.Length && results[told] is { } next; told++)
                    {
                        onResult(next);
                    }
                }
            });
        return [.. results.OfType<TestResult>()];
    }

    /// <summary>Runs one test.</summary>
    public async Task<TestResult> RunAsync(TestCase test, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var (failures, span) = test.Period is null
                ? await RunPipelineAsync(test, stop.Token)
                : await new TriggerTest(factory, test, LongestRun).RunAsync(stop.Token);
            return Result(failures, isError: false, span);
        }
        catch (AuspexException exception)
        {
            return Result([$"{exception.Code}: {exception.Message}"], isError: true, null);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Result(
                [FormattableString.Invariant($"the test did not end within {TimeLimit.TotalSeconds:0} s of real time: it does too much, or a loop never ends.")],
                isError: true,
                null);
        }

        TestResult Result(ImmutableArray<string> failures, bool isError, TimeSpan? span) =>
            new(test.Name, test.File, test.Line, failures, isError, clock.GetElapsedTime(started), span);
    }

    private async Task<(ImmutableArray<string> Failures, TimeSpan Span)> RunPipelineAsync(TestCase test, CancellationToken cancellationToken)
    {
        var seen = TestFactory.For(factory, test) with { Triggers = [] };
        await using var session = new TestSession(test, seen);
        await session.Host.StartAsync(cancellationToken);
        var run = await session.Host.RunAsync(
            new PipelineRunRequest
            {
                // A replay has the ids of its recording, since inputs may hold them.
                RunId = test.Recording is { } recording ? new RunId(recording.RunId) : null,
                Factory = seen.Name,
                Pipeline = test.Pipeline!,
                Parameters = ArgumentsOf(test, seen),
                TriggerType = test.Trigger?.Definition.Type ?? "Manual",
                TriggerName = test.Trigger?.Definition.Name ?? "Manual",
            },
            LongestRun,
            CancelAfter(test),
            cancellationToken);
        var failures = ImmutableArray.CreateBuilder<string>();
        failures.AddRange(session.Problems);
        if (run.Run.End is null)
        {
            failures.Add(FormattableString.Invariant($"the run did not end within {LongestRun.TotalDays:0} days of its clock; it is {run.Run.Status}."));
        }

        failures.AddRange(new RunCheck(run, PipelineReach.Pipelines(seen, test.Pipeline!)).Check(test.Expect));
        if (test is { IsReplay: true, Recording: { } whole })
        {
            failures.AddRange(RecordingCheck.Find(run, whole, session.Replay!));
        }

        return (failures.ToImmutable(), session.Host.Clock.GetUtcNow() - test.StartTime);
    }

    // Somebody cancelled it then; nothing in the pipeline says when.
    private static TimeSpan? CancelAfter(TestCase test) => test is { IsReplay: true, Recording: { Status: "Cancelled" } recording }
        ? recording.EndTime - test.StartTime
        : null;

    // What the trigger maps, and over it what the test itself gives.
    private static JsonObject ArgumentsOf(TestCase test, FactoryDefinition factory)
    {
        var arguments = new JsonObject();
        var mapping = test.Trigger?.Definition.Pipelines.FirstOrDefault(
            started => started.Pipeline.ReferenceName.Equals(test.Pipeline!.Name, StringComparison.OrdinalIgnoreCase));
        if (mapping?.Parameters is { } mapped)
        {
            var trigger = test.Trigger!;
            var context = new ExpressionContext
            {
                Trigger = new JsonObject
                {
                    ["name"] = trigger.Definition.Name,
                    ["scheduledTime"] = TestFactory.TimeText(trigger.ScheduledTime ?? test.StartTime),
                    ["startTime"] = TestFactory.TimeText(test.StartTime),
                    ["outputs"] = trigger.Outputs.DeepClone(),
                },
                Pipeline = new JsonObject
                {
                    ["DataFactory"] = factory.Name,
                    ["TriggerType"] = trigger.Definition.Type,
                    ["TriggerName"] = trigger.Definition.Name,
                    ["TriggerTime"] = TestFactory.TimeText(test.StartTime),
                },
                GlobalParameters = factory.GlobalParameters,
                Clock = new Engine.Simulation.VirtualClock(test.StartTime),
            };
            arguments = (JsonObject?)ExpressionEvaluator.Evaluate(mapped, context) ?? [];
        }

        foreach (var (name, value) in test.Parameters)
        {
            if (arguments.MemberName(name) is { } mappedName)
            {
                arguments.Remove(mappedName);
            }

            arguments[name] = value?.DeepClone();
        }

        return arguments;
    }
}
