using Auspex.Connectors.Files;
using Auspex.Connectors.Http;
using Auspex.Connectors.Postgres;
using Auspex.Connectors.Sqlite;
using Auspex.Connectors.SqlServer;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>Opens tables of databases: SQLite, PostgreSQL and SQL Server, told apart by the server's name. Thread-safe.</summary>
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

    private ISqlEngine EngineOf(SqlConnectionSettings settings)
    {
        var server = SqlServerName.Parse(settings.Server);
        return server.Kind switch
        {
            SqlEngineKind.Sqlite => new SqliteEngine(server, settings, _roots),
            SqlEngineKind.Postgres => new PostgresEngine(server, settings, _gate),
            _ => new SqlServerEngine(server, settings, _gate),
        };
    }
}
