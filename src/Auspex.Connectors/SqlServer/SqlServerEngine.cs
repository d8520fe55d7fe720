using System.Collections.Immutable;
using System.Data;
using System.Data.Common;
using System.Globalization;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Microsoft.Data.SqlClient;

namespace Auspex.Connectors.SqlServer;

/// <summary>Tables of SQL Server and Azure SQL. Encryption is always asked for.</summary>
internal sealed class SqlServerEngine(SqlServerName server, SqlConnectionSettings settings, OutboundGate gate) : ISqlEngine
{
    private const int ConnectTimeoutSeconds = 15;

    // The driver needs culture tables, and refuses to work when it finds the switch that this program is built with. Whoever starts
    // the program with the environment variable has overruled the switch for the runtime, but not for the driver: it is told
    // here, and then looks for the tables itself. The runtime has read its own setting before.
    static SqlServerEngine()
    {
        _ = CultureInfo.CurrentCulture;
        AppContext.SetSwitch("System.Globalization.Invariant", false);
    }

    public bool DecidesByValues => false;

    public async Task<DbConnection> OpenAsync(bool isForWriting, CancellationToken cancellationToken)
    {
        if (settings.User.Length == 0)
        {
            throw new SqlTableException(
                SqlTableError.Settings, $"SQL Server '{server.Host}': no user is given; expected SQL authentication with user and password.");
        }

        // An instance's name (host\instance) is no part of the address.
        await gate.ResolveAsync(server.Host.Split('\\')[0], cancellationToken);
        var connection = new SqlConnection(ConnectionString(server, settings));
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (NotSupportedException noCultures)
        {
            await connection.DisposeAsync();
            throw new SqlTableException(
                SqlTableError.Settings,
                $"SQL Server '{server.Host}': the driver needs the ICU library (Debian: libicu) and the environment variable "
                + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0. Set it and start again.",
                noCultures);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the driver is given.</summary>
    internal static string ConnectionString(SqlServerName server, SqlConnectionSettings settings) => new SqlConnectionStringBuilder
    {
        DataSource = server.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"tcp:{server.Host},{port}") : server.Host,
        InitialCatalog = settings.Database,
        UserID = settings.User,
        Password = settings.Password,
        Encrypt = SqlConnectionEncryptOption.Mandatory,
        TrustServerCertificate = settings.TrustServerCertificate,
        ConnectTimeout = ConnectTimeoutSeconds,
        Pooling = false,
        ApplicationName = "auspex",
    }.ToString();

    public string Quote(string name) => $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]";

    /// <remarks>A duration can exceed a day, which <c>time</c> cannot: it is kept as text.</remarks>
    public string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => "bit",
        ColumnType.Int32 => "int",
        ColumnType.Int64 => "bigint",
        ColumnType.Double => "float(53)",
        ColumnType.DateTime => "datetime2(7)",
        ColumnType.TimeSpan => "nvarchar(32)",
        _ => "nvarchar(max)",
    };

    public IEnumerable<IReadOnlyList<string>> Spellings(IReadOnlyList<string> nameParts) => [nameParts];

    public ColumnType TypeOf(DbDataReader reader, int column, List<object?[]> sample) => SqlValue.TypeOf(reader.GetFieldType(column));

    /// <remarks>decimal is read as the driver's own type first, since .NET's does not hold all 38 digits.</remarks>
    public object ValueOf(DbDataReader reader, int column) =>
        reader.GetFieldType(column) == typeof(decimal) ? ((SqlDataReader)reader).GetSqlDecimal(column).ToDouble() : reader.GetValue(column);

    public ISqlInsert BeginInsert(
        DbConnection connection, DbTransaction transaction, string table, SqlMapping mapping, int rowsPerOperation) =>
        new SqlServerBulkInsert((SqlConnection)connection, (SqlTransaction)transaction, table, mapping, rowsPerOperation);

    public ISqlInsert BeginProcedure(DbConnection connection, DbTransaction transaction, SqlRowProcedure procedure, SqlMapping mapping) =>
        new SqlServerRowProcedure((SqlConnection)connection, (SqlTransaction)transaction, procedure, mapping, this);

    public string InterimTable => "#auspex_interim";

    /// <remarks>The union keeps an identity column from staying one.</remarks>
    public string CreateInterim(string interim, string table, string columns) =>
        $"SELECT {columns} INTO {interim} FROM {table} WHERE 1 = 0 UNION ALL SELECT {columns} FROM {table} WHERE 1 = 0";

    public string UpdateFromInterim(SqlMergeText merge) =>
        $"UPDATE t SET {merge.Assignments("t.")} FROM {merge.Table} AS t INNER JOIN {merge.Interim} AS s ON {merge.Same}";

    public string PrimaryKeyQuery =>
        "SELECT c.name FROM sys.indexes AS i INNER JOIN sys.index_columns AS x ON x.object_id = i.object_id AND x.index_id = i.index_id"
        + " INNER JOIN sys.columns AS c ON c.object_id = x.object_id AND c.column_id = x.column_id"
        + " WHERE i.is_primary_key = 1 AND i.object_id = OBJECT_ID(@table) ORDER BY x.key_ordinal";

    /// <remarks>A decimal that .NET's does not hold is read as double.</remarks>
    public object ExactValueOf(DbDataReader reader, int column)
    {
        try
        {
            return reader.GetValue(column);
        }
        catch (OverflowException)
        {
            return ValueOf(reader, column);
        }
    }

    public DbCommand CreateCall(
        DbConnection connection, IReadOnlyList<string> nameParts, ImmutableArray<SqlStatementParameter> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandType = CommandType.StoredProcedure;
        command.CommandText = string.Join('.', nameParts.Select(Quote));
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(((ISqlEngine)this).CreateParameter(command, parameter));
        }

        return command;
    }

    public void Listen(DbConnection connection, Action<string> onMessage) =>
        ((SqlConnection)connection).InfoMessage += (_, message) => onMessage(message.Message);

    public string BeginSavepoint => "SAVE TRANSACTION auspex";

    public string UndoToSavepoint => "ROLLBACK TRANSACTION auspex";

    public string? EndSavepoint => null;

    public SqlTableException? Translate(Exception failure) => SqlServerErrors.Translate(failure, server.Host);
}
