using System.Diagnostics;
using DuckDB.NET.Data;

namespace Auspex.Peers;

/// <summary>DuckDB's copy of a CSV file to a CSV file: no scoring at all, only the reading and writing that scoring needs too.</summary>
internal static class DuckCopy
{
    public static void Copy(string peer, Workload workload, string input, string output)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var asText = peer == "duckdb-text" ? ", all_varchar = true" : "";
        command.CommandText = $"COPY (FROM read_csv({Quoted(input)}, header = true{asText})) TO {Quoted(output)} (FORMAT csv, HEADER)";
        var started = Stopwatch.GetTimestamp();
        command.ExecuteNonQuery();
        PeerReport.Print(peer, workload, output, Stopwatch.GetElapsedTime(started));
    }

    private static string Quoted(string path) => "'" + path.Replace("'", "''", StringComparison.Ordinal) + "'";
}
