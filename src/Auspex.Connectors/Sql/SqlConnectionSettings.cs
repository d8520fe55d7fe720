using System.Text;

namespace Auspex.Connectors.Sql;

/// <summary>A database as Import Data and Export Data name it.</summary>
public sealed record SqlConnectionSettings
{
    /// <summary>
    /// <c>host</c> or <c>tcp:host,port</c> for SQL Server; <c>postgres://host:port</c> for PostgreSQL, optionally with
    /// <c>?sslmode=disable|prefer|require|verify-ca|verify-full</c>; <c>mysql://host:port</c> for MySQL and MariaDB, likewise; <c>sqlite:PATH</c> for a file inside the file roots, relative to
    /// the first of them unless absolute.
    /// </summary>
    public required string Server { get; init; }

    /// <summary>The database's name; for SQLite the file's name where <see cref="Server"/> gives its folder.</summary>
    public string Database { get; init; } = "";

    /// <summary>The user; SQLite knows none.</summary>
    public string User { get; init; } = "";

    /// <summary>The password. A secret.</summary>
    public string Password { get; init; } = "";

    /// <summary>Whether any certificate of the server is taken.</summary>
    public bool TrustServerCertificate { get; init; }

    // Records print their members; this one may not.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Server = ").Append(Server).Append(", Database = ").Append(Database);
        return true;
    }
}
