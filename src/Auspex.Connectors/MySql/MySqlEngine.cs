using System.Collections.Immutable;
using System.Data;
using System.Data.Common;
using System.Net;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using MySqlConnector;

namespace Auspex.Connectors.MySql;

/// <summary>Tables of a MySQL or MariaDB database.</summary>
/// <remarks>
/// Unless the server's name says otherwise, TLS with a verified certificate is asked of every host but the loopback one; a trusted
/// certificate asks for TLS without verifying. The server may never ask for files of this machine.
/// </remarks>
internal sealed class MySqlEngine(SqlServerName server, SqlConnectionSettings settings, OutboundGate gate) : ISqlEngine
{
    private const uint DefaultPort = 3306;
    private const uint ConnectTimeoutSeconds = 15;

    public bool DecidesByValues => false;

    public bool CreatesTablesInTransactions => false;

    /// <remarks>
    /// A value that does not fit fails instead of being cut, and each statement belongs to a transaction, also after one that made a
    /// table and so ended the transaction before it.
    /// </remarks>
    public string PrepareInserts => "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), autocommit = 0";

    public async Task<DbConnection> OpenAsync(bool isForWriting, CancellationToken cancellationToken)
    {
        var addresses = await gate.ResolveAsync(server.Host, cancellationToken);
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = server.Host,
            Port = (uint?)server.Port ?? DefaultPort,
            Database = settings.Database,
            UserID = settings.User,
            Password = settings.Password,
            SslMode = Ssl(addresses),
            ConnectionTimeout = ConnectTimeoutSeconds,
            DefaultCommandTimeout = 0,
            Pooling = false,
            AllowLoadLocalInfile = false,
            AllowUserVariables = true,
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

    public string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    public string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => "tinyint(1)",
        ColumnType.Int32 => "int",
        ColumnType.Int64 => "bigint",
        ColumnType.Double => "double",
        ColumnType.DateTime => "datetime(6)",
        ColumnType.TimeSpan => "time(6)",
        _ => "longtext CHARACTER SET utf8mb4",
    };

    public IEnumerable<IReadOnlyList<string>> Spellings(IReadOnlyList<string> nameParts) => [nameParts];

    public ColumnType TypeOf(DbDataReader reader, int column, List<object?[]> sample) => SqlValue.TypeOf(reader.GetFieldType(column));

    /// <remarks>decimal is read as the driver's own type first, since .NET's does not hold all 65 digits.</remarks>
    public object ValueOf(DbDataReader reader, int column) =>
        reader.GetFieldType(column) == typeof(decimal) ? ((MySqlDataReader)reader).GetMySqlDecimal(column).ToDouble() : reader.GetValue(column);

    public ISqlInsert BeginInsert(
        DbConnection connection, DbTransaction transaction, string table, SqlMapping mapping, int rowsPerOperation) =>
        new MySqlInsert((MySqlConnection)connection, (MySqlTransaction)transaction, table, mapping, rowsPerOperation, this);

    public string UpdateFromInterim(SqlMergeText merge) =>
        $"UPDATE {merge.Table} AS t INNER JOIN {merge.Interim} AS s ON {merge.Same} SET {merge.Assignments("t.")}";

    public string PrimaryKeyQuery =>
        "SELECT column_name FROM information_schema.key_column_usage WHERE constraint_name = 'PRIMARY'"
        + " AND table_schema = COALESCE(@schema, DATABASE()) AND table_name = @name ORDER BY ordinal_position";

    /// <remarks>A decimal that .NET's does not hold is read as double.</remarks>
    public object ExactValueOf(DbDataReader reader, int column)
    {
        try
        {
            return reader.GetValue(column);
        }
        catch (Exception failure) when (failure is OverflowException or FormatException && reader.GetFieldType(column) == typeof(decimal))
        {
            return ((MySqlDataReader)reader).GetMySqlDecimal(column).ToDouble();
        }
    }

    public DbCommand CreateCall(
        DbConnection connection, IReadOnlyList<string> nameParts, ImmutableArray<SqlStatementParameter> parameters)
    {
        var command = new MySqlCommand(string.Join('.', nameParts.Select(Quote)), (MySqlConnection)connection)
        {
            CommandType = CommandType.StoredProcedure,
        };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(((ISqlEngine)this).CreateParameter(command, parameter));
        }

        return command;
    }

    public SqlTableException? Translate(Exception failure) => MySqlErrors.Translate(failure, server.Host);

    private MySqlSslMode Ssl(IPAddress[] addresses) => server.SslMode?.ToUpperInvariant() switch
    {
        null when settings.TrustServerCertificate => MySqlSslMode.Required,
        null => Array.TrueForAll(addresses, IPAddress.IsLoopback) ? MySqlSslMode.Preferred : MySqlSslMode.VerifyFull,
        "DISABLE" => MySqlSslMode.Disabled,
        "PREFER" => MySqlSslMode.Preferred,
        "REQUIRE" => MySqlSslMode.Required,
        "VERIFY-CA" => MySqlSslMode.VerifyCA,
        "VERIFY-FULL" => MySqlSslMode.VerifyFull,
        _ => throw new SqlTableException(
            SqlTableError.Settings,
            $"MySQL '{server.Host}': found sslmode '{server.SslMode}'; expected disable, prefer, require, verify-ca or verify-full."),
    };
}
