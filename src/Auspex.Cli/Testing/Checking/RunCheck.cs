using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Engine.Simulation;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Checking;

/// <summary>Holds a run against what a test expects of it.</summary>
/// <param name="run">What was found.</param>
/// <param name="pipelines">The run's pipeline and those that it executes.</param>
internal sealed class RunCheck(SimulatedRun run, IReadOnlyList<PipelineDefinition> pipelines)
{
    private readonly List<string> _failures = [];

    // One entry per activity run, in the order of their start; its attempts in theirs.
    private readonly List<IGrouping<string, ActivityRun>> _activities =
        [.. run.Activities.GroupBy(activity => activity.Path, StringComparer.Ordinal)];

    /// <summary>What is not as expected, in words; empty when all is.</summary>
    public List<string> Check(RunExpectations expected)
    {
        CheckEnd(expected);
        foreach (var (key, activity) in expected.Activities)
        {
            CheckActivity(key, activity);
        }

        foreach (var (key, branch) in expected.Branches)
        {
            CheckBranch(key, branch);
        }

        foreach (var (key, count) in expected.Iterations)
        {
            CheckIterations(key, count);
        }

        CheckOrder(expected);
        CheckJson("return value", expected.ReturnValue, run.Run.ReturnValue);
        CheckJson("variables", expected.Variables, run.Variables);
        return _failures;
    }

    private void CheckEnd(RunExpectations expected)
    {
        var status = RunRecorder.StatusText(run.Run.Status);
        if (expected.Status is { } wanted && wanted != status)
        {
            var reason = run.Run.Failure is { } failure ? $": {failure.ErrorCode}: {failure.Message}" : "";
            _failures.Add($"status: found {status}, expected {wanted}{reason}");
        }

        CheckError("error", expected.Error, run.Run.Failure);
        if (expected.Duration is not null)
        {
            CheckDuration("duration", expected.Duration, run.Run.End - run.Run.Start);
        }
    }

    private void CheckActivity(ActivityKey key, ActivityExpectation expected)
    {
        var found = _activities.Where(activity => key.Fits(activity.Key)).ToList();
        if (expected.Status == ActivityExpectation.NotRun)
        {
            // A record that says Skipped is none of a run.
            var ran = found.Where(activity => activity.Last().Status is not (ActivityStatus.Skipped or ActivityStatus.Inactive)).ToList();
            if (ran.Count > 0)
            {
                _failures.Add($"activity '{key.Text}': found {Statuses(ran)}, expected that it does not run");
            }

            return;
        }

        if (expected.Runs is { } runs && runs != found.Count)
        {
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"activity '{key.Text}': found {found.Count} runs, expected {runs}"));
        }

        if (found.Count == 0)
        {
            if (expected.Runs is null)
            {
                _failures.Add($"activity '{key.Text}': it did not run, expected {expected.Status ?? "that it runs"}");
            }

            return;
        }

        foreach (var activity in found)
        {
            CheckRun(activity, expected);
        }

        CheckEach(key, "inputs", expected.Inputs, found, activity => RunRecorder.InputOf(activity.Last()));
        CheckEach(key, "outputs", expected.Outputs, found, activity => activity.Last().Output);
    }

    private void CheckRun(IGrouping<string, ActivityRun> activity, ActivityExpectation expected)
    {
        var (name, last) = ($"activity '{activity.Key}'", activity.Last());
        var status = RunRecorder.StatusText(last.Status);
        if (expected.Status is { } wanted && wanted != status)
        {
            var reason = last.Failure is { } failure ? $": {failure.ErrorCode}: {failure.Message}" : "";
            _failures.Add($"{name}: found {status}, expected {wanted}{reason}");
        }

        if (expected.Attempts is { } attempts && attempts != activity.Count())
        {
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: found {activity.Count()} attempts, expected {attempts}"));
        }

        CheckJson($"{name}: input", expected.Input, RunRecorder.InputOf(last));
        CheckJson($"{name}: output", expected.Output, last.Output);
        CheckError($"{name}: error", expected.Error, last.Failure);
        if (expected.Duration is not null)
        {
            CheckDuration($"{name}: duration", expected.Duration, last.End - activity.First().Start);
        }
    }

    private void CheckEach(
        ActivityKey key,
        string what,
        JsonArray? expected,
        List<IGrouping<string, ActivityRun>> found,
        Func<IGrouping<string, ActivityRun>, JsonNode?> read)
    {
        if (expected is null)
        {
            return;
        }

        if (expected.Count != found.Count)
        {
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"activity '{key.Text}': found {found.Count} runs, expected {expected.Count} {what}"));
            return;
        }

        for (var index = 0; index < found.Count; index++)
        {
            CheckJson($"activity '{found[index].Key}': {what[..^1]}", expected[index], read(found[index]));
        }
    }

    private void CheckBranch(ActivityKey key, string expected)
    {
        var taken = run.Branches.Where(branch => key.Fits(branch.Key)).ToList();
        if (taken.Count == 0)
        {
            _failures.Add($"branch of '{key.Text}': none was taken, expected {expected}");
        }

        foreach (var (path, branch) in taken.Where(branch => branch.Value != expected && !(branch.Value is null && IsEmpty(key, expected))))
        {
            _failures.Add($"branch of '{path}': found {branch ?? "none that holds activities"}, expected {expected}");
        }
    }

    // The engine knows no branch without activities: of an IfCondition it took the one that is not there, of a Switch the default.
    private bool IsEmpty(ActivityKey key, string expected) => pipelines
        .SelectMany(PipelineReach.Activities)
        .Where(activity => activity.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase))
        .Any(activity => activity.Branches.All(branch => branch.Name != expected)
            && (expected is "ifTrueActivities" or "ifFalseActivities" ? activity.Branches.Length > 0 : expected == "defaultActivities"));

    private void CheckIterations(ActivityKey key, int expected)
    {
        var loops = run.Iterations.Where(loop => key.Fits(loop.Key)).ToList();
        if (loops.Count == 0)
        {
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"iterations of '{key.Text}': it did not run, expected {expected}"));
        }

        foreach (var (path, count) in loops.Where(loop => loop.Value != expected))
        {
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"iterations of '{path}': found {count}, expected {expected}"));
        }
    }

    private void CheckOrder(RunExpectations expected)
    {
        var started = _activities.Where(activity => activity.First().Start is not null).Select(activity => activity.Key).ToList();
        var positions = expected.Order.Select(key => started.FindIndex(key.Fits)).ToList();
        for (var index = 0; index < positions.Count; index++)
        {
            if (positions[index] < 0)
            {
                _failures.Add($"order: '{expected.Order[index].Text}' did not start");
            }
            else if (index > 0 && positions[index] < positions[index - 1])
            {
                _failures.Add($"order: '{expected.Order[index].Text}' started before '{expected.Order[index - 1].Text}', expected after it");
            }
        }
    }

    private void CheckJson(string what, JsonNode? expected, JsonNode? found)
    {
        if (expected is not null)
        {
            AddLines(what, found is null
                ? ["found none, or one that is secure and not shown; expected " + JsonDifference.Show(expected)]
                : JsonDifference.Find(expected, found));
        }
    }

    private void CheckError(string what, ErrorExpectation? expected, Failure? found)
    {
        if (expected is null)
        {
            return;
        }

        if (found is null)
        {
            _failures.Add($"{what}: found none, expected one{(expected.Message is { } text ? $" that says '{text}'" : "")}");
            return;
        }

        Compare("errorCode", expected.ErrorCode, found.ErrorCode, static (wanted, given) => wanted == given);
        Compare("message", expected.Message, found.Message, static (wanted, given) => given.Contains(wanted, StringComparison.Ordinal));
        Compare("failureType", expected.FailureType, found.FailureType.ToString(), static (wanted, given) => wanted == given);
        Compare("target", expected.Target, found.Target, static (wanted, given) => wanted == given);

        void Compare(string member, string? wanted, string given, Func<string, string, bool> fits)
        {
            if (wanted is not null && !fits(wanted, given))
            {
                _failures.Add($"{what}: {member}: found '{given}', expected '{wanted}'{(member == "message" ? " in it" : "")}");
            }
        }
    }

    private void CheckDuration(string what, DurationExpectation expected, TimeSpan? found)
    {
        if (found is not { } span)
        {
            _failures.Add($"{what}: it did not end");
        }
        else if (span < expected.AtLeast || span > expected.AtMost)
        {
            var wanted = (expected.AtLeast, expected.AtMost) switch
            {
                ({ } least, { } most) when least == most => Text(least),
                ({ } least, { } most) => $"{Text(least)} to {Text(most)}",
                ({ } least, null) => $"at least {Text(least)}",
                (_, { } most) => $"at most {Text(most)}",
                _ => "any",
            };
            _failures.Add($"{what}: found {Text(span)}, expected {wanted}");
        }
    }

    private void AddLines(string what, List<string> lines)
    {
        if (lines.Count > 0)
        {
            _failures.Add($"{what}:\n" + string.Join('\n', lines.Select(line => "  " + line)));
        }
    }

    private static string Text(TimeSpan span) => span.ToString("c", CultureInfo.InvariantCulture);

    private static string Statuses(IEnumerable<IGrouping<string, ActivityRun>> activities) =>
        string.Join(", ", activities.Select(activity => RunRecorder.StatusText(activity.Last().Status)).Distinct());
}
