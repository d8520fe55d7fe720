using System.Diagnostics;
using System.Globalization;
using Auspex.Engine.Dispatch;
using Microsoft.Data.Sqlite;

namespace Auspex.Benchmarks.Engine;

/// <summary>A new run beside a million that have ended, and beside none.</summary>
internal static class HistoryFigures
{
    private const int Finished = 1_000_000;
    private const int Samples = 100;
    private const int Turns = 20;
    private const int RunsPerTurn = 25;

    // Until the compiler has done with what all runs use: its processor time is nobody's run.
    private const int WarmingTurns = 40;

    public static async Task MillionAsync(EngineBench bench)
    {
        var (small, large) = (bench.NewFolder(), bench.NewFolder());
        var catalog = new ActivityCatalog().Add("Light", InlineExecutor.Light);
        var pipeline = EngineFolder.Sequence("new", 1);
        foreach (var folder in new[] { small, large })
        {
            await using var engine = await EngineFolder.OpenAsync(folder, bench.Flush, catalog);
            await engine.RunManyAsync(pipeline, Samples, 1);
        }

        Multiply(Directory.EnumerateFiles(large, "*.db", SearchOption.AllDirectories).Single());
        await using var beside = await EngineFolder.OpenAsync(large, bench.Flush, catalog);
        await using var alone = await EngineFolder.OpenAsync(small, bench.Flush, catalog);
        var walls = new Dictionary<EngineFolder, List<double>> { [beside] = [], [alone] = [] };
        var processor = new Dictionary<EngineFolder, double> { [beside] = 0, [alone] = 0 };
        for (var turn = -WarmingTurns; turn < Turns; turn++)
        {
            foreach (var engine in turn % 2 == 0 ? new[] { beside, alone } : [alone, beside])
            {
                var before = EngineBench.Processor();
                for (var run = 0; run < RunsPerTurn; run++)
                {
                    var started = Stopwatch.GetTimestamp();
                    await engine.RunAsync(pipeline);
                    if (turn >= 0)
                    {
                        walls[engine].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                    }
                }

                processor[engine] += turn < 0 ? 0 : EngineBench.Processor() - before;
            }
        }

        var (many, none) = (Median(walls[beside]), Median(walls[alone]));
        EngineBench.Row(
            $"a new run with {Finished} finished ones stored, and with {Samples} (medians of {Turns * RunsPerTurn}, in turns)", "<= 1.2 x",
            $"{many / none:0.00} x ({many:0.00} ms; {none:0.00} ms)", $"{processor[beside] / processor[alone]:0.00} x", many / none <= 1.2);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Copies what was run until there are as many: their rows as the engine wrote them, under ids of their own.</summary>
    private static void Multiply(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            command.ExecuteNonQuery();
        }

        Execute("PRAGMA synchronous = OFF");
        Execute("PRAGMA cache_size = -200000");
        var columns = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM pragma_table_info('runs')";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                columns.Add(reader.GetString(0));
            }
        }

        // Ids of finished runs are older than those to come, as they are in a folder that grew by itself.
        var values = columns.Select(column => column switch
        {
            "run_key" => "copy.n * 100 + run_key",
            "run_id" => "printf('00000000-%08x-', copy.n) || substr(run_id, 19)",
            _ => column,
        });
        var copies = (Finished / Samples).ToString(CultureInfo.InvariantCulture);
        var copy = $"WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies} - 1)";
        Execute("BEGIN");
        Execute($"{copy} INSERT INTO runs ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM copy CROSS JOIN runs WHERE run_key <= {Samples.ToString(CultureInfo.InvariantCulture)} ORDER BY 1");
        Execute($"{copy} INSERT INTO events (run_key, sequence, body) SELECT copy.n * 100 + run_key, sequence, body FROM copy CROSS JOIN events WHERE run_key <= {Samples.ToString(CultureInfo.InvariantCulture)} ORDER BY 1, 2");
        Execute("COMMIT");
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
