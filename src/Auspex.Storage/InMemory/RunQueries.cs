using System.Globalization;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.Storage.InMemory;

/// <summary>A query of runs as its contract says it, without any index: what backends are compared with.</summary>
internal static class RunQueries
{
    public static IEnumerable<RunSummary> Apply(
        IEnumerable<(RunSummary Run, int Key)> runs, RunQuery query, IReadOnlyDictionary<RunId, RunId> latestOfGroup)
    {
        var keys = runs.ToDictionary(entry => entry.Run.Id, entry => entry.Key);
        var ordered = runs.Where(entry => Passes(entry.Run, query, latestOfGroup)).ToList();
        ordered.Sort((left, right) => Compare(left.Run, left.Key, right.Run, right.Key, query.OrderBy) * (query.IsAscending ? 1 : -1));
        return ordered
            .Where(entry => query.From is not { } from || IsBehind(entry.Run, entry.Key, from, keys, query))
            .Take(query.Take)
            .Select(entry => entry.Run);
    }

    private static bool Passes(RunSummary run, RunQuery query, IReadOnlyDictionary<RunId, RunId> latestOfGroup) =>
        (query.Factory is null || query.Factory.Equals(run.Factory, StringComparison.OrdinalIgnoreCase))
        && (query.Pipeline is null || query.Pipeline.Equals(run.Pipeline, StringComparison.OrdinalIgnoreCase))
        && (query.Status is null || query.Status == run.Status)
        && (query.Window is not { } window || IsInWindow(run, window))
        && query.Conditions.All(condition => condition.IsIn == condition.Values.Any(value => Is(run, condition.Field, value, latestOfGroup)));

    private static bool IsInWindow(RunSummary run, RunWindow window) => run.IsOpen
        ? window.HasOpen
        : (run.End ?? run.Updated) >= window.After && (window.HasOpen || (run.End ?? run.Updated) <= window.Before);

    private static bool Is(RunSummary run, RunField field, string value, IReadOnlyDictionary<RunId, RunId> latestOfGroup) => field switch
    {
        RunField.Pipeline => run.Pipeline.Equals(value, StringComparison.OrdinalIgnoreCase),
        RunField.Status => run.Status.ToString().Equals(value, StringComparison.OrdinalIgnoreCase),
        RunField.Start => Digits(run.Start.UtcTicks) == value,
        RunField.End => !run.IsOpen && Digits(SeenOf(run)) == value,
        RunField.Group => (run.GroupId ?? run.Id).Value == value,
        _ => (latestOfGroup[run.GroupId ?? run.Id] == run.Id) == value.Equals("true", StringComparison.OrdinalIgnoreCase),
    };

    private static int Compare(RunSummary left, int leftKey, RunSummary right, int rightKey, RunOrder order)
    {
        var compared = order switch
        {
            RunOrder.Pipeline => StringComparer.OrdinalIgnoreCase.Compare(left.Pipeline, right.Pipeline),
            RunOrder.Status => RunCursor.Rank(left.Status).CompareTo(RunCursor.Rank(right.Status)),
            RunOrder.End => SeenOf(left).CompareTo(SeenOf(right)),
            _ => 0,
        };
        return compared != 0 ? compared : leftKey.CompareTo(rightKey);
    }

    private static bool IsBehind(RunSummary run, int key, RunCursor from, Dictionary<RunId, int> keys, RunQuery query)
    {
        var compared = query.OrderBy switch
        {
            RunOrder.Pipeline => StringComparer.OrdinalIgnoreCase.Compare(run.Pipeline, from.Value),
            RunOrder.Status => RunCursor.Rank(run.Status).CompareTo(int.Parse(from.Value, CultureInfo.InvariantCulture)),
            RunOrder.End => SeenOf(run).CompareTo(long.Parse(from.Value, CultureInfo.InvariantCulture)),
            _ => 0,
        };
        var behind = compared != 0 ? compared : key.CompareTo(keys[from.Run]);
        return query.IsAscending ? behind > 0 : behind < 0;
    }

    private static long SeenOf(RunSummary run) => RunCursor.Seen(run.IsOpen ? null : run.End ?? run.Updated);

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
