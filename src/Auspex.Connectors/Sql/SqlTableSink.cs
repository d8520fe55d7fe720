using System.Data.Common;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>Inserts a table in one transaction: all of its rows, or none, and then a table made for them is gone too.</summary>
internal sealed class SqlTableSink : ITableSink
{
    private readonly ISqlEngine _engine;
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly ISqlInsert _insert;

    private SqlTableSink(ISqlEngine engine, DbConnection connection, DbTransaction transaction, ISqlInsert insert) =>
        (_engine, _connection, _transaction, _insert) = (engine, connection, transaction, insert);

    public static async Task<ITableSink> OpenAsync(
        ISqlEngine engine, SqlTarget target, TableSchema schema, CancellationToken cancellationToken)
    {
        var mapping = SqlMapping.Of(target, schema);
        var parts = SqlName.Parse(target.Table);
        DbConnection? connection = null;
        try
        {
            connection = await engine.OpenAsync(isForWriting: true, cancellationToken);
            var (table, columns) = await FindTableAsync(engine, connection, parts, cancellationToken);
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (columns is null)
            {
                if (!target.CreateTable)
                {
                    throw new SqlTableException(SqlTableError.Missing, $"There is no table '{target.Table}'. Check the name, or let it be made.");
                }

                await CreateTableAsync(engine, connection, transaction, table, mapping, cancellationToken);
            }
            else
            {
                mapping = mapping.Matching(columns, target.Table);
            }

            var insert = engine.BeginInsert(connection, transaction, table, mapping, Math.Max(1, target.RowsPerOperation));
            return new SqlTableSink(engine, connection, transaction, insert);
        }
        catch (Exception failure)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            if (!cancellationToken.IsCancellationRequested && engine.Translate(failure) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }

    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await _insert.WriteAsync(batch, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _engine.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _insert.CompleteAsync(cancellationToken);
            await _transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _engine.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _insert.DisposeAsync();
            await _transaction.DisposeAsync();
        }
        catch (Exception failure) when (_engine.Translate(failure) is not null)
        {
            // The connection is broken or the insert was given up; either way the server rolls back when it is closed.
        }

        await _connection.DisposeAsync();
    }

    /// <summary>The table's quoted name and its columns; null columns when it does not exist.</summary>
    private static async Task<(string Table, List<string>? Columns)> FindTableAsync(
        ISqlEngine engine, DbConnection connection, IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        foreach (var spelling in engine.Spellings(parts))
        {
            var table = Quoted(engine, spelling);
            try
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT * FROM {table} WHERE 1 = 0";
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return (table, [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)]);
            }
            catch (DbException missing) when (engine.Translate(missing)?.Error == SqlTableError.Missing)
            {
                // The next spelling, or none.
            }
        }

        return (Quoted(engine, parts), null);
    }

    private static async Task CreateTableAsync(
        ISqlEngine engine, DbConnection connection, DbTransaction transaction, string table, SqlMapping mapping, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        var columns = mapping.Fields.Select(field => $"{engine.Quote(field.Name)} {engine.TypeOf(field.Type)} NULL");
        command.CommandText = $"CREATE TABLE {table} ({string.Join(", ", columns)})";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Quoted(ISqlEngine engine, IReadOnlyList<string> parts) => string.Join('.', parts.Select(engine.Quote));
}
