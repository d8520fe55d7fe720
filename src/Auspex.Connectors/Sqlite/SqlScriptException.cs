using Auspex.Errors;

namespace Auspex.Connectors.Sqlite;

/// <summary>Why a script on tables in memory failed.</summary>
public enum SqlScriptError
{
    /// <summary>The script is malformed, or does something that tables in memory do not allow.</summary>
    Statement,

    /// <summary>A column is not in its table.</summary>
    MissingColumn,

    /// <summary>Tables and result together need more memory than is allowed.</summary>
    TooLarge,
}

/// <summary>A script on tables in memory that failed.</summary>
/// <param name="error">Why.</param>
/// <param name="message">What the database found wrong, and what to do.</param>
public sealed class SqlScriptException(SqlScriptError error, string message)
    : AuspexException(ErrorCode.SqlScriptFailed, message)
{
    /// <summary>Why.</summary>
    public SqlScriptError Error { get; } = error;
}
