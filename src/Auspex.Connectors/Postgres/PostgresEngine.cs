using System.Data.Common;
using System.Net;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Npgsql;

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

    public SqlTableException? Translate(Exception failure) => PostgresErrors.Translate(failure, server.Host);

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
