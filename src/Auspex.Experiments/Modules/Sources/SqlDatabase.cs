using System.Net.Sockets;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Sources;

/// <summary>A database as Import Data and Export Data name it; see <see cref="SqlConnectionSettings"/> for server names.</summary>
internal sealed record SqlDatabaseName(
    string Server, string? Database, string? User, string? Password, bool TrustsCertificate);

/// <summary>Reads from and writes to databases, with Studio's numbers for what fails.</summary>
internal static class SqlDatabase
{
    public static async Task<TableBatch> ReadAsync(
        SqlDatabaseName database, string query, ModuleContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = await Open(context).OpenSourceAsync(Settings(database), query, cancellationToken);
            return await source.ReadAllAsync(cancellationToken);
        }
        catch (SqlTableException exception)
        {
            throw Failure(exception, isWrite: false);
        }
        catch (OutboundRefusedException exception)
        {
            throw new ModuleException(126, exception.Message, exception);
        }
    }

    /// <summary>Inserts a table in one transaction; a table that is not there is made.</summary>
    public static async Task WriteAsync(
        SqlDatabaseName database,
        string tableName,
        TableBatch table,
        int rowsPerOperation,
        ModuleContext context,
        CancellationToken cancellationToken)
    {
        try
        {
            var target = new SqlTarget { Table = tableName, RowsPerOperation = rowsPerOperation };
            await using var sink = await Open(context).OpenSinkAsync(Settings(database), target, table.Schema, cancellationToken);
            await sink.WriteAsync(table, cancellationToken);
            await sink.CompleteAsync(cancellationToken);
        }
        catch (SqlTableException exception)
        {
            throw Failure(exception, isWrite: true);
        }
        catch (OutboundRefusedException exception)
        {
            throw new ModuleException(126, exception.Message, exception);
        }
    }

    private static SqlTables Open(ModuleContext context) =>
        context.Services.Databases ?? new SqlTables(new SqlTablesOptions { FileRoots = [.. context.Services.FileRoots] });

    private static SqlConnectionSettings Settings(SqlDatabaseName database) => new()
    {
        Server = database.Server,
        Database = database.Database ?? "",
        User = database.User ?? "",
        Password = database.Password ?? "",
        TrustServerCertificate = database.TrustsCertificate,
    };

    private static bool IsUnknownHost(Exception? exception) =>
        exception is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }
        || (exception is not null && IsUnknownHost(exception.InnerException));

    private static ModuleException Failure(SqlTableException exception, bool isWrite) => new(
        exception.Error switch
        {
            SqlTableError.Unavailable when IsUnknownHost(exception) => 154,
            SqlTableError.Settings or SqlTableError.Unavailable => 15,
            SqlTableError.Forbidden => exception.InnerException is OutboundRefusedException ? 126 : 71,
            _ => isWrite ? 121 : 69,
        },
        exception.Message,
        exception);
}
