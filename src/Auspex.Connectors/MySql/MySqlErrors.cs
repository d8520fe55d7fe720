using System.Net.Sockets;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using MySqlConnector;

namespace Auspex.Connectors.MySql;

/// <summary>Makes MySQL's exceptions ours, by error number.</summary>
internal static class MySqlErrors
{
    /// <summary>The exception to throw instead; null when it is none of the driver's.</summary>
    public static SqlTableException? Translate(Exception failure, string server) => failure switch
    {
        SqlTableException already => already,
        OutboundRefusedException refused => new SqlTableException(SqlTableError.Forbidden, refused.Message, refused),
        MySqlException answer => OfNumber(answer, server),
        SocketException or IOException or TimeoutException => OfKind(
            SqlTableError.Unavailable, server, "no answer, or the connection broke. Check host, port, TLS (sslMode) and that the server runs", failure),
        InvalidCastException or NotSupportedException or OverflowException or FormatException => OfKind(
            SqlTableError.Type, server, "a column has a type or a value that has no counterpart here. Cast it to char in the query", failure),
        _ => null,
    };

    private static SqlTableException OfNumber(MySqlException answer, string server)
    {
        // The server's own words may quote values of rows where a value or a constraint is the matter, so those are not given on.
        var (error, text) = (int)answer.ErrorCode switch
        {
            1045 or 1698 => (SqlTableError.Forbidden, "user or password are wrong. Check them"),
            1044 or 1142 or 1143 or 1227 or 1290 or 1370 or 1792 => (SqlTableError.Forbidden, $"{answer.Message.TrimEnd('.')}. Grant the user the right"),
            1049 or 1051 or 1054 or 1146 or 1305 => (SqlTableError.Missing, $"{answer.Message.TrimEnd('.')}. Check the name"),
            1064 or 1149 or 1231 => (SqlTableError.Statement, "the statement's syntax is not understood. Check it"),
            1048 or 1062 or 1169 or 1216 or 1217 or 1364 or 1451 or 1452 or 3819 or 4025 => (
                SqlTableError.Constraint, "a row breaks a constraint of the table; nothing was written"),
            1264 or 1265 or 1292 or 1366 or 1406 or 1411 or 1525 or 1690 or 3156 => (
                SqlTableError.Type, "a value does not fit its column's type; nothing was written"),
            1021 or 1037 or 1041 or 1114 or 3675 => (SqlTableError.Full, "the server's disk or memory is full; nothing was changed. Free space, then run again"),
            1205 or 1213 or 1317 or 3024 or 1969 => (SqlTableError.Unavailable, "other transactions were in the way, or it took too long. Run again"),
            1040 or 1042 or 1043 or 1053 or 1077 or 1129 or 1158 or 1159 or 1160 or 1161 or 1203 or 2002 or 2003 or 2006 or 2013 or 0 => (
                SqlTableError.Unavailable, "the server does not answer, or broke off. Check host, port, TLS (sslMode) and that the server runs"),
            _ when answer.SqlState is { } state && state.StartsWith("22", StringComparison.Ordinal) => (
                SqlTableError.Type, "a value does not fit its column's type; nothing was written"),
            _ when answer.SqlState is { } state && state.StartsWith("23", StringComparison.Ordinal) => (
                SqlTableError.Constraint, "a row breaks a constraint of the table; nothing was written"),
            _ => (SqlTableError.Statement, "the statement failed"),
        };
        return OfKind(error, server, $"{text} (error {answer.Number})", answer);
    }

    private static SqlTableException OfKind(SqlTableError error, string server, string text, Exception inner) =>
        new(error, $"MySQL '{server}': {text}.", inner);
}
