using System.Collections.Frozen;
using System.Data.Common;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.Datasets;

/// <summary>Turns the linked services of databases into connection settings.</summary>
internal static class SqlStores
{
    private static readonly FrozenSet<string> SqlServers = Set("AzureSqlDatabase SqlServer AzureSqlMI AzureSqlDW");
    private static readonly FrozenSet<string> Postgres = Set("PostgreSql PostgreSqlV2 AzurePostgreSql");
    private static readonly FrozenSet<string> MySql = Set("MySql AzureMySql MariaDB AzureMariaDB");
    private const string Sqlite = "Sqlite";

    /// <summary>The linked service types that are supported.</summary>
    public static IReadOnlyList<string> Types { get; } =
        [.. SqlServers.Concat(Postgres).Concat(MySql).Append(Sqlite).Order(StringComparer.Ordinal)];

    /// <summary>Whether tables of such a linked service can be read and written.</summary>
    public static bool IsSupported(string type) => Types.Contains(type, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is an SQLite file, which has no schemas.</summary>
    public static bool IsSqlite(string type) => type.Equals(Sqlite, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it speaks Transact-SQL.</summary>
    public static bool IsSqlServer(string type) => SqlServers.Contains(type);

    /// <summary>The settings to connect with.</summary>
    /// <exception cref="ActivityException">The type is none of a database, or a property is missing or means nothing.</exception>
    public static SqlConnectionSettings Settings(FactoryDefinition factory, ResolvedLinkedService service)
    {
        var parts = Parse(service);
        if (IsSqlite(service.Type))
        {
            var path = service.Text("path") ?? Part(parts, "Data Source", "DataSource", "Filename") ?? service.Required("path");
            return new SqlConnectionSettings
            {
                Server = "sqlite:" + (Path.IsPathRooted(path) || factory.Folder is null ? path : Path.GetFullPath(path, factory.Folder)),
            };
        }

        var host = service.Text("server") ?? Part(parts, "Server", "Data Source", "Address", "Addr", "Network Address", "Host")
            ?? service.Required("connectionString");
        var settings = new SqlConnectionSettings
        {
            Server = host,
            Database = service.Text("database") ?? Part(parts, "Initial Catalog", "Database", "DB") ?? "",
            User = service.Text("userName") ?? service.Text("username") ?? Part(parts, "User ID", "UID", "User", "Username", "User Name") ?? "",
            Password = service.Text("password") ?? service.Text("pwd") ?? Part(parts, "Password", "PWD") ?? "",
            TrustServerCertificate = IsTrue(service.Text("trustServerCertificate") ?? Part(parts, "TrustServerCertificate", "Trust Server Certificate")),
        };
        return SqlServers.Contains(service.Type) ? settings
            : Postgres.Contains(service.Type) ? settings with { Server = PostgresServer(service, parts, host) }
            : MySql.Contains(service.Type) ? settings with { Server = MySqlServer(service, parts, host) }
            : throw ActivityFailures.Unsupported(
                $"The linked service type '{service.Type}' of '{service.Name}' is not supported as a database; supported are "
                + $"{string.Join(", ", Types)}. Lay one of them over '{service.Name}' in auspex.json.");
    }

    /// <summary>The name of a dataset's table, schema included; null when the dataset names none.</summary>
    public static string? TableName(ResolvedDataset dataset)
    {
        var table = dataset.Text("table");
        if (string.IsNullOrWhiteSpace(table))
        {
            var whole = dataset.Text("tableName");
            return string.IsNullOrWhiteSpace(whole) ? null : IsSqlite(dataset.Store.Type) ? WithoutSchema(whole) : whole;
        }

        var schema = dataset.Text("schema");
        return string.IsNullOrWhiteSpace(schema) || IsSqlite(dataset.Store.Type) ? Quoted(table) : $"{Quoted(schema)}.{Quoted(table)}";
    }

    // An SQLite file that stands in for a server's database has its tables, not its schemas.
    private static string WithoutSchema(string name)
    {
        var point = name.LastIndexOf("].[", StringComparison.Ordinal);
        return point >= 0 ? name[(point + 2)..]
            : name.StartsWith('[') || name.StartsWith('"') ? name
            : name[(name.LastIndexOf('.') + 1)..];
    }

    private static string Quoted(string name) =>
        name.StartsWith('[') || name.StartsWith('"') ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string MySqlServer(ResolvedLinkedService service, Dictionary<string, string> parts, string host)
    {
        var port = service.Text("port") ?? Part(parts, "Port");
        var mode = service.Text("sslMode") ?? Part(parts, "SslMode", "SSL Mode");
        var sslMode = mode?.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            null => "",
            "0" or "DISABLED" or "DISABLE" or "NONE" => "?sslmode=disable",
            "1" or "PREFERRED" or "PREFER" => "?sslmode=prefer",
            "2" or "REQUIRED" or "REQUIRE" => "?sslmode=require",
            "3" or "VERIFYCA" => "?sslmode=verify-ca",
            "4" or "VERIFYIDENTITY" or "VERIFYFULL" => "?sslmode=verify-full",
            _ => throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2104",
                $"Found sslMode '{mode}' in linked service '{service.Name}'; expected 0 (disabled) to 4 (verify identity), or the word.",
                FailureType.UserError),
        };
        return $"mysql://{host}{(port is null ? "" : ":" + port)}{sslMode}";
    }

    private static string PostgresServer(ResolvedLinkedService service, Dictionary<string, string> parts, string host)
    {
        var port = service.Text("port") ?? Part(parts, "Port");
        var mode = service.Text("sslMode") ?? Part(parts, "SslMode", "SSL Mode", "EncryptionMethod");
        var sslMode = mode?.ToUpperInvariant() switch
        {
            null => "",
            "0" or "DISABLE" => "?sslmode=disable",
            "1" or "ALLOW" => "?sslmode=allow",
            "2" or "PREFER" => "?sslmode=prefer",
            "3" or "6" or "REQUIRE" => "?sslmode=require",
            "4" or "VERIFYCA" or "VERIFY-CA" => "?sslmode=verify-ca",
            "5" or "VERIFYFULL" or "VERIFY-FULL" => "?sslmode=verify-full",
            _ => throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2104",
                $"Found sslMode '{mode}' in linked service '{service.Name}'; expected 0 (disable) to 5 (verify-full), or the word.",
                FailureType.UserError),
        };
        return $"postgres://{host}{(port is null ? "" : ":" + port)}{sslMode}";
    }

    private static Dictionary<string, string> Parse(ResolvedLinkedService service)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = service.Text("connectionString") ?? "" };
            foreach (string key in builder.Keys)
            {
                parts[key] = builder[key].ToString() ?? "";
            }
        }
        catch (ArgumentException)
        {
            // The driver's message may quote the string, which holds a password.
            throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2104",
                $"The connectionString of linked service '{service.Name}' is malformed; expected Key=Value parts divided by semicolons.",
                FailureType.UserError);
        }

        return parts;
    }

    private static string? Part(Dictionary<string, string> parts, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parts.TryGetValue(name, out var value) && value.Length > 0)
            {
                return value;
            }
        }

        return null;
    }

    private static bool IsTrue(string? text) => text is not null
        && (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text == "1");

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
