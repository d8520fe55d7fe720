using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Engine.Triggers;

namespace Auspex.Storage.Sqlite;

/// <summary>Writes the query of a list of trigger runs.</summary>
internal static class TriggerRunListing
{
    public static (string Sql, object?[] Values) Write(TriggerRunSelection selection)
    {
        var values = new List<object?>();
        var sql = new StringBuilder("SELECT body FROM trigger_runs WHERE factory = ").Append(Value(selection.Factory));
        Add(selection.UpdatedAfter is { } after ? $"updated_at >= {Value(after.UtcTicks)}" : null);
        Add(selection.UpdatedBefore is { } before ? $"updated_at <= {Value(before.UtcTicks)}" : null);
        Add(selection.Triggers is { } triggers ? $"name COLLATE NOCASE IN {Set(triggers)}" : null);
        Add(selection.OtherTriggers.IsEmpty ? null : $"name COLLATE NOCASE NOT IN {Set(selection.OtherTriggers)}");
        Add(selection.Statuses is { } statuses ? $"status IN {Set(statuses.Select(status => (long)status))}" : null);
        Add(selection.Timestamps is { } moments ? $"fired_at IN {Set(moments.Select(moment => moment.UtcTicks))}" : null);
        Add(selection.OtherTimestamps.IsEmpty ? null : $"fired_at NOT IN {Set(selection.OtherTimestamps.Select(moment => moment.UtcTicks))}");

        var first = selection.OrderBy switch
        {
            TriggerRunOrder.TriggerName => "name, ",
            TriggerRunOrder.Status => "status, ",
            _ => string.Empty,
        };
        if (selection.After is { } position)
        {
            var place = selection.OrderBy switch
            {
                TriggerRunOrder.TriggerName => Value(position.Trigger) + ", ",
                TriggerRunOrder.Status => Value((long)position.Status) + ", ",
                _ => string.Empty,
            };
            Add($"({first}fired_at, run_id) {(selection.Descending ? '<' : '>')} ({place}{Value(position.Timestamp.UtcTicks)}, {Value(position.Id)})");
        }

        var direction = selection.Descending ? " DESC" : string.Empty;
        foreach (var (index, column) in $"{first}fired_at, run_id".Split(", ").Index())
        {
            sql.Append(index == 0 ? " ORDER BY " : ", ").Append(column).Append(direction);
        }

        sql.Append(" LIMIT ").Append(Value((long)selection.Take));
        return (sql.ToString(), [.. values]);

        void Add(string? condition)
        {
            if (condition is not null)
            {
                sql.Append(" AND ").Append(condition);
            }
        }

        string Value(object? value)
        {
            values.Add(value);
            return "$" + values.Count.ToString(CultureInfo.InvariantCulture);
        }

        // One statement whatever the number of values, so that few statements are kept ready.
        string Set<T>(IEnumerable<T> set) =>
            $"(SELECT value FROM json_each({Value(new JsonArray([.. set.Select(value => JsonValue.Create(value))]).ToJsonString())}))";
    }
}
