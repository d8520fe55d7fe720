using System.Data;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Microsoft.Data.SqlClient;

namespace Auspex.Connectors.SqlServer;

/// <summary>Inserts through bulk copy.</summary>
internal sealed class SqlServerBulkInsert : ISqlInsert
{
    private readonly SqlBulkCopy _bulk;
    private readonly SqlMapping _mapping;

    public SqlServerBulkInsert(
        SqlConnection connection, SqlTransaction transaction, string table, SqlMapping mapping, int rowsPerOperation)
    {
        _mapping = mapping;
        _bulk = new SqlBulkCopy(connection, SqlBulkCopyOptions.CheckConstraints | SqlBulkCopyOptions.FireTriggers, transaction)
        {
            DestinationTableName = table,
            BatchSize = rowsPerOperation,
            BulkCopyTimeout = 0,
        };
        foreach (var field in mapping.Fields)
        {
            _bulk.ColumnMappings.Add(field.Name, field.Name);
        }
    }

    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        using var rows = ToDataTable(batch, _mapping);
        await _bulk.WriteToServerAsync(rows, cancellationToken);
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        ((IDisposable)_bulk).Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The rows in the form that the driver takes.</summary>
    internal static DataTable ToDataTable(TableBatch batch, SqlMapping mapping)
    {
        var table = new DataTable { Locale = System.Globalization.CultureInfo.InvariantCulture };
        foreach (var field in mapping.Fields)
        {
            table.Columns.Add(field.Name, ClrType(field.Type));
        }

        var columns = mapping.Apply(batch);
        var values = new object[columns.Length];
        for (var row = 0; row < batch.RowCount; row++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                values[i] = ValueOf(columns[i], row);
            }

            table.Rows.Add(values);
        }

        return table;
    }

    private static Type ClrType(ColumnType type) => type switch
    {
        ColumnType.Boolean => typeof(bool),
        ColumnType.Int32 or ColumnType.Int64 => typeof(long),
        ColumnType.Double => typeof(double),
        ColumnType.DateTime => typeof(DateTime),
        _ => typeof(string),
    };

    /// <summary>SQL Server has no NaN and no infinity: NaN becomes a missing value, and infinity is refused by the server.</summary>
    private static object ValueOf(Column column, int row) => column.IsNull(row) ? DBNull.Value : column switch
    {
        BooleanColumn booleans => booleans.Values[row],
        Int64Column numbers => numbers.Values[row],
        DoubleColumn numbers => double.IsNaN(numbers.Values[row]) ? DBNull.Value : numbers.Values[row],
        DateTimeColumn times => new DateTime(times.Values[row]),
        StringColumn texts => texts.Text(row)!,
        _ => ColumnText.Text(column, row, CellFormat.File)!,
    };
}
