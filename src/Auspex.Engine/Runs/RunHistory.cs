using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>The activity runs of one run, made from its events: one per attempt, in the order of their start.</summary>
/// <remarks>
/// A second fold beside <see cref="RunState"/>: that one forgets what no decision needs any more, this one keeps what
/// people ask for. Whoever watches owns one; a run that nobody watches has none.
/// </remarks>
internal sealed class RunHistory(RunCreated created, PipelinePlan plan)
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Entry> _latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResultKept> _kept = new(StringComparer.Ordinal);

    public RunCreated Created { get; } = created;

    /// <summary>Folds an event in.</summary>
    /// <returns>The position of the activity run that changed; null when none did.</returns>
    public int? Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case ActivityStarted e:
                var input = e.Input ?? _latest.GetValueOrDefault(e.Activity)?.Input;
                return Add(new Entry(e.Activity, e.Attempt, ActivityStatus.InProgress, e.At, null, input, null, null));
            case ActivitySucceeded e:
                return Change(e.Activity, entry => entry with { Status = ActivityStatus.Succeeded, End = e.At, Output = e.Output });
            case AttemptFailed e:
                return Change(e.Activity, entry => entry with
                {
                    Status = ActivityStatus.Failed,
                    End = e.At,
                    Failure = e.Failure,
                    Output = e.Output,
                });
            case ActivityFailed e when !_latest.ContainsKey(e.Activity):
                return Add(new Entry(e.Activity, 1, ActivityStatus.Failed, e.At, e.At, null, e.Output, e.Failure));
            case ActivityFailed e:
                return Change(e.Activity, entry => entry with
                {
                    Status = ActivityStatus.Failed,
                    End = entry.End ?? e.At,
                    Failure = e.Failure,
                    Output = e.Output,
                });
            case ActivityCanceled e:
                return Change(e.Activity, entry => entry.Status == ActivityStatus.InProgress
                    ? entry with { Status = ActivityStatus.Canceled, End = e.At }
                    : entry);
            case ActivitySkipped e:
                return Add(new Entry(e.Activity, 1, ActivityStatus.Skipped, null, null, null, null, null));
            case ActivityMarkedInactive e:
                return Add(new Entry(e.Activity, 1, ActivityStatus.Inactive, null, null, null, null, null));
            case ResultKept e:
                _kept[e.Activity] = e;
                return null;
            case ActivityRecalled e when _kept.Remove(e.Activity, out var kept):
                var status = kept.Failure is null ? ActivityStatus.Succeeded : ActivityStatus.Failed;
                return Add(new Entry(
                    e.Activity, kept.Attempt, status, kept.StartedAt, kept.EndedAt, kept.Input, kept.Output, kept.Failure)
                {
                    IsRecalled = true,
                });
            default:
                return null;
        }
    }

    public async Task<ImmutableArray<ActivityRun>> ListAsync(ValueVault vault, CancellationToken cancellationToken)
    {
        var runs = ImmutableArray.CreateBuilder<ActivityRun>(_entries.Count);
        for (var index = 0; index < _entries.Count; index++)
        {
            runs.Add(await GetAsync(index, vault, cancellationToken));
        }

        return runs.MoveToImmutable();
    }

    /// <summary>The activity run at a position, secrets left out.</summary>
    public async Task<ActivityRun> GetAsync(int index, ValueVault vault, CancellationToken cancellationToken)
    {
        var entry = _entries[index];
        var activity = PlanOf(entry.Path);
        var policy = activity.Definition.Policy;
        var input = policy.SecureInput ? null : await LoadAsync(entry.Input, vault, cancellationToken);
        var resolved = input is null ? null : ResolvedInput.FromJson(input);
        return new ActivityRun
        {
            Id = RunIds.OfAttempt(Created.RunId, entry.Path, entry.Attempt),
            RunId = Created.RunId,
            Path = entry.Path,
            Name = activity.Definition.Name,
            Type = activity.Definition.Type,
            LinkedServiceName = activity.Definition.LinkedServiceName?.ReferenceName,
            Status = entry.Status,
            Attempt = entry.Attempt,
            Start = entry.Start,
            End = entry.End,
            Input = resolved?.TypeProperties,
            References = resolved?.ReferencesToJson(),
            UserProperties = resolved?.UserProperties,
            Output = policy.SecureOutput ? null : await LoadAsync(entry.Output, vault, cancellationToken),
            Failure = entry.Failure,
            IsRecalled = entry.IsRecalled,
        };
    }

    private static async ValueTask<JsonObject?> LoadAsync(
        JournalValue? value, ValueVault vault, CancellationToken cancellationToken)
    {
        if (value is null)
        {
            return null;
        }

        await vault.LoadAsync(value, cancellationToken);
        var parsed = value.ParseObject();
        SecureStrings.MaskAll(parsed);
        return parsed;
    }

    private ActivityPlan PlanOf(string path)
    {
        // The last part is the name, in whichever list of the pipeline it stands; the first match by escaped name is it.
        var (_, name) = ActivityPath.Split(path);
        return plan.FindEscaped(name.ToString())
            ?? throw new InvalidOperationException($"Activity '{path}' of run {Created.RunId} is not in its definition.");
    }

    private int Add(Entry entry)
    {
        entry = entry with { Position = _entries.Count };
        _entries.Add(entry);
        _latest[entry.Path] = entry;
        return entry.Position;
    }

    private int? Change(string path, Func<Entry, Entry> change)
    {
        if (!_latest.TryGetValue(path, out var entry))
        {
            return null;
        }

        entry = change(entry);
        _entries[entry.Position] = entry;
        _latest[path] = entry;
        return entry.Position;
    }

    private sealed record Entry(
        string Path,
        int Attempt,
        ActivityStatus Status,
        DateTimeOffset? Start,
        DateTimeOffset? End,
        JournalValue? Input,
        JournalValue? Output,
        Failure? Failure)
    {
        public int Position { get; init; }

        public bool IsRecalled { get; init; }
    }
}
