using System.Collections.Immutable;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Auspex.Connectors.Postgres;

/// <summary>Tables of a PostgreSQL database.</summary>
/// <remarks>
/// Unless the server's name says otherwise, TLS with a verified certificate is asked of every host but the loopback one; a trusted
/// certificate asks for TLS without verifying.
/// </remarks>
internal sealed class PostgresEngine(SqlServerName server, SqlConnectionSettings settings, OutboundGate gate) : ISqlEngine
{
    private const int DefaultPort = 5432;
    private const int ConnectTimeoutSeconds = 15;

    public bool DecidesByValues => false;

    public async Task<DbConnection> OpenAsync(bool isForWriting, CancellationToken cancellationToken)
    {
        var addresses = await gate.ResolveAsync(server.Host, cancellationToken);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port ?? DefaultPort,
            Database = settings.Database.Length > 0 ? settings.Database : "postgres",
            Username = settings.User,
            Password = settings.Password,
            SslMode = Ssl(addresses),
            Timeout = ConnectTimeoutSeconds,
            CommandTimeout = 0,
            Pooling = false,
            ApplicationName = "auspex",
        }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => "boolean",
        ColumnType.Int32 => "integer",
        ColumnType.Int64 => "bigint",
        ColumnType.Double => "double precision",
        ColumnType.DateTime => "timestamp",
        ColumnType.TimeSpan => "interval",
        _ => "text",
    };

    /// <remarks>Names are quoted, hence exact; people who never quote mean the lower-case one.</remarks>
    public IEnumerable<IReadOnlyList<string>> Spellings(IReadOnlyList<string> nameParts)
    {
        yield return nameParts;
        if (nameParts.Any(part => part.Any(char.IsUpper)))
        {
            yield return [.. nameParts.Select(part => part.ToLowerInvariant())];
        }
    }

    public ColumnType TypeOf(DbDataReader reader, int column, List<object?[]> sample) =>
        reader.GetFieldType(column) is { } type ? SqlValue.TypeOf(type) : ColumnType.String;

    /// <remarks>numeric is read as double, since a decimal does not hold all of its values.</remarks>
    public object ValueOf(DbDataReader reader, int column) =>
        reader.GetFieldType(column) == typeof(decimal) ? reader.GetDouble(column) : reader.GetValue(column);

    public ISqlInsert BeginInsert(
        DbConnection connection, DbTransaction transaction, string table, SqlMapping mapping, int rowsPerOperation) =>
        new PostgresCopy((NpgsqlConnection)connection, table, mapping, this);

    public string PrimaryKeyQuery =>
        "SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        + " WHERE i.indisprimary AND i.indrelid = CAST(@table AS regclass) ORDER BY array_position(i.indkey::smallint[], a.attnum)";

    /// <remarks>A numeric that decimal does not hold is read as double.</remarks>
    public object ExactValueOf(DbDataReader reader, int column)
    {
        try
        {
            return reader.GetValue(column);
        }
        catch (Exception failure) when (failure is OverflowException or InvalidCastException && reader.GetFieldType(column) == typeof(decimal))
        {
            return reader.GetDouble(column);
        }
    }

    public DbParameter CreateParameter(DbCommand command, SqlStatementParameter parameter)
    {
        var made = new NpgsqlParameter
        {
            ParameterName = parameter.Name.TrimStart('@'),
            Direction = parameter.Direction,
            Value = parameter.Value ?? DBNull.Value,
        };

        // The driver takes DateTime for timestamptz, and that only in UTC; definitions mean the plain type.
        made.DbType = parameter.Type == DbType.DateTime ? DbType.DateTime2 : parameter.Type;
        return made;
    }

    /// <remarks>
    /// Arguments go as text of no type, as literals in a hand-written call do: the server makes of each what the procedure declares.
    /// </remarks>
    public DbCommand CreateCall(
        DbConnection connection, IReadOnlyList<string> nameParts, ImmutableArray<SqlStatementParameter> parameters)
    {
        var command = ((NpgsqlConnection)connection).CreateCommand();
        var arguments = new List<string>();
        foreach (var parameter in parameters)
        {
            object value = parameter.Value is null ? DBNull.Value : ArgumentText(parameter.Value);
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = value });
            var name = parameter.Name.TrimStart('@');
            var written = name.Any(char.IsUpper) ? name.ToLowerInvariant() : name;
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"{Quote(written)} => ${command.Parameters.Count}"));
        }

        command.CommandText = $"CALL {string.Join('.', nameParts.Select(Quote))}({string.Join(", ", arguments)})";
        return command;
    }

    /// <remarks>What is no procedure may be a function.</remarks>
    public async Task<long> CallAsync(DbCommand command, CancellationToken cancellationToken)
    {
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException notAProcedure) when (notAProcedure.SqlState == PostgresErrorCodes.WrongObjectType)
        {
            command.CommandText = "SELECT * FROM " + command.CommandText["CALL ".Length..];
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return 0;
    }

    public void Listen(DbConnection connection, Action<string> onMessage) =>
        ((NpgsqlConnection)connection).Notice += (_, notice) => onMessage(notice.Notice.MessageText);

    public SqlTableException? Translate(Exception failure) => PostgresErrors.Translate(failure, server.Host);

    private static string ArgumentText(object value) => value switch
    {
        DateTime instant => instant.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private SslMode Ssl(IPAddress[] addresses) => server.SslMode?.ToUpperInvariant() switch
    {
        null when settings.TrustServerCertificate => SslMode.Require,
        null => Array.TrueForAll(addresses, IPAddress.IsLoopback) ? SslMode.Prefer : SslMode.VerifyFull,
        "DISABLE" => SslMode.Disable,
        "ALLOW" => SslMode.Allow,
        "PREFER" => SslMode.Prefer,
        "REQUIRE" => SslMode.Require,
        "VERIFY-CA" => SslMode.VerifyCA,
        "VERIFY-FULL" => SslMode.VerifyFull,
        _ => throw new SqlTableException(
            SqlTableError.Settings,
            $"PostgreSQL '{server.Host}': found sslmode '{server.SslMode}'; expected disable, allow, prefer, require, verify-ca or verify-full."),
    };
}
