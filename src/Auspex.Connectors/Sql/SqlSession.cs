using System.Data;
using System.Data.Common;

namespace Auspex.Connectors.Sql;

/// <summary>A connection on which statements are carried out one after the other, each committed as the database does without a transaction.</summary>
/// <remarks>Everything that fails surfaces as <see cref="SqlTableException"/>. Not thread-safe.</remarks>
public sealed class SqlSession : IAsyncDisposable
{
    private readonly ISqlEngine _engine;
    private readonly DbConnection _connection;
    private readonly TimeProvider _clock;

    private SqlSession(ISqlEngine engine, DbConnection connection, TimeProvider clock) =>
        (_engine, _connection, _clock) = (engine, connection, clock);

    internal static async Task<SqlSession> OpenAsync(
        ISqlEngine engine, Action<string> onMessage, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await engine.OpenAsync(isForWriting: true, cancellationToken);
            engine.Listen(connection, onMessage);
            return new SqlSession(engine, connection, clock);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && engine.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Carries out a statement and passes on every result with rows.</summary>
    /// <returns>How many rows it changed, added or removed; 0 when the database does not say.</returns>
    /// <exception cref="SqlTableException">The database refused, or it took longer than it may.</exception>
    public Task<long> QueryAsync(SqlStatement statement, ISqlReceiver receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(receiver);
        return GuardAsync(statement, () => Command(statement), (command, limit) => ReadAsync(command, statement, receiver, limit), cancellationToken);
    }

    /// <summary>Carries out a statement whose rows, if there are any, nobody wants.</summary>
    /// <inheritdoc cref="QueryAsync"/>
    public Task<long> ExecuteAsync(SqlStatement statement, ISqlReceiver receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(receiver);
        return GuardAsync(statement, () => Command(statement), async (command, limit) =>
        {
            var affected = await command.ExecuteNonQueryAsync(limit);
            PassOutputs(command, statement, receiver);
            return Math.Max(affected, 0);
        }, cancellationToken);
    }

    /// <summary>Calls a stored procedure; what it gives back is thrown away.</summary>
    /// <exception cref="SqlTableException">The database has no procedures, refused, or it took longer than it may.</exception>
    public async Task CallAsync(SqlStatement procedure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(procedure);
        var spellings = _engine.Spellings(SqlName.Parse(procedure.Text)).ToArray();
        for (var i = 0; ; i++)
        {
            try
            {
                await GuardAsync(
                    procedure,
                    () => _engine.CreateCall(_connection, spellings[i], procedure.Parameters),
                    (command, limit) => _engine.CallAsync(command, limit),
                    cancellationToken);
                return;
            }
            catch (SqlTableException missing) when (missing.Error == SqlTableError.Missing && i + 1 < spellings.Length)
            {
                // The next spelling.
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<long> GuardAsync(
        SqlStatement statement,
        Func<DbCommand> create,
        Func<DbCommand, CancellationToken, Task<long>> work,
        CancellationToken cancellationToken)
    {
        using var limit = statement.Timeout is { } timeout ? new CancellationTokenSource(timeout, _clock) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await using var command = create();
            command.CommandTimeout = 0;
            return await work(command, both.Token);
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SqlTableException(
                SqlTableError.Unavailable, $"The statement took longer than the {statement.Timeout} that it may take. Allow it more time.");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _engine.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    private DbCommand Command(SqlStatement statement)
    {
        var command = _connection.CreateCommand();
        command.CommandText = statement.Text;
        foreach (var parameter in statement.Parameters)
        {
            if (parameter.Direction != ParameterDirection.Input && !_engine.HasOutputParameters)
            {
                throw new SqlTableException(
                    SqlTableError.Statement,
                    $"Found parameter '{parameter.Name}' that comes out; expected only parameters that go in, since this database has no others.");
            }

            command.Parameters.Add(_engine.CreateParameter(command, parameter));
        }

        return command;
    }

    private async Task<long> ReadAsync(
        DbCommand command, SqlStatement statement, ISqlReceiver receiver, CancellationToken cancellationToken)
    {
        long affected;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            do
            {
                if (reader.FieldCount == 0)
                {
                    continue;
                }

                receiver.BeginRows([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)]);
                var values = new object?[reader.FieldCount];
                while (await reader.ReadAsync(cancellationToken))
                {
                    for (var i = 0; i < values.Length; i++)
                    {
                        values[i] = reader.IsDBNull(i) ? null : _engine.ExactValueOf(reader, i);
                    }

                    if (!receiver.AddRow(values))
                    {
                        break;
                    }
                }

                receiver.EndRows();
            }
            while (await reader.NextResultAsync(cancellationToken));
            await reader.CloseAsync();
            affected = reader.RecordsAffected;
        }

        PassOutputs(command, statement, receiver);
        return Math.Max(affected, 0);
    }

    private static void PassOutputs(DbCommand command, SqlStatement statement, ISqlReceiver receiver)
    {
        for (var i = 0; i < statement.Parameters.Length; i++)
        {
            if (statement.Parameters[i].Direction != ParameterDirection.Input)
            {
                receiver.SetOutput(statement.Parameters[i].Name, command.Parameters[i].Value is DBNull ? null : command.Parameters[i].Value);
            }
        }
    }
}
