using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Microsoft.Data.Sqlite;

namespace Auspex.Connectors.Sqlite;

/// <summary>Makes SQLite's exceptions ours, by result code.</summary>
internal static class SqliteErrors
{
    private const int Error = 1;
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int RaisedByTrigger = 1811;
    private const int Mismatch = 20;
    private const int Forbidden = 23;
    private const int NotADatabase = 26;

    public static SqlTableException? Translate(Exception failure, string file) => failure switch
    {
        SqlTableException already => already,
        BlobStoreException outside => new SqlTableException(SqlTableError.Forbidden, outside.Message, outside),
        SqliteException sqlite => OfCode(sqlite, file),
        _ => null,
    };

    private static SqlTableException OfCode(SqliteException failure, string file)
    {
        var (error, text) = failure.SqliteErrorCode switch
        {
            Error when failure.Message.Contains("no such table", StringComparison.Ordinal)
                || failure.Message.Contains("no such column", StringComparison.Ordinal)
                || failure.Message.Contains("unknown database", StringComparison.Ordinal) => (SqlTableError.Missing, failure.Message),
            Error => (SqlTableError.Statement, failure.Message),
            Permission or Forbidden => (SqlTableError.Forbidden, "access is denied. Give this process's user the right to the file"),
            ReadOnly => (SqlTableError.Forbidden, "it may only be read here: the file is write-protected, or a query tried to change it"),
            Busy or Locked => (SqlTableError.Unavailable, "another process holds it locked. Run again later"),
            InputOutput => (SqlTableError.Unavailable, "the file system failed"),
            Full => (SqlTableError.Full, "the disk is full; nothing was changed. Free space, then run again"),
            CannotOpen => (SqlTableError.Missing, "there is no such file, or its folder does not exist. Check the path"),
            // What a trigger's author says with RAISE is meant to be read.
            Constraint when failure.SqliteExtendedErrorCode == RaisedByTrigger => (SqlTableError.Statement, failure.Message),
            Constraint => (SqlTableError.Constraint, "a row breaks a constraint of the table; nothing was written"),
            Mismatch => (SqlTableError.Type, "a value does not fit its column's type; nothing was written"),
            NotADatabase or Corrupt => (SqlTableError.Settings, "the file is no SQLite database, or is damaged. Check the path"),
            _ => (SqlTableError.Statement, failure.Message),
        };
        return new SqlTableException(
            error, $"SQLite database '{file}': {text} (code {failure.SqliteExtendedErrorCode}).", failure);
    }
}
