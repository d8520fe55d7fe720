using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>Which columns of the batches go to which columns of a table.</summary>
internal sealed class SqlMapping
{
    private readonly ImmutableArray<int> _sources;

    private SqlMapping(ImmutableArray<int> sources, ImmutableArray<TableField> fields) => (_sources, Fields) = (sources, fields);

    /// <summary>The table's columns that are written, under their names there, categories as plain values.</summary>
    public ImmutableArray<TableField> Fields { get; }

    /// <summary>The same as a schema.</summary>
    public TableSchema Schema => new(Fields);

    /// <summary>Checks a target against the schema of the batches.</summary>
    /// <exception cref="SqlTableException">Lists differ in length, or a source column does not exist.</exception>
    public static SqlMapping Of(SqlTarget target, TableSchema schema)
    {
        var sources = target.SourceColumns.IsDefaultOrEmpty ? [.. schema.Fields.Select(field => field.Name)] : target.SourceColumns;
        var targets = target.TargetColumns.IsDefaultOrEmpty ? sources : target.TargetColumns;
        if (sources.Length != targets.Length)
        {
            throw new SqlTableException(
                SqlTableError.Settings,
                $"Table '{target.Table}': found {sources.Length} columns to be saved and {targets.Length} columns of the table; expected as many.");
        }

        var positions = ImmutableArray.CreateBuilder<int>(sources.Length);
        var fields = ImmutableArray.CreateBuilder<TableField>(sources.Length);
        for (var i = 0; i < sources.Length; i++)
        {
            var position = schema.IndexOf(sources[i]);
            if (position < 0)
            {
                throw new SqlTableException(
                    SqlTableError.Settings,
                    $"Table '{target.Table}': column '{sources[i]}' is to be saved, but the data has none of that name. Names are case-sensitive.");
            }

            positions.Add(position);
            fields.Add(schema.Fields[position] with { Name = targets[i], Categories = null });
        }

        if (fields.Select(field => field.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() != fields.Count)
        {
            throw new SqlTableException(
                SqlTableError.Settings, $"Table '{target.Table}': two columns would go to the same column of the table.");
        }

        return new SqlMapping(positions.ToImmutable(), fields.ToImmutable());
    }

    /// <summary>The same mapping with the table's own spelling of its columns: exact where there is one, else ignoring case.</summary>
    /// <exception cref="SqlTableException">The table lacks a column.</exception>
    public SqlMapping Matching(IReadOnlyList<string> tableColumns, string table)
    {
        var fields = Fields.ToBuilder();
        for (var i = 0; i < fields.Count; i++)
        {
            var wanted = fields[i].Name;
            var found = tableColumns.FirstOrDefault(column => column == wanted)
                ?? tableColumns.FirstOrDefault(column => column.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                ?? throw new SqlTableException(
                    SqlTableError.Missing,
                    $"Table '{table}' has no column '{wanted}'; it has {string.Join(", ", tableColumns)}. Map the column to one of them.");
            fields[i] = fields[i] with { Name = found };
        }

        return new SqlMapping(_sources, fields.ToImmutable());
    }

    /// <summary>The columns of a batch that are written, in order, categories as plain values.</summary>
    public Column[] Apply(TableBatch batch)
    {
        var columns = new Column[_sources.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var column = batch.Columns[_sources[i]];
            columns[i] = column is CategoryColumn ? ColumnText.Convert(column, Fields[i], out _) ?? column : column;
        }

        return columns;
    }
}
