using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>
/// Inserts rows whose key is new and updates those whose key is there. They are gathered in a temporary table of the session, so that the
/// database compares keys by its own rules and no index over them is asked for.
/// </summary>
internal sealed class SqlUpsert
{
    private readonly ISqlEngine _engine;
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly string _interim;
    private readonly SqlMapping _mapping;
    private readonly string _table;
    private readonly SqlMergeText _merge;

    private SqlUpsert(
        ISqlEngine engine, DbConnection connection, DbTransaction transaction, string table, string interim, SqlMapping mapping, ImmutableArray<string> keys)
    {
        (_engine, _connection, _transaction, _table, _interim, _mapping) = (engine, connection, transaction, table, interim, mapping);
        var columns = mapping.Fields.Select(field => engine.Quote(field.Name)).ToImmutableArray();
        _merge = new SqlMergeText(table, interim, columns, [.. keys.Select(engine.Quote)]);
    }

    /// <summary>Finds the key and makes the temporary table.</summary>
    /// <param name="engine">The database.</param>
    /// <param name="connection">Open and in a transaction.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="table">Quoted.</param>
    /// <param name="target">What to do; its keys are those of <see cref="SqlTarget.UpsertKeys"/>, or the primary key.</param>
    /// <param name="mapping">Columns as the table spells them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="SqlTableException">There is no key, or a column of it is not written.</exception>
    public static async Task<SqlUpsert> PrepareAsync(
        ISqlEngine engine, DbConnection connection, DbTransaction transaction, string table, SqlTarget target, SqlMapping mapping,
        CancellationToken cancellationToken)
    {
        var wanted = target.UpsertKeys is { IsEmpty: false } named
            ? named
            : await PrimaryKeyAsync(engine, connection, transaction, table, SqlName.Parse(target.Table), cancellationToken);
        if (wanted.IsEmpty)
        {
            throw new SqlTableException(
                SqlTableError.Settings, $"Table '{target.Table}' has no primary key. Name the columns that tell its rows apart as keys of the upsert.");
        }

        var keys = wanted.Select(key => Written(mapping, key) ?? throw new SqlTableException(
            SqlTableError.Settings,
            $"Table '{target.Table}': key '{key}' of the upsert is none of the columns that are written: {string.Join(", ", mapping.Fields.Select(field => field.Name))}. Map a column to it, or name other keys."));
        var interim = engine.Quote(engine.InterimTable);
        var upsert = new SqlUpsert(engine, connection, transaction, table, interim, mapping, [.. keys]);
        var columns = string.Join(", ", mapping.Fields.Select(field => engine.Quote(field.Name)));
        await upsert.ExecuteAsync(engine.CreateInterim(interim, table, columns), cancellationToken);
        return upsert;
    }

    /// <summary>Begins to gather rows; completing it brings them into the table.</summary>
    public ISqlInsert Begin(int rowsPerOperation) => new Gathering(
        this, _engine.BeginInsert(_connection, _transaction, _interim, _mapping, rowsPerOperation));

    private static string? Written(SqlMapping mapping, string key) =>
        (mapping.Fields.FirstOrDefault(field => field.Name == key)
            ?? mapping.Fields.FirstOrDefault(field => field.Name.Equals(key, StringComparison.OrdinalIgnoreCase)))?.Name;

    private static async Task<ImmutableArray<string>> PrimaryKeyAsync(
        ISqlEngine engine, DbConnection connection, DbTransaction transaction, string table, IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = engine.PrimaryKeyQuery;
        var values = new (string Name, string? Value)[] { ("table", table), ("name", parts[^1]), ("schema", parts.Count > 1 ? parts[^2] : null) };
        foreach (var (name, value) in values.Where(value => engine.PrimaryKeyQuery.Contains("@" + value.Name, StringComparison.Ordinal)))
        {
            command.Parameters.Add(engine.CreateParameter(command, new SqlStatementParameter(name, System.Data.DbType.String, value)));
        }

        var keys = ImmutableArray.CreateBuilder<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(reader.GetString(0));
        }

        return keys.ToImmutable();
    }

    private async Task MergeAsync(CancellationToken cancellationToken)
    {
        await using (var command = Command(_merge.CountRepeatedKeys))
        {
            if (Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) is > 0 and var repeated)
            {
                throw new SqlTableException(
                    SqlTableError.Constraint,
                    string.Create(CultureInfo.InvariantCulture, $"Table {_table}: found {repeated} keys in more than one of the rows that are written; expected each once. Name more key columns, or leave the repeated rows out."));
            }
        }

        if (_merge.HasMoreThanKeys)
        {
            await ExecuteAsync(_engine.UpdateFromInterim(_merge), cancellationToken);
        }

        await ExecuteAsync(_merge.InsertMissing, cancellationToken);
        await ExecuteAsync($"DELETE FROM {_interim}", cancellationToken);
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var command = Command(statement);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand Command(string statement)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = statement;
        command.CommandTimeout = 0;
        return command;
    }

    private sealed class Gathering(SqlUpsert upsert, ISqlInsert rows) : ISqlInsert
    {
        private ISqlInsert? _rows = rows;

        public Task WriteAsync(TableBatch batch, CancellationToken cancellationToken) => _rows!.WriteAsync(batch, cancellationToken);

        public async Task CompleteAsync(CancellationToken cancellationToken)
        {
            // Some drivers keep the connection to themselves until an insert is disposed.
            await _rows!.CompleteAsync(cancellationToken);
            await DisposeAsync();
            await upsert.MergeAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            if (_rows is { } rows)
            {
                _rows = null;
                await rows.DisposeAsync();
            }
        }
    }
}
