using System.Data.Common;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>The rows of a query. Columns that bear the same name get " (1)", " (2)" and so on.</summary>
internal sealed class SqlTableSource : ITableSource
{
    private const int BatchRows = 8192;
    private const int SampleRows = 1024;

    private readonly ISqlEngine _engine;
    private readonly DbConnection _connection;
    private readonly DbCommand _command;
    private readonly DbDataReader _reader;
    private readonly List<object?[]> _sample;

    private SqlTableSource(
        ISqlEngine engine, DbConnection connection, DbCommand command, DbDataReader reader, List<object?[]> sample, TableSchema schema) =>
        (_engine, _connection, _command, _reader, _sample, Schema) = (engine, connection, command, reader, sample, schema);

    public TableSchema Schema { get; }

    public static async Task<ITableSource> OpenAsync(ISqlEngine engine, string query, CancellationToken cancellationToken)
    {
        DbConnection? connection = null;
        try
        {
            connection = await engine.OpenAsync(isForWriting: false, cancellationToken);
            var command = connection.CreateCommand();
            command.CommandText = query;
            command.CommandTimeout = 0;
            var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (reader.FieldCount == 0)
            {
                throw new SqlTableException(SqlTableError.Statement, "The query gives no columns; expected one that gives rows, such as SELECT.");
            }

            var sample = engine.DecidesByValues ? await ReadSampleAsync(engine, reader, cancellationToken) : [];
            return new SqlTableSource(engine, connection, command, reader, sample, SchemaOf(engine, reader, sample));
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

    public async IAsyncEnumerable<TableBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new TableBatchBuilder(Schema, BatchRows);
        var row = 0L;
        foreach (var values in _sample)
        {
            Append(rows, values, row++);
        }

        _sample.Clear();
        var current = new object?[Schema.Fields.Length];
        while (await MoveNextAsync(current, cancellationToken))
        {
            Append(rows, current, row++);
            if (rows.RowCount == BatchRows)
            {
                yield return rows.Build();
            }
        }

        if (rows.RowCount > 0)
        {
            yield return rows.Build();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Ends a query that is still running, so that closing does not wait for its rows.
            _command.Cancel();
            await _reader.DisposeAsync();
            await _command.DisposeAsync();
        }
        catch (Exception failure) when (_engine.Translate(failure) is not null)
        {
            // The connection is closed next, whatever state it is in.
        }

        await _connection.DisposeAsync();
    }

    private async Task<bool> MoveNextAsync(object?[] values, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _reader.ReadAsync(cancellationToken))
            {
                return false;
            }

            Fill(_engine, _reader, values);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _engine.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    private void Append(TableBatchBuilder rows, object?[] values, long row)
    {
        var columns = rows.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            if (!SqlValue.TryAppend(columns[i], values[i]))
            {
                throw new SqlTableException(
                    SqlTableError.Type,
                    $"Row {row + 1} of the query, column '{Schema.Fields[i].Name}': found a value that is no {Schema.Fields[i].Type}, which "
                    + "the column was taken for. Cast the column to one type in the query.");
            }
        }

        rows.CompleteRow();
    }

    private static async Task<List<object?[]>> ReadSampleAsync(
        ISqlEngine engine, DbDataReader reader, CancellationToken cancellationToken)
    {
        var sample = new List<object?[]>();
        while (sample.Count < SampleRows && await reader.ReadAsync(cancellationToken))
        {
            var values = new object?[reader.FieldCount];
            Fill(engine, reader, values);
            sample.Add(values);
        }

        return sample;
    }

    private static void Fill(ISqlEngine engine, DbDataReader reader, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.IsDBNull(i) ? null : engine.ValueOf(reader, i);
        }
    }

    private static TableSchema SchemaOf(ISqlEngine engine, DbDataReader reader, List<object?[]> sample)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var fields = new TableField[reader.FieldCount];
        for (var i = 0; i < fields.Length; i++)
        {
            var name = reader.GetName(i);
            name = string.IsNullOrEmpty(name) ? $"Col{i + 1}" : name;
            var unique = name;
            for (var suffix = 1; !taken.Add(unique); suffix++)
            {
                unique = $"{name} ({suffix})";
            }

            fields[i] = new TableField { Name = unique, Type = engine.TypeOf(reader, i, sample) };
        }

        return new TableSchema([.. fields]);
    }
}
