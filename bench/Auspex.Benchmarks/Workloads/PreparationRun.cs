using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Benchmarks.Workloads;

/// <summary>
/// <c>prepare ROWS COLUMNS</c> sends a table through select, clean, normalise and split; <c>join LEFT RIGHT</c> joins two tables of a
/// whole-number key and a number each; <c>sql ROWS SCRIPT</c> runs a script on a table of two whole numbers and a number. Each prints a
/// JSON line: seconds of the modules alone, on tables in memory, and the process's greatest resident memory, tables included.
/// </summary>
internal static class PreparationRun
{
    private static readonly ModuleCatalog Catalog = ModuleCatalog.CreateDefault();

    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["prepare", var rows, var columns]:
                await PrepareAsync(Number(rows), Number(columns));
                return 0;
            case ["join", var left, var right]:
                await JoinAsync(Number(left), Number(right));
                return 0;
            case ["sql", var rows, var script]:
                await SqlAsync(Number(rows), script);
                return 0;
            default:
                await Console.Error.WriteLineAsync("expected prepare ROWS COLUMNS, join LEFT RIGHT, or sql ROWS SCRIPT.");
                return 2;
        }
    }

    private static async Task PrepareAsync(int rows, int columns)
    {
        var table = new TableBatch(
            new TableSchema([.. Enumerable.Range(0, columns).Select(i => Field($"x{i}", ColumnType.Double)), Field("y", ColumnType.Int32)]),
            [.. Enumerable.Range(0, columns).Select(i => WithGaps(rows, i)), Whole(rows, row => row % 2)],
            rows);
        var report = new JsonObject { ["what"] = "prepare", ["rows"] = rows, ["columns"] = columns };
        var total = 0.0;
        table = await StepAsync("Select Columns in Dataset", table, "Results dataset", ("Select columns", "AllColumns, -x0"));
        table = await StepAsync("Clean Missing Data", table, "Cleaned dataset", ("Columns to be cleaned", "AllDoubles"), ("Cleaning mode", "Replace with mean"));
        table = await StepAsync("Normalize Data", table, "Transformed dataset", ("Columns to transform", "AllDoubles"));
        await StepAsync("Split Data", table, "Results dataset1", ("Fraction of rows in the first output dataset", "0.75"), ("Random seed", "1"));
        report["seconds"] = Math.Round(total, 3);
        Print(report);

        async Task<TableBatch> StepAsync(string module, TableBatch input, string port, params (string, string)[] parameters)
        {
            var (context, seconds) = await TimeAsync(module, [input], parameters);
            report[module] = Math.Round(seconds, 3);
            total += seconds;
            return ((TableValue)context.Outputs[port]).Table;
        }
    }

    private static async Task JoinAsync(int leftRows, int rightRows)
    {
        // Each key of the left table is in the right one, in another order.
        var left = new TableBatch(
            new TableSchema([Field("key", ColumnType.Int64), Field("a", ColumnType.Double)]),
            [Whole(leftRows, row => row * 7919L % rightRows), Numbers(leftRows, row => row * 0.5)],
            leftRows);
        var right = new TableBatch(
            new TableSchema([Field("key", ColumnType.Int64), Field("b", ColumnType.Double)]),
            [Whole(rightRows, row => row), Numbers(rightRows, row => row * 0.25)],
            rightRows);
        var (context, seconds) = await TimeAsync(
            "Join Data", [left, right], [("Join key columns for L", "key"), ("Join key columns for R", "key"), ("Keep right key columns in joined table", "False")]);
        var joined = ((TableValue)context.Outputs["Results dataset"]).Table;
        Print(new JsonObject
        {
            ["what"] = "join",
            ["leftRows"] = leftRows,
            ["rightRows"] = rightRows,
            ["joinedRows"] = joined.RowCount,
            ["tableBytes"] = 16L * (leftRows + rightRows),
            ["seconds"] = Math.Round(seconds, 3),
        });
        GC.KeepAlive(left);
        GC.KeepAlive(right);
    }

    private static async Task SqlAsync(int rows, string script)
    {
        var table = new TableBatch(
            new TableSchema([Field("id", ColumnType.Int64), Field("shop", ColumnType.Int64), Field("amount", ColumnType.Double)]),
            [Whole(rows, row => row), Whole(rows, row => row * 7919L % 100_003), Numbers(rows, row => row * 0.25)],
            rows);
        var (context, seconds) = await TimeAsync("Apply SQL Transformation", [table], [("SQL Query Script", script)]);
        Print(new JsonObject
        {
            ["what"] = "sql",
            ["rows"] = rows,
            ["resultRows"] = ((TableValue)context.Outputs["Results dataset"]).Table.RowCount,
            ["tableBytes"] = 24L * rows,
            ["seconds"] = Math.Round(seconds, 3),
        });
        GC.KeepAlive(table);
    }

    private static async Task<(ModuleContext Context, double Seconds)> TimeAsync(string name, TableBatch[] tables, (string Name, string Value)[] parameters)
    {
        Catalog.TryFind(name, out var module);
        var descriptor = module!.Descriptor;
        var context = new ModuleContext(
            descriptor.Inputs.Zip(tables).ToDictionary(pair => pair.First.Name, pair => (PortValue)new TableValue(pair.Second), StringComparer.Ordinal),
            new ModuleParameters(descriptor, parameters.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)),
            new ModuleServices { OpenBlobStore = NoStore, Clock = TimeProvider.System, FileRoots = [] });
        var started = Stopwatch.GetTimestamp();
        await module.RunAsync(context, CancellationToken.None);
        return (context, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static IBlobStore NoStore(BlobReference reference) => throw new NotSupportedException("No module here opens a store.");

    private static void Print(JsonObject report)
    {
        // The process's own count, which no sampling misses.
        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        report["peakMemoryBytes"] = long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        Console.WriteLine(report.ToJsonString());
    }

    private static TableField Field(string name, ColumnType type) => new() { Name = name, Type = type };

    private static Int64Column Whole(int rows, Func<long, long> value)
    {
        var values = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            values[row] = value(row);
        }

        return new Int64Column(values, rows, null);
    }

    private static DoubleColumn Numbers(int rows, Func<int, double> value)
    {
        var values = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            values[row] = value(row);
        }

        return new DoubleColumn(values, rows, null);
    }

    private static DoubleColumn WithGaps(int rows, int seed)
    {
        var random = new Random(seed);
        var validity = Column.AllValid(rows);
        for (var row = 0; row < rows; row++)
        {
            if (random.Next(100) == 0)
            {
                validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        return new DoubleColumn([.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())], rows, validity);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
