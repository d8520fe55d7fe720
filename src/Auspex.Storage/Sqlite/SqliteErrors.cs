using Auspex.Errors;
using Microsoft.Data.Sqlite;

namespace Auspex.Storage.Sqlite;

/// <summary>Turns the driver's exceptions into ours, by SQLite's result code.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    public static StorageException Translate(SqliteException exception, string file) => exception.SqliteErrorCode switch
    {
        Busy or Locked => new StorageException(
            ErrorCode.StorageBusy,
            $"'{file}' is held by another process. Stop that process, or use another data folder.",
            exception)
        { IsTransient = true },
        Full => new StorageException(
            ErrorCode.StorageFull,
            $"The disk that holds '{file}' is full; nothing was written. Free some space; waiting runs then go on by themselves.",
            exception)
        { IsTransient = true },
        Corrupt or NotADatabase => new StorageException(
            ErrorCode.StorageDamaged,
            $"'{file}' is not a sound SQLite database ({exception.Message}). Restore it from a copy, or move it away to begin anew.",
            exception),
        _ => new StorageException(
            ErrorCode.StorageUnavailable,
            $"'{file}' cannot be read or written: {exception.Message} Check that the folder exists, is writable and its disk works.",
            exception)
        { IsTransient = true },
    };
}
