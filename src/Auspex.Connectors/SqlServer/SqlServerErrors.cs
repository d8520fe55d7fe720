using System.Net.Sockets;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Microsoft.Data.SqlClient;

namespace Auspex.Connectors.SqlServer;

/// <summary>Makes SQL Server's exceptions ours, by error number.</summary>
internal static class SqlServerErrors
{
    // Severities from here on end the connection.
    private const byte FatalClass = 20;

    // Messages that programs of the database define themselves have numbers from here on.
    private const int FirstOwnNumber = 50_000;

    /// <summary>The exception to throw instead; null when it is none of the driver's.</summary>
    public static SqlTableException? Translate(Exception failure, string server) => failure switch
    {
        SqlTableException already => already,
        OutboundRefusedException refused => new SqlTableException(SqlTableError.Forbidden, refused.Message, refused),
        SqlException answer => OfNumber(answer, server),
        SocketException or IOException or TimeoutException => OfKind(SqlTableError.Unavailable, server, "no answer", failure),
        InvalidCastException or NotSupportedException or OverflowException or FormatException => OfKind(
            SqlTableError.Type, server, "a column has a type or a value that has no counterpart here. Cast it in the query", failure),
        InvalidOperationException when failure.TargetSite?.DeclaringType?.Assembly == typeof(SqlException).Assembly =>
            OfKind(SqlTableError.Type, server, "a value or column does not fit the table; nothing was written", failure),
        _ => null,
    };

    private static SqlTableException OfNumber(SqlException answer, string server)
    {
        var (error, text) = answer.Number switch
        {
            18456 or 18452 or 18470 => (SqlTableError.Forbidden, "user or password are wrong. Check them"),
            229 or 230 or 262 or 916 or 40615 => (SqlTableError.Forbidden, "the user or this address may not do this. Grant the right"),
            208 or 207 or 2812 or 4060 or 911 => (SqlTableError.Missing, answer.Message),
            2627 or 2601 or 547 or 515 => (SqlTableError.Constraint, "a row breaks a constraint of the table; nothing was written"),
            241 or 242 or 245 or 248 or 2628 or 4815 or 7339 or 8114 or 8115 or 8152 => (
                SqlTableError.Type, "a value does not fit its column's type; nothing was written"),
            1105 or 9002 or 1101 or 40544 => (SqlTableError.Full, "the database is full; nothing was changed. Free space, then run again"),
            1205 or 1222 or -2 or 3960 => (SqlTableError.Unavailable, "other transactions were in the way, or it took too long. Run again"),
            -1 or 2 or 53 or 64 or 121 or 233 or 258 or 10053 or 10054 or 10060 or 10061 or 11001 or 10928 or 10929 or 40143 or 40197
                or 40501 or 40613 or 49918 or 49919 or 49920 => (
                SqlTableError.Unavailable, "the server does not answer now. Check host, port and network, then run again"),
            102 or 105 or 156 or 170 or 174 or 319 or 1038 => (SqlTableError.Statement, answer.Message),
            // What a procedure's author says with RAISERROR or THROW is meant to be read.
            >= FirstOwnNumber when answer.Class < FatalClass => (SqlTableError.Statement, answer.Message),
            _ when answer.Class >= FatalClass => (SqlTableError.Unavailable, "the connection broke. Check encryption settings and network"),
            _ => (SqlTableError.Statement, "the statement failed"),
        };
        return OfKind(error, server, $"{text} (error {answer.Number})", answer);
    }

    private static SqlTableException OfKind(SqlTableError error, string server, string text, Exception inner) =>
        new(error, $"SQL Server '{server}': {text}.", inner);
}
