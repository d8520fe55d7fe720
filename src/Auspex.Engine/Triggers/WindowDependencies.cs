using System.Collections.Immutable;
using System.Globalization;
using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>Whether the windows that a window depends on have succeeded.</summary>
/// <remarks>
/// They are those of the other trigger that overlap the range. Parts of the range before the other trigger's start or after its
/// end hold no windows, and nothing is waited for there: so the first window of a trigger that depends on itself can run.
/// </remarks>
internal sealed class WindowDependencies(KnownTrigger trigger, ITriggerStore store, CancellationToken cancellationToken)
{
    public async Task<(bool IsMet, ImmutableSortedDictionary<string, string> Found)> CheckAsync(TumblingWindowTrigger detail, StoredTriggerRun run)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var isMet = true;
        foreach (var dependency in detail.DependsOn)
        {
            var name = dependency.Trigger ?? trigger.Definition.Name;
            var missing = await MissingAsync(detail, dependency, name, run.Run);
            isMet &= missing is null;

            // Two dependencies on the same trigger: the one that is not met is what people look for.
            if (missing is not null || !found.ContainsKey(name))
            {
                found[name] = missing ?? "Succeeded";
            }
        }

        return (isMet, found.ToImmutable());
    }

    private async Task<string?> MissingAsync(TumblingWindowTrigger detail, WindowDependency dependency, string name, TriggerRun run)
    {
        var upstream = dependency.Trigger is null ? detail
            : trigger.Factory.Triggers.TryGetValue(name, out var definition) ? KnownTrigger.Of(trigger.Factory, definition).Detail as TumblingWindowTrigger
            : null;
        if (upstream is null)
        {
            return "There is no such tumbling window trigger, or it cannot work.";
        }

        var from = Shift(run.WindowStart!.Value, dependency.Offset);
        var to = Shift(from, dependency.Size ?? (run.WindowEnd!.Value - run.WindowStart.Value));
        var grid = new WindowGrid(upstream);
        var index = Math.Max(0, grid.IndexOf(from));
        if (grid.At(index) is not { } first || first.Start >= to)
        {
            return null;
        }

        var latest = await LatestAsync(name, first.Start, to);
        for (; grid.At(index) is { } window && window.Start < to; index++)
        {
            if (latest.GetValueOrDefault(window.Start) is not { } other)
            {
                return Say(window, "has not run yet");
            }

            if (other.Status != TriggerRunStatus.Succeeded)
            {
                return Say(window, $"is {other.Status}");
            }
        }

        return null;
    }

    private async Task<Dictionary<DateTimeOffset, TriggerRun>> LatestAsync(string name, DateTimeOffset from, DateTimeOffset to)
    {
        var latest = new Dictionary<DateTimeOffset, TriggerRun>();
        if (await store.FindAsync(trigger.Factory.Name, name, cancellationToken) is { } state)
        {
            foreach (var run in await store.ListWindowRunsAsync(trigger.Factory.Name, name, from, to, cancellationToken))
            {
                if (run.Incarnation == state.Incarnation)
                {
                    latest[run.Run.WindowStart!.Value] = run.Run;
                }
            }
        }

        return latest;
    }

    private static string Say(TimeWindow window, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"Waiting: the window from {window.Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {what}.");

    private static DateTimeOffset Shift(DateTimeOffset moment, TimeSpan by) =>
        new(Math.Clamp(moment.UtcTicks + by.Ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
}
