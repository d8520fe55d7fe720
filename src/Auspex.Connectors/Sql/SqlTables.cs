using Auspex.Connectors.Files;
using Auspex.Connectors.Http;
using Auspex.Connectors.MySql;
using Auspex.Connectors.Postgres;
using Auspex.Connectors.Sqlite;
using Auspex.Connectors.SqlServer;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>Opens tables of databases: SQLite, PostgreSQL, MySQL and SQL Server, told apart by the server's name. Thread-safe.</summary>
/// <remarks>Everything that fails surfaces as <see cref="SqlTableException"/>; no driver exception leaves it.</remarks>
public sealed class SqlTables
{
    private readonly FileRoots _roots;
    private readonly OutboundGate _gate;

    /// <summary>Prepares to open tables.</summary>
    public SqlTables(SqlTablesOptions options)
    {
        _roots = new FileRoots(options.FileRoots);
        _gate = new OutboundGate(options.Outbound);
    }

    /// <summary>Runs a query whose rows are then read.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="query">SQL text that gives rows. It is sent as it is; what it may do is up to the user's grants, but in SQLite it may only read.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public Task<ITableSource> OpenSourceAsync(SqlConnectionSettings settings, string query, CancellationToken cancellationToken) =>
        SqlTableSource.OpenAsync(EngineOf(settings), query, cancellationToken);

    /// <summary>Begins to insert into a table, in one transaction.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="target">The table and its columns.</param>
    /// <param name="schema">The schema of the batches.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    public Task<ITableSink> OpenSinkAsync(
        SqlConnectionSettings settings, SqlTarget target, TableSchema schema, CancellationToken cancellationToken) =>
        SqlTableSink.OpenAsync(EngineOf(settings), target, schema, cancellationToken);

    /// <summary>The columns of a table, with the types that their values are read as; null when there is no such table.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="table">The table, optionally with its schema.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<TableSchema?> FindTableAsync(SqlConnectionSettings settings, string table, CancellationToken cancellationToken)
    {
        await using var source = await TryOpenAsync(EngineOf(settings), table, " WHERE 1 = 0", cancellationToken);
        return source?.Schema;
    }

    /// <summary>All rows of a table.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="table">The table, optionally with its schema.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task<ITableSource> OpenTableAsync(SqlConnectionSettings settings, string table, CancellationToken cancellationToken) =>
        await TryOpenAsync(EngineOf(settings), table, "", cancellationToken) ?? throw new SqlTableException(
            SqlTableError.Missing, $"There is no table '{table}'. Check the name and the schema.");

    /// <summary>Opens a connection for statements that may change the database.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="onMessage">Takes what the database says beside its results; called on any thread.</param>
    /// <param name="clock">The clock of timeouts.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<SqlSession> OpenSessionAsync(
        SqlConnectionSettings settings, Action<string> onMessage, TimeProvider clock, CancellationToken cancellationToken) =>
        SqlSession.OpenAsync(EngineOf(settings), onMessage, clock, cancellationToken);

    private static async Task<ITableSource?> TryOpenAsync(
        ISqlEngine engine, string table, string condition, CancellationToken cancellationToken)
    {
        foreach (var spelling in engine.Spellings(SqlName.Parse(table)))
        {
            try
            {
                var quoted = string.Join('.', spelling.Select(engine.Quote));
                return await SqlTableSource.OpenAsync(engine, $"SELECT * FROM {quoted}{condition}", cancellationToken);
            }
            catch (SqlTableException missing) when (missing.Error == SqlTableError.Missing)
            {
                // The next spelling, or none.
            }
        }

        return null;
    }

    private ISqlEngine EngineOf(SqlConnectionSettings settings)
    {
        var server = SqlServerName.Parse(settings.Server);
        return server.Kind switch
        {
            SqlEngineKind.Sqlite => new SqliteEngine(server, settings, _roots),
            SqlEngineKind.Postgres => new PostgresEngine(server, settings, _gate),
            SqlEngineKind.MySql => new MySqlEngine(server, settings, _gate),
            _ => new SqlServerEngine(server, settings, _gate),
        };
    }
}
