using System.Collections.Immutable;
using System.Globalization;
using Auspex.Engine.Simulation;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>Holds a replayed run against its recording.</summary>
internal static class RecordingCheck
{
    private const int MostLines = 20;

    /// <summary>How they differ, in words; empty when they do not.</summary>
    public static ImmutableArray<string> Find(SimulatedRun run, Recording recording, ReplayAnswers answers)
    {
        var differences = ImmutableArray.CreateBuilder<string>();
        differences.AddRange(answers.Differences);
        var status = RunRecorder.StatusText(run.Run.Status);
        if (status != recording.Status)
        {
            var reason = run.Run.Failure is { } failure ? $": {failure.ErrorCode}: {failure.Message}" : "";
            differences.Add($"status: found {status}, recorded {recording.Status}{reason}");
        }

        var found = Last(run.Activities.Select(activity => (activity.Path, RunRecorder.StatusText(activity.Status), activity.Attempt)));
        var recorded = Last(recording.Activities.Select(activity => (activity.Path, activity.Status, activity.Attempt)));
        foreach (var (path, then) in recorded)
        {
            if (!found.TryGetValue(path, out var now))
            {
                differences.Add($"activity '{path}' did not run, recorded {then.Status}");
            }
            else if (now.Status != then.Status)
            {
                differences.Add($"activity '{path}': found {now.Status}, recorded {then.Status}");
            }
            else if (now.Attempts != then.Attempts)
            {
                differences.Add(string.Create(
                    CultureInfo.InvariantCulture, $"activity '{path}': found {now.Attempts} attempts, recorded {then.Attempts}"));
            }
        }

        differences.AddRange(found.Where(entry => !recorded.ContainsKey(entry.Key))
            .Select(entry => $"activity '{entry.Key}' is new: found {entry.Value.Status}, recorded nothing"));
        if (recording.ReturnValue is { } value)
        {
            differences.AddRange(Checking.JsonDifference.Find(value, run.Run.ReturnValue).Select(line => "return value: " + line));
        }

        if (differences.Count > MostLines)
        {
            var more = differences.Count - MostLines;
            differences.Count = MostLines;
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"and {more} more differences"));
        }

        if (differences.Count > 0 && !recording.NotKept.IsEmpty)
        {
            differences.Add($"note: the recording does not hold {string.Join(", ", recording.NotKept)}; what reads them may differ for that");
        }

        return differences.ToImmutable();
    }

    private static SortedDictionary<string, (string Status, int Attempts)> Last(IEnumerable<(string Path, string Status, int Attempt)> activities)
    {
        var last = new SortedDictionary<string, (string, int)>(StringComparer.Ordinal);
        foreach (var (path, status, attempt) in activities)
        {
            last[path] = (status, attempt);
        }

        return last;
    }
}
