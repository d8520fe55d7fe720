using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>Finds for an attempt what the recording has of it, and notes how the two differ.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReplayAnswers
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    private readonly Recording _recording;
    private readonly InputComparison _comparison;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, string> _differences = new(StringComparer.Ordinal);
    private readonly HashSet<RecordedActivity> _used = [];
    private readonly ImmutableArray<DateTimeOffset> _starts;

    /// <param name="recording">What was recorded.</param>
    /// <param name="definitions">The text of the pipelines as they are now.</param>
    public ReplayAnswers(Recording recording, string definitions)
    {
        _recording = recording;
        _comparison = new InputComparison(definitions);
        _starts = [.. recording.Activities.Where(activity => activity.Start is not null).Select(activity => activity.Start!.Value).Order()];
    }

    /// <summary>How inputs differ from the recorded ones, by activity.</summary>
    public ImmutableArray<string> Differences
    {
        get
        {
            lock (_lock)
            {
                return [.. _differences.Values];
            }
        }
    }

    /// <summary>The recorded attempt; null when there is none of that activity.</summary>
    /// <param name="path">The activity's path.</param>
    /// <param name="attempt">From 1.</param>
    /// <param name="input">The evaluated input with its references.</param>
    public RecordedActivity? Find(string path, int attempt, JsonObject input)
    {
        var found = new RecordedSecrets([]).Mask(input);
        var key = ActivityKey.WithoutIterations(path, static _ => true);
        lock (_lock)
        {
            var samePath = _recording.Activities.Where(activity => activity.Path.Equals(path, StringComparison.OrdinalIgnoreCase)).ToArray();
            var atPath = samePath.LastOrDefault(activity => activity.Attempt == attempt) ?? samePath.LastOrDefault();
            if (atPath is not null && DifferencesOf(atPath, found).Count == 0)
            {
                _used.Add(atPath);
                return atPath;
            }

            // Items in another order, or an activity moved into a container: the same question has the same answer.
            var name = path[(path.LastIndexOf('/') + 1)..];
            var alike = _recording.Activities
                .Where(activity => activity.Input is not null && activity.Attempt == attempt && activity.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Where(activity => DifferencesOf(activity, found).Count == 0)
                .OrderBy(activity => ActivityKey.WithoutIterations(activity.Path, static _ => true).Equals(key, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
                .ThenBy(activity => _used.Contains(activity) ? 1 : 0)
                .FirstOrDefault();
            if (alike is not null)
            {
                _used.Add(alike);
                return alike;
            }

            if (atPath is not null)
            {
                _differences[path] = $"activity '{path}' got another input than in the recording:\n"
                    + string.Join('\n', DifferencesOf(atPath, found).Select(line => "  " + line));
                _used.Add(atPath);
            }

            return atPath;
        }
    }

    /// <summary>
    /// How long an answer takes: as long as it took, and up to the moment when the next recorded activity began, so that clocks
    /// read there show what they showed.
    /// </summary>
    public TimeSpan DelayOf(RecordedActivity answer, DateTimeOffset now)
    {
        if (answer is not { Start: { } start, End: { } end })
        {
            return TimeSpan.Zero;
        }

        var next = _starts.FirstOrDefault(time => time >= end);
        var until = next != default && next - end <= LongestStep ? next : end;

        // An attempt that begins at another time than recorded, such as one of a changed pipeline, keeps its length.
        var delay = (now - start).Duration() <= LongestStep ? until - now : end - start;
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    private List<string> DifferencesOf(RecordedActivity recorded, JsonObject? found) =>
        recorded.HasSecureInput ? [] : _comparison.Find(found ?? [], recorded.Input ?? []);
}
