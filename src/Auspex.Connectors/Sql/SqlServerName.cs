using System.Globalization;

namespace Auspex.Connectors.Sql;

/// <summary>Which database a server name means.</summary>
internal enum SqlEngineKind
{
    SqlServer,
    Postgres,
    Sqlite,
    MySql,
}

/// <summary>A server name taken apart.</summary>
/// <param name="Kind">Which database it is.</param>
/// <param name="Host">The host; the path for SQLite.</param>
/// <param name="Port">The port; null for the usual one.</param>
/// <param name="SslMode">As the name says; null when it says nothing.</param>
internal sealed record SqlServerName(SqlEngineKind Kind, string Host, int? Port, string? SslMode)
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>Takes a server name apart.</summary>
    /// <exception cref="SqlTableException">It is none of the known forms.</exception>
    public static SqlServerName Parse(string server)
    {
        var text = server.Trim();
        if (text.StartsWith(SqlitePrefix, StringComparison.OrdinalIgnoreCase))
        {
            var path = text[SqlitePrefix.Length..];
            return path.Length > 0 ? new SqlServerName(SqlEngineKind.Sqlite, path, null, null) : throw Malformed(text);
        }

        if (text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
        {
            return ParseUrl(text, SqlEngineKind.Postgres, "postgres://...");
        }

        if (text.StartsWith("mysql://", StringComparison.OrdinalIgnoreCase))
        {
            return ParseUrl(text, SqlEngineKind.MySql, "mysql://...");
        }

        var address = text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        var comma = address.LastIndexOf(',');
        var host = (comma < 0 ? address : address[..comma]).Trim();
        if (host.Length == 0 || host.AsSpan().ContainsAny("/;= "))
        {
            throw Malformed(text);
        }

        if (comma < 0)
        {
            return new SqlServerName(SqlEngineKind.SqlServer, host, null, null);
        }

        return ushort.TryParse(address[(comma + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new SqlServerName(SqlEngineKind.SqlServer, host, port, null)
            : throw Malformed(text);
    }

    private static SqlServerName ParseUrl(string text, SqlEngineKind kind, string shown)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0
            || uri.UserInfo.Length > 0
            || uri.AbsolutePath is not ("" or "/"))
        {
            throw Malformed(shown);
        }

        var sslMode = uri.Query.Length == 0 ? null
            : uri.Query.StartsWith("?sslmode=", StringComparison.OrdinalIgnoreCase) ? uri.Query["?sslmode=".Length..]
            : throw Malformed(text);
        return new SqlServerName(kind, uri.IdnHost, uri.Port > 0 ? uri.Port : null, sslMode);
    }

    private static SqlTableException Malformed(string found) => new(
        SqlTableError.Settings,
        $"Found database server name '{found}'; expected host or tcp:host,port (SQL Server), postgres://host:port (PostgreSQL) or mysql://host:port (MySQL; user, "
        + "password and database are settings of their own), or sqlite:PATH.");
}
