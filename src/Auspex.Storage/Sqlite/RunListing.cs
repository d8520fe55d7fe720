using System.Globalization;
using System.Text;
using Auspex.Engine.Runs;

namespace Auspex.Storage.Sqlite;

/// <summary>Writes the query of a list of runs so that an index answers it however many runs there are.</summary>
internal static class RunListing
{
    public static (string Sql, object?[] Values) Write(RunQuery query)
    {
        var values = new List<object?>();
        var conditions = new StringBuilder();
        Add(query.Factory, "factory = {0}");
        Add(query.Pipeline, "pipeline = {0}");
        Add(query.Status is { } status ? (long)status : null, "status = {0}");
        Add(query.Before?.Value, "run_key < (SELECT run_key FROM runs WHERE run_id = {0})");
        Add(query.UpdatedAfter?.UtcTicks, "updated_at >= {0}");
        Add(query.UpdatedBefore?.UtcTicks, "updated_at <= {0}");

        // A window of time is mostly the last minutes; along the key the whole history would be read for it.
        var index = query is { UpdatedAfter: not null, Factory: null, Pipeline: null, Status: null }
            ? " INDEXED BY runs_by_update"
            : string.Empty;
        values.Add((long)query.Take);
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT summary FROM runs{index}{conditions} ORDER BY run_key DESC LIMIT ${values.Count}");
        return (sql, [.. values]);

        void Add(object? value, string condition)
        {
            if (value is not null)
            {
                values.Add(value);
                var parameter = "$" + values.Count.ToString(CultureInfo.InvariantCulture);
                conditions.Append(conditions.Length == 0 ? " WHERE " : " AND ")
                    .Append(condition.Replace("{0}", parameter, StringComparison.Ordinal));
            }
        }
    }
}
