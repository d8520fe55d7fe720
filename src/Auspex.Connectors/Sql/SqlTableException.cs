using Auspex.Errors;

namespace Auspex.Connectors.Sql;

/// <summary>Why a database operation failed.</summary>
public enum SqlTableError
{
    /// <summary>Server name, mapping or other settings are malformed, or the file is no database.</summary>
    Settings,

    /// <summary>Wrong user or password, or the user may not do this, or the file lies outside the file roots.</summary>
    Forbidden,

    /// <summary>No such database, table or column.</summary>
    Missing,

    /// <summary>The database cannot understand the statement.</summary>
    Statement,

    /// <summary>A row breaks a constraint.</summary>
    Constraint,

    /// <summary>A value does not fit its column's type.</summary>
    Type,

    /// <summary>The disk or quota is full.</summary>
    Full,

    /// <summary>The server did not answer, broke off, or is busy.</summary>
    Unavailable,
}

/// <summary>A database operation that failed; what was written in it is rolled back. The message holds no password and no value of a row.</summary>
public sealed class SqlTableException(SqlTableError error, string message, Exception? inner = null)
    : AuspexException(CodeOf(error), message, inner)
{
    /// <summary>Why it failed.</summary>
    public SqlTableError Error { get; } = error;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => Error == SqlTableError.Unavailable;

    private static ErrorCode CodeOf(SqlTableError error) => error switch
    {
        SqlTableError.Settings => ErrorCode.DatabaseSettingsInvalid,
        SqlTableError.Forbidden => ErrorCode.DatabaseForbidden,
        SqlTableError.Missing => ErrorCode.DatabaseObjectMissing,
        SqlTableError.Statement => ErrorCode.DatabaseStatementInvalid,
        SqlTableError.Constraint => ErrorCode.DatabaseConstraintBroken,
        SqlTableError.Type => ErrorCode.DatabaseTypeMismatch,
        SqlTableError.Full => ErrorCode.DatabaseFull,
        _ => ErrorCode.DatabaseUnavailable,
    };
}
