using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Auspex.Connectors.Sqlite;

/// <summary>Runs a script of SQLite's dialect on tables in memory.</summary>
/// <remarks>
/// <para>
/// The database that holds the tables is SQLite's temporary one: pages beyond <see cref="CacheBytes"/>, and what sorting needs beyond as
/// much, go to a file without a name in the folder for temporary files (<c>TMPDIR</c>), which is gone with the script.
/// </para>
/// <para>
/// Missing values are NULL, and so is NaN, which SQLite does not have. Booleans are the integers 0 and 1, categories their
/// text, dates <c>yyyy-MM-dd HH:mm:ss.fffffff</c> as SQLite's date functions take them, durations <c>[-][d.]hh:mm:ss</c>.
/// </para>
/// <para>
/// The result's columns: one that is a table's column and nothing else keeps its type where its values allow; any other is
/// Int32 or Int64 when all its values are integers, Double when all are numbers, else String. Roles and categories are lost.
/// A script sees nothing but its tables: no file, no other database, no setting, no extension.
/// </para>
/// </remarks>
public static class InMemorySql
{
    /// <summary>How much memory tables and temporary results may take by default: 4 GiB.</summary>
    public const long DefaultMostBytes = 4L << 30;

    /// <summary>What pages are kept in memory, and what a sort keeps there: 96 MiB each.</summary>
    public const int CacheBytes = 96 << 20;

    private const int PageSize = 4096;
    private const int StepsBetweenChecks = 20_000;

    /// <summary>Runs a script; its last statement that gives rows, gives the result.</summary>
    /// <param name="tables">Tables by name. One without columns is left out, since SQLite has no such tables.</param>
    /// <param name="script">One statement or several.</param>
    /// <param name="mostBytes">How much memory tables, and the result, may take each.</param>
    /// <param name="cancellationToken">Stops the running statement.</param>
    /// <exception cref="SqlScriptException">The script failed, or gave no rows.</exception>
    public static TableBatch Run(
        IReadOnlyList<(string Name, TableBatch Table)> tables,
        string script,
        long mostBytes,
        CancellationToken cancellationToken)
    {
        using var connection = new SqliteConnection("Data Source=;Pooling=False");
        connection.Open();
        var database = connection.Handle!;
        Execute(
            database,
            string.Create(
                CultureInfo.InvariantCulture,
                $"pragma page_size={PageSize}; pragma trusted_schema=off; pragma cache_size={-CacheBytes / 1024}"));
        Execute(
            database,
            string.Create(CultureInfo.InvariantCulture, $"pragma max_page_count={Math.Min(mostBytes / PageSize, uint.MaxValue - 1)}"));
        raw.sqlite3_progress_handler(
            database, StepsBetweenChecks, _ => cancellationToken.IsCancellationRequested ? 1 : 0, null);
        foreach (var (name, table) in tables)
        {
            if (!table.Columns.IsEmpty)
            {
                SqlTableLoader.Load(database, name, table, cancellationToken);
            }
        }

        // Only now: the loading above is ours.
        SqlScriptGuard.Install(database);
        return RunScript(database, script, mostBytes, cancellationToken);
    }

    private static TableBatch RunScript(sqlite3 database, string script, long mostBytes, CancellationToken cancellationToken)
    {
        TableBatch? result = null;
        for (var rest = script; !string.IsNullOrWhiteSpace(rest);)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var code = raw.sqlite3_prepare_v2(database, rest, out var statement, out var behind);
            using (statement)
            {
                Check(database, code, cancellationToken);

                // A comment or a lone semicolon prepares to nothing.
                if (!statement.IsInvalid)
                {
                    result = RunStatement(database, statement, mostBytes, cancellationToken) ?? result;
                }
            }

            rest = behind;
        }

        return result ?? throw new SqlScriptException(
            SqlScriptError.Statement, "The script gives no rows; expected a SELECT statement in it.");
    }

    private static TableBatch? RunStatement(
        sqlite3 database, sqlite3_stmt statement, long mostBytes, CancellationToken cancellationToken)
    {
        var columns = new SqlResultColumn[raw.sqlite3_column_count(statement)];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new SqlResultColumn(raw.sqlite3_column_decltype(statement, i).utf8_to_string());
        }

        var rows = 0;
        int code;
        while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            var bytes = 0L;
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].Read(statement, i);
                bytes += columns[i].SizeInBytes;
            }

            rows++;
            if (bytes > mostBytes)
            {
                throw new SqlScriptException(
                    SqlScriptError.TooLarge, $"The result passed {mostBytes} bytes after {rows} rows; select less.");
            }
        }

        Check(database, code, cancellationToken);
        if (columns.Length == 0)
        {
            return null;
        }

        var fields = ImmutableArray.CreateBuilder<TableField>(columns.Length);
        var built = ImmutableArray.CreateBuilder<Column>(columns.Length);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            var (type, column) = columns[i].Build();
            fields.Add(new TableField
            {
                Name = Unique(raw.sqlite3_column_name(statement, i).utf8_to_string(), taken),
                Type = type,
            });
            built.Add(column);
        }

        return new TableBatch(new TableSchema(fields.MoveToImmutable()), built.MoveToImmutable(), rows);
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var n = 1; !taken.Add(unique); n++)
        {
            unique = $"{name} ({n})";
        }

        return unique;
    }

    internal static void Execute(sqlite3 database, string sql)
    {
        var code = raw.sqlite3_exec(database, sql);
        Check(database, code, CancellationToken.None);
    }

    internal static void Check(sqlite3 database, int code, CancellationToken cancellationToken)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var message = raw.sqlite3_errmsg(database).utf8_to_string();
        throw (code & 0xFF) switch
        {
            raw.SQLITE_FULL or raw.SQLITE_NOMEM or raw.SQLITE_TOOBIG => new SqlScriptException(
                SqlScriptError.TooLarge, $"The script's tables need more memory than is allowed ({message})."),
            raw.SQLITE_AUTH => new SqlScriptException(
                SqlScriptError.Statement,
                $"The script is not allowed to do this ({message}): it may query and change its own tables, but not attach or "
                + "vacuum databases, set pragmas or load extensions."),
            _ when message.StartsWith("no such column", StringComparison.Ordinal) => new SqlScriptException(
                SqlScriptError.MissingColumn,
                $"The script names a column that is not there ({message}); a name with blanks or - stands in double quotes."),
            _ => new SqlScriptException(SqlScriptError.Statement, $"The script failed: {message}."),
        };
    }
}
