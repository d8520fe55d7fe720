using System.Collections.Immutable;
using System.Data.Common;
using Auspex.Connectors.Files;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Auspex.Connectors.Sqlite;

/// <summary>Tables of an SQLite file inside the file roots.</summary>
internal sealed class SqliteEngine(SqlServerName server, SqlConnectionSettings settings, FileRoots roots) : ISqlEngine
{
    private const int LockTimeoutSeconds = 30;

    public async Task<DbConnection> OpenAsync(bool isForWriting, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = File(),
            Mode = isForWriting ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = LockTimeoutSeconds,
        }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);

            // No statement may reach files outside the roots by attaching them, which VACUUM INTO does too.
            _ = raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_ATTACHED, 0);
            if (!isForWriting)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA query_only = ON";
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

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
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Int32 => "INTEGER",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Double => "REAL",
        ColumnType.DateTime => "DATETIME",
        ColumnType.TimeSpan => "TIME",
        _ => "TEXT",
    };

    public IEnumerable<IReadOnlyList<string>> Spellings(IReadOnlyList<string> nameParts) => [nameParts];

    /// <inheritdoc/>
    /// <remarks>Any value may stand in any column here, so that the values have the last word over the table's definition.</remarks>
    public bool DecidesByValues => true;

    public ColumnType TypeOf(DbDataReader reader, int column, List<object?[]> sample) =>
        DeclaredType(((SqliteDataReader)reader).Handle, column) is { } declared && SqlValue.Fits(sample, column, declared)
            ? declared
            : SqlValue.TypeOf(sample, column);

    public object ValueOf(DbDataReader reader, int column) => reader.GetValue(column);

    public ISqlInsert BeginInsert(
        DbConnection connection, DbTransaction transaction, string table, SqlMapping mapping, int rowsPerOperation) =>
        new SqliteInsert((SqliteConnection)connection, (SqliteTransaction)transaction, table, mapping, this);

    public string PrimaryKeyQuery => "SELECT name FROM pragma_table_info(@name) WHERE pk > 0 ORDER BY pk";

    public bool HasOutputParameters => false;

    public DbCommand CreateCall(
        DbConnection connection, IReadOnlyList<string> nameParts, ImmutableArray<SqlStatementParameter> parameters) =>
        throw new SqlTableException(
            SqlTableError.Statement, $"SQLite database '{server.Host}': SQLite has no stored procedures. Use a Script activity or another database.");

    public SqlTableException? Translate(Exception failure) => SqliteErrors.Translate(failure, Shown);

    // As its author wrote it: the server is a file, or the folder of one that the database's name says.
    private string Shown { get; set; } = server.Host;

    private string File()
    {
        var path = roots.Resolve(server.Host);
        if (settings.Database.Length == 0 || (!Directory.Exists(path) && !Path.EndsInDirectorySeparator(server.Host)))
        {
            return path;
        }

        Shown = server.Host is "." ? settings.Database : Path.Join(server.Host, settings.Database);
        return roots.Resolve(Path.Join(path, settings.Database));
    }

    /// <summary>The type that the table's definition gives a column; null for expressions and types we do not know.</summary>
    private static ColumnType? DeclaredType(sqlite3_stmt? statement, int column)
    {
        var declared = statement is null ? null : raw.sqlite3_column_decltype(statement, column).utf8_to_string()?.ToUpperInvariant();
        return declared switch
        {
            null => null,
            _ when declared.StartsWith("BOOL", StringComparison.Ordinal) || declared == "BIT" => ColumnType.Boolean,
            _ when declared.StartsWith("DATE", StringComparison.Ordinal) || declared.StartsWith("TIMESTAMP", StringComparison.Ordinal) =>
                ColumnType.DateTime,
            _ when declared.StartsWith("TIME", StringComparison.Ordinal) => ColumnType.TimeSpan,
            _ when declared.Contains("INT", StringComparison.Ordinal) => ColumnType.Int64,
            _ when declared.Contains("CHAR", StringComparison.Ordinal)
                || declared.Contains("TEXT", StringComparison.Ordinal)
                || declared.Contains("CLOB", StringComparison.Ordinal) => ColumnType.String,
            _ when declared.Contains("REAL", StringComparison.Ordinal)
                || declared.Contains("FLOA", StringComparison.Ordinal)
                || declared.Contains("DOUB", StringComparison.Ordinal)
                || declared.StartsWith("NUMERIC", StringComparison.Ordinal)
                || declared.StartsWith("DECIMAL", StringComparison.Ordinal) => ColumnType.Double,
            _ => null,
        };
    }
}
