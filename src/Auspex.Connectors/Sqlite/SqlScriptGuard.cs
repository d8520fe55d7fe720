using SQLitePCL;

namespace Auspex.Connectors.Sqlite;

/// <summary>
/// Keeps a script within its own tables. SQLite asks before it compiles each part of a statement, so that nothing is run of a
/// statement that is refused, however it is spelled.
/// </summary>
internal static class SqlScriptGuard
{
    public static void Install(sqlite3 database) => raw.sqlite3_set_authorizer(database, Decide, null);

    private static int Decide(object user, int action, string argument0, string argument1, string inDatabase, string innermost) =>
        action switch
        {
            // Vacuum into a file works by attaching it, so it is refused here as well.
            raw.SQLITE_ATTACH or raw.SQLITE_DETACH or raw.SQLITE_PRAGMA => raw.SQLITE_DENY,
            raw.SQLITE_FUNCTION when argument1.Equals("load_extension", StringComparison.OrdinalIgnoreCase) => raw.SQLITE_DENY,
            _ => raw.SQLITE_OK,
        };
}
