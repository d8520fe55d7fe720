using System.Collections.Immutable;

namespace Auspex.Connectors.Sql;

/// <summary>The statements that bring rows of a temporary table into another, for <c>t</c> the table and <c>s</c> the temporary one.</summary>
/// <param name="Table">The table, quoted.</param>
/// <param name="Interim">The temporary table, quoted.</param>
/// <param name="Columns">The columns of both that are written, quoted.</param>
/// <param name="Keys">Those of them that tell rows apart.</param>
internal sealed record SqlMergeText(string Table, string Interim, ImmutableArray<string> Columns, ImmutableArray<string> Keys)
{
    /// <summary>Whether there is anything to update.</summary>
    public bool HasMoreThanKeys => Columns.Length > Keys.Length;

    /// <summary>The columns that are updated, each as an assignment.</summary>
    /// <param name="prefix">What stands before the column that is set.</param>
    public string Assignments(string prefix) =>
        string.Join(", ", Columns.Except(Keys, StringComparer.Ordinal).Select(column => $"{prefix}{column} = s.{column}"));

    /// <summary>Whether a row of each is the same; a missing value is the same as nothing.</summary>
    public string Same => string.Join(" AND ", Keys.Select(key => $"t.{key} = s.{key}"));

    /// <summary>How many keys stand in several rows of the temporary table.</summary>
    public string CountRepeatedKeys =>
        $"SELECT COUNT(*) FROM (SELECT COUNT(*) AS n FROM {Interim} WHERE {string.Join(" AND ", Keys.Select(key => $"{key} IS NOT NULL"))}"
        + $" GROUP BY {string.Join(", ", Keys)} HAVING COUNT(*) > 1) AS repeated";

    /// <summary>Inserts the rows whose key the table does not have.</summary>
    public string InsertMissing =>
        $"INSERT INTO {Table} ({string.Join(", ", Columns)}) SELECT {string.Join(", ", Columns.Select(column => $"s.{column}"))} FROM {Interim} AS s"
        + $" WHERE NOT EXISTS (SELECT 1 FROM {Table} AS t WHERE {Same})";
}
