using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace Auspex.Peers;

/// <summary>The line that every peer prints.</summary>
internal static class PeerReport
{
    public static void Print(string peer, Workload workload, string output, TimeSpan elapsed)
    {
        // Counted in what was written, and after the clock was stopped.
        var rows = CountLines(output) - 1;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(new JsonObject
        {
            ["peer"] = peer,
            ["workload"] = workload.Name,
            ["rows"] = rows,
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
            ["rowsPerSecond"] = Math.Round(rows / elapsed.TotalSeconds),
            ["peakMemoryBytes"] = process.PeakWorkingSet64,
        }.ToJsonString());
    }

    public static string VersionOf(string peer)
    {
        if (peer.StartsWith("duckdb", StringComparison.Ordinal))
        {
            using var connection = new DuckDBConnection("Data Source=:memory:");
            connection.Open();
            return $"DuckDB {connection.ServerVersion}";
        }

        var mlNet = "ML.NET " + typeof(MLContext).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version;
        return peer == "onnx-runtime" ? $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {mlNet}" : mlNet;
    }

    private static long CountLines(string path)
    {
        var chunk = new byte[1 << 20];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var lines = 0L;
        int read;
        while ((read = file.Read(chunk)) > 0)
        {
            lines += chunk.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }
}
