using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using SQLitePCL;

namespace Auspex.Connectors.Sqlite;

/// <summary>Copies a table into a database in memory, past the driver's boxed parameters.</summary>
internal static class SqlTableLoader
{
    public const string DateFormat = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    private const int CancellationRows = 4096;

    /// <summary>The declared type by which a bare column of the result is told again.</summary>
    public static string DeclaredType(TableField field) => field.Type switch
    {
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Int32 => "INT",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.DateTime => "DATETIME_TEXT",
        ColumnType.TimeSpan => "TIMESPAN_TEXT",
        _ => "TEXT",
    };

    public static void Load(sqlite3 database, string name, TableBatch table, CancellationToken cancellationToken)
    {
        var fields = table.Schema.Fields;

        // A categorical column holds texts whatever its levels mean, so it is declared as text.
        var columns = fields.Select(field => $"{Quote(field.Name)} {(field.IsCategorical ? "TEXT" : DeclaredType(field))}");
        InMemorySql.Execute(database, $"create table {Quote(name)} ({string.Join(", ", columns)})");
        InMemorySql.Execute(database, "begin");
        var values = string.Join(",", Enumerable.Repeat("?", fields.Length));
        var code = raw.sqlite3_prepare_v2(database, $"insert into {Quote(name)} values ({values})", out var statement);
        using (statement)
        {
            InMemorySql.Check(database, code, cancellationToken);
            Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
            for (var row = 0; row < table.RowCount; row++)
            {
                if (row % CancellationRows == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                for (var i = 0; i < table.Columns.Length; i++)
                {
                    Bind(statement, i + 1, table.Columns[i], row, scratch);
                }

                InMemorySql.Check(database, raw.sqlite3_step(statement), cancellationToken);
                raw.sqlite3_reset(statement);
            }
        }

        InMemorySql.Execute(database, "commit");
    }

    private static void Bind(sqlite3_stmt statement, int parameter, Column column, int row, Span<byte> scratch)
    {
        if (column.IsNull(row))
        {
            raw.sqlite3_bind_null(statement, parameter);
            return;
        }

        switch (column)
        {
            case Int64Column integers:
                raw.sqlite3_bind_int64(statement, parameter, integers.Values[row]);
                break;
            case DoubleColumn doubles:
                raw.sqlite3_bind_double(statement, parameter, doubles.Values[row]);
                break;
            case BooleanColumn booleans:
                raw.sqlite3_bind_int64(statement, parameter, booleans.Values[row] ? 1 : 0);
                break;
            case StringColumn texts:
                BindText(statement, parameter, texts.Bytes(row));
                break;
            case CategoryColumn categories:
                BindText(statement, parameter, categories.Domain.Utf8(categories.Values[row]));
                break;
            case DateTimeColumn times:
                new DateTime(times.Values[row]).TryFormat(scratch, out var length, DateFormat, CultureInfo.InvariantCulture);
                BindText(statement, parameter, scratch[..length]);
                break;
            default:
                ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8);
                BindText(statement, parameter, utf8);
                break;
        }
    }

    // An empty span would bind NULL.
    private static void BindText(sqlite3_stmt statement, int parameter, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            raw.sqlite3_bind_text(statement, parameter, "");
        }
        else
        {
            raw.sqlite3_bind_text(statement, parameter, utf8);
        }
    }

    private static string Quote(string name) => new StringBuilder(name).Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString();
}
