using System.Net.Sockets;
using System.Text.RegularExpressions;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Npgsql;

namespace Auspex.Connectors.Postgres;

/// <summary>Makes PostgreSQL's exceptions ours, by SQLSTATE.</summary>
internal static partial class PostgresErrors
{
    /// <summary>The exception to throw instead; null when it is none of the driver's.</summary>
    public static SqlTableException? Translate(Exception failure, string server) => failure switch
    {
        SqlTableException already => already,
        OutboundRefusedException refused => new SqlTableException(SqlTableError.Forbidden, refused.Message, refused),
        PostgresException answer => OfState(answer, server),
        { InnerException: PostgresException answer } => OfState(answer, server),
        NpgsqlException or SocketException or IOException or TimeoutException => new SqlTableException(
            SqlTableError.Unavailable,
            $"PostgreSQL '{server}': no answer, or the connection broke. Check host, port, TLS (sslmode) and that the server runs.",
            failure),
        InvalidCastException or NotSupportedException or OverflowException => new SqlTableException(
            SqlTableError.Type, $"PostgreSQL '{server}': a column has a type or a value that has no counterpart here. Cast it to text in the query.", failure),
        _ => null,
    };

    private static SqlTableException OfState(PostgresException answer, string server)
    {
        // The server's own words may quote values of rows in classes 22 and 23, so only names are taken from those.
        var (error, text) = answer.SqlState switch
        {
            "28P01" or "28000" => (SqlTableError.Forbidden, "user or password are wrong. Check them"),
            "42501" or "25006" => (SqlTableError.Forbidden, $"{answer.MessageText}. Grant the user the right"),
            "3D000" or "42P01" or "42703" or "3F000" or "42883" => (SqlTableError.Missing, $"{answer.MessageText}. Check the name"),
            "53100" or "53200" or "54000" => (SqlTableError.Full, "the server's disk or memory is full; nothing was changed. Free space, then run again"),
            "40001" or "40P01" or "55P03" or "57014" => (SqlTableError.Unavailable, "other transactions were in the way. Run again"),
            // What a procedure's author says with RAISE is meant to be read.
            "P0001" => (SqlTableError.Statement, answer.MessageText),
            _ => answer.SqlState[..2] switch
            {
                "08" or "53" or "57" or "58" => (SqlTableError.Unavailable, "the server is not available now. Run again later"),
                "22" => (SqlTableError.Type, $"a value does not fit its column's type{Place(answer)}; nothing was written"),
                "23" => (SqlTableError.Constraint, $"a row breaks {Constraint(answer)}; nothing was written"),
                "42" => (SqlTableError.Statement, answer.MessageText),
                _ => (SqlTableError.Statement, "the statement failed"),
            },
        };
        return new SqlTableException(error, $"PostgreSQL '{server}': {text} (state {answer.SqlState}).", answer);
    }

    private static string Constraint(PostgresException answer) =>
        answer.ConstraintName is { } name ? $"constraint '{name}' of table '{answer.TableName}'"
        : answer.ColumnName is { } column ? $"a constraint of column '{column}' of table '{answer.TableName}'"
        : "a constraint of the table";

    private static string Place(PostgresException answer)
    {
        var place = CopyPlace().Match(answer.Where ?? "");
        return place.Success ? $" (line {place.Groups[1].Value} of the copy, column '{place.Groups[2].Value}')" : "";
    }

    [GeneratedRegex("line ([0-9]+), column ([^:,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex CopyPlace();
}
