using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Engine.Runs;

namespace Auspex.Storage.Sqlite;

/// <summary>Writes the query of a list of runs so that an index answers it however many runs there are.</summary>
/// <remarks>
/// There are two ways. A window of time with few runs in it is read whole, and sorted. One with many is read along the order
/// that was asked for until the page is full, which in a window with few would go through all of history for the last ones.
/// </remarks>
internal static class RunListing
{
    /// <summary>How many runs are sorted rather than searched for along an order.</summary>
    internal const long Few = 20_000;

    /// <summary>Whether few runs lie in the query's window.</summary>
    public static bool HasFew(SqliteSession session, RunQuery query)
    {
        if (query is not { Factory: not null, Window: not null } || query.OrderBy != RunOrder.Start)
        {
            return false;
        }

        var statement = new Statement();
        statement.Narrow(query);
        var sql = $"SELECT COUNT(*) FROM (SELECT 1 FROM runs INDEXED BY {WindowIndex(query)}{statement.Conditions} LIMIT {statement.Add(Few)})";
        return session.Prepare(sql, [.. statement.Values]).ExecuteScalar() is long count && count < Few;
    }

    /// <param name="query">What is asked for.</param>
    /// <param name="hasFew">What <see cref="HasFew"/> says of it.</param>
    public static (string Sql, object?[] Values) Write(RunQuery query, bool hasFew)
    {
        var statement = new Statement();
        statement.Narrow(query);
        foreach (var condition in query.Conditions)
        {
            statement.Where(Condition(statement, condition));
        }

        var direction = query.IsAscending ? "ASC" : "DESC";
        var key = KeyOf(query.OrderBy);
        if (query.Before is { } before)
        {
            statement.Where($"run_key < (SELECT run_key FROM runs WHERE run_id = {statement.Add(before.Value)})");
        }

        if (query.From is { } from)
        {
            Continue(statement, from, query, key);
        }

        // Along the key's order the factory's index is the way, along that of ends the window's own.
        var index = query is not { Factory: not null } ? string.Empty
            : query.OrderBy == RunOrder.Start && !hasFew ? query is { Window: null } ? string.Empty : " INDEXED BY runs_by_factory"
            : $" INDEXED BY {WindowIndex(query)}";
        var order = key is null ? $"run_key {direction}" : $"{key} {direction}, run_key {direction}";
        var sql = $"SELECT summary FROM runs WHERE run_key IN (SELECT run_key FROM runs{index}{statement.Conditions}"
            + $" ORDER BY {order} LIMIT {statement.Add((long)query.Take)}) ORDER BY {order}";
        return (sql, [.. statement.Values]);
    }

    private static string WindowIndex(RunQuery query) => query switch
    {
        { Pipeline: not null } => "runs_by_pipeline",
        { Status: not null } => "runs_by_status",
        _ => "runs_by_seen",
    };

    // Null for the order of creation, which is that of the table.
    private static string? KeyOf(RunOrder order) => order switch
    {
        RunOrder.End => "seen_at",
        RunOrder.Pipeline => "pipeline",
        RunOrder.Status => "CASE status WHEN 4 THEN 0 WHEN 5 THEN 1 WHEN 3 THEN 2 WHEN 1 THEN 3 WHEN 0 THEN 4 ELSE 5 END",
        _ => null,
    };

    private static void Continue(Statement statement, RunCursor from, RunQuery query, string? key)
    {
        var comparison = query.IsAscending ? ">" : "<";
        var run = $"run_key {comparison} (SELECT run_key FROM runs WHERE run_id = {statement.Add(from.Run.Value)})";
        if (key is null)
        {
            statement.Where(run);
            return;
        }

        var value = statement.Add(query.OrderBy == RunOrder.Pipeline
            ? from.Value
            : long.TryParse(from.Value, CultureInfo.InvariantCulture, out var number) ? number : 0L);
        statement.Where($"({key} {comparison} {value} OR ({key} = {value} AND {run}))");
    }

    private static string Condition(Statement statement, RunCondition condition) => condition.Field switch
    {
        RunField.Pipeline => List("pipeline", condition.Values.Select(value => statement.Add(value))),
        RunField.Group => List("COALESCE(run_group, run_id)", condition.Values.Select(value => statement.Add(value))),
        RunField.Status => List("status", Statuses(condition.Values).Select(status => statement.Add(status))),
        RunField.Start => List("started_at", Numbers(condition.Values).Select(ticks => statement.Add(ticks))),
        RunField.End => List("seen_at", Numbers(condition.Values).Select(ticks => statement.Add(ticks))),
        _ => List(
            "NOT EXISTS (SELECT 1 FROM runs later WHERE later.run_group = COALESCE(runs.run_group, runs.run_id) AND later.run_key > runs.run_key)",
            condition.Values.Select(value => statement.Add(value.Equals("true", StringComparison.OrdinalIgnoreCase) ? 1L : 0L))),
    } is var list && condition.IsIn ? list : $"NOT ({list})";

    private static string List(string what, IEnumerable<string> parameters) => $"{what} IN ({string.Join(", ", parameters)})";

    private static IEnumerable<object> Statuses(ImmutableArray<string> names) => names
        .Select(name => Enum.TryParse<RunStatus>(name, ignoreCase: true, out var status) ? (long)status : -1L)
        .Cast<object>();

    private static IEnumerable<object> Numbers(ImmutableArray<string> digits) => digits
        .Select(text => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1L)
        .Cast<object>();

    private sealed class Statement
    {
        private readonly StringBuilder _conditions = new();

        public List<object?> Values { get; } = [];

        public string Conditions => _conditions.ToString();

        public string Add(object value)
        {
            Values.Add(value);
            return "$" + Values.Count.ToString(CultureInfo.InvariantCulture);
        }

        public void Where(string condition) =>
            _conditions.Append(_conditions.Length == 0 ? " WHERE " : " AND ").Append(condition);

        /// <summary>What an index narrows down to: factory, pipeline or status, and the window.</summary>
        public void Narrow(RunQuery query)
        {
            if (query.Factory is { } factory)
            {
                Where($"factory = {Add(factory)}");
            }

            if (query.Pipeline is { } pipeline)
            {
                Where($"pipeline = {Add(pipeline)}");
            }

            if (query.Status is { } status)
            {
                Where($"status = {Add((long)status)}");
            }

            if (query.Window is not { } window)
            {
                return;
            }

            Where($"seen_at >= {Add(window.After.UtcTicks)}");
            if (!window.HasOpen)
            {
                Where($"seen_at <= {Add(Math.Min(window.Before.UtcTicks, long.MaxValue - 1))}");
            }
        }
    }
}
