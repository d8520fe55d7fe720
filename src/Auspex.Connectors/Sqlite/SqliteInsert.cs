using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Microsoft.Data.Sqlite;

namespace Auspex.Connectors.Sqlite;

/// <summary>Inserts row by row with a prepared statement, which inside one transaction is as fast as SQLite gets.</summary>
internal sealed class SqliteInsert : ISqlInsert
{
    private readonly SqliteCommand _command;
    private readonly SqlMapping _mapping;

    public SqliteInsert(
        SqliteConnection connection, SqliteTransaction transaction, string table, SqlMapping mapping, SqliteEngine engine)
    {
        _mapping = mapping;
        _command = connection.CreateCommand();
        _command.Transaction = transaction;
        var columns = mapping.Fields.Select(field => engine.Quote(field.Name));
        var parameters = mapping.Fields.Select((_, i) => $"${i}").ToList();
        _command.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", parameters)})";
        foreach (var parameter in parameters)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }
    }

    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        var columns = _mapping.Apply(batch);
        for (var row = 0; row < batch.RowCount; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Length; i++)
            {
                _command.Parameters[i].Value = ValueOf(columns[i], row);
            }

            await _command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    /// <summary>SQLite keeps dates and durations as text; NaN, which it cannot hold, becomes a missing value.</summary>
    private static object ValueOf(Column column, int row) => column.IsNull(row) ? DBNull.Value : column switch
    {
        BooleanColumn booleans => booleans.Values[row] ? 1L : 0L,
        DoubleColumn numbers => double.IsNaN(numbers.Values[row]) ? DBNull.Value : numbers.Values[row],
        Int64Column numbers => numbers.Values[row],
        StringColumn texts => texts.Text(row)!,
        DateTimeColumn times => new DateTime(times.Values[row]).ToString(
            "yyyy-MM-dd HH:mm:ss.FFFFFFF", System.Globalization.CultureInfo.InvariantCulture),
        _ => ColumnText.Text(column, row, CellFormat.File)!,
    };
}
