using System.Data.Common;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>Inserts or merges a table in one transaction: all of its rows, or none, and then a table made for them is gone too.</summary>
internal sealed class SqlTableSink : ITableSink
{
    private readonly ISqlEngine _engine;
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly Func<ISqlInsert> _begin;
    private readonly Action<TableBatch, SqlTableException>? _onRefusedRow;

    private ISqlInsert? _insert;
    private string? _undo;

    private SqlTableSink(
        ISqlEngine engine, DbConnection connection, DbTransaction transaction, Func<ISqlInsert> begin, Action<TableBatch, SqlTableException>? onRefusedRow) =>
        (_engine, _connection, _transaction, _begin, _onRefusedRow) = (engine, connection, transaction, begin, onRefusedRow);

    public static async Task<ITableSink> OpenAsync(
        ISqlEngine engine, SqlTarget target, TableSchema schema, CancellationToken cancellationToken)
    {
        var mapping = SqlMapping.Of(target, schema);
        var parts = SqlName.Parse(target.Table);
        DbConnection? connection = null;
        string? undo = null;
        try
        {
            connection = await engine.OpenAsync(isForWriting: true, cancellationToken);
            if (engine.PrepareInserts is { } prepare)
            {
                await ExecuteAsync(connection, null, prepare, cancellationToken);
            }

            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (!string.IsNullOrWhiteSpace(target.PreScript))
            {
                await ExecuteAsync(connection, transaction, target.PreScript, cancellationToken);
            }

            if (target.Procedure is { } procedure)
            {
                return new SqlTableSink(
                    engine, connection, transaction, () => engine.BeginProcedure(connection, transaction, procedure, mapping), target.OnRefusedRow);
            }

            var (table, columns) = await FindTableAsync(engine, connection, transaction, parts, cancellationToken);
            if (columns is null)
            {
                if (!target.CreateTable)
                {
                    throw new SqlTableException(SqlTableError.Missing, $"There is no table '{target.Table}'. Check the name, or let it be made.");
                }

                await ExecuteAsync(connection, transaction, CreateTable(engine, table, mapping), cancellationToken);
                undo = engine.CreatesTablesInTransactions ? null : $"DROP TABLE {table}";
            }
            else
            {
                mapping = mapping.Matching(columns, target.Table);
            }

            var rowsPerOperation = Math.Max(1, target.RowsPerOperation);
            var upsert = target.UpsertKeys is null
                ? null
                : await SqlUpsert.PrepareAsync(engine, connection, transaction, table, target, mapping, cancellationToken);
            return new SqlTableSink(
                engine,
                connection,
                transaction,
                () => upsert?.Begin(rowsPerOperation) ?? engine.BeginInsert(connection, transaction, table, mapping, rowsPerOperation),
                target.OnRefusedRow)
            {
                _undo = undo,
            };
        }
        catch (Exception failure)
        {
            if (connection is not null)
            {
                await UndoAsync(engine, connection, undo);
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
            if (_onRefusedRow is not null)
            {
                await WriteAcceptedAsync(batch, cancellationToken);
                return;
            }

            _insert ??= _begin();
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
            if (_insert is not null)
            {
                await _insert.CompleteAsync(cancellationToken);
            }

            await _transaction.CommitAsync(cancellationToken);
            _undo = null;
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
            if (_insert is not null)
            {
                await _insert.DisposeAsync();
            }

            await _transaction.DisposeAsync();
        }
        catch (Exception failure) when (_engine.Translate(failure) is not null)
        {
            // The connection is broken or the insert was given up; either way the server rolls back when it is closed.
        }

        await UndoAsync(_engine, _connection, _undo);
        await _connection.DisposeAsync();
    }

    /// <summary>Takes back a table that was made outside of the transaction, as far as the connection still works.</summary>
    private static async Task UndoAsync(ISqlEngine engine, DbConnection connection, string? undo)
    {
        if (undo is null)
        {
            return;
        }

        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = undo;
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception failure) when (engine.Translate(failure) is not null)
        {
            // The connection is broken; the table stays, empty.
        }
    }

    /// <summary>Inserts what the database takes: a batch that it refuses is undone and tried again in halves, down to single rows.</summary>
    private async Task WriteAcceptedAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        await ExecuteAsync(_connection, _transaction, _engine.BeginSavepoint, cancellationToken);
        SqlTableException refusal;
        try
        {
            await using (var insert = _begin())
            {
                await insert.WriteAsync(batch, cancellationToken);
                await insert.CompleteAsync(cancellationToken);
            }

            await EndSavepointAsync(cancellationToken);
            return;
        }
        catch (Exception failure) when (_engine.Translate(failure) is { Error: SqlTableError.Constraint or SqlTableError.Type } translated)
        {
            refusal = translated;
        }

        await ExecuteAsync(_connection, _transaction, _engine.UndoToSavepoint, cancellationToken);
        await EndSavepointAsync(cancellationToken);
        if (batch.RowCount == 1)
        {
            _onRefusedRow!(batch, refusal);
            return;
        }

        var half = batch.RowCount / 2;
        await WriteAcceptedAsync(batch.Slice(0, half), cancellationToken);
        await WriteAcceptedAsync(batch.Slice(half, batch.RowCount - half), cancellationToken);
    }

    private async Task EndSavepointAsync(CancellationToken cancellationToken)
    {
        if (_engine.EndSavepoint is { } end)
        {
            await ExecuteAsync(_connection, _transaction, end, cancellationToken);
        }
    }

    /// <summary>The table's quoted name and its columns; null columns when it does not exist.</summary>
    private static async Task<(string Table, List<string>? Columns)> FindTableAsync(
        ISqlEngine engine, DbConnection connection, DbTransaction transaction, IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        foreach (var spelling in engine.Spellings(parts))
        {
            var table = Quoted(engine, spelling);

            // A statement that fails spoils the transaction of some databases, but not what was before the savepoint.
            await ExecuteAsync(connection, transaction, engine.BeginSavepoint, cancellationToken);
            try
            {
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = $"SELECT * FROM {table} WHERE 1 = 0";
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return (table, [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)]);
            }
            catch (DbException missing) when (engine.Translate(missing)?.Error == SqlTableError.Missing)
            {
                // The next spelling, or none.
                await ExecuteAsync(connection, transaction, engine.UndoToSavepoint, cancellationToken);
            }
        }

        return (Quoted(engine, parts), null);
    }

    private static async Task ExecuteAsync(
        DbConnection connection, DbTransaction? transaction, string statement, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = statement;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string CreateTable(ISqlEngine engine, string table, SqlMapping mapping)
    {
        var columns = mapping.Fields.Select(field => $"{engine.Quote(field.Name)} {engine.TypeOf(field.Type)} NULL");
        return $"CREATE TABLE {table} ({string.Join(", ", columns)})";
    }

    private static string Quoted(ISqlEngine engine, IReadOnlyList<string> parts) => string.Join('.', parts.Select(engine.Quote));
}
