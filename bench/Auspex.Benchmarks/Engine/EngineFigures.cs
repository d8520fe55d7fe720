using System.Diagnostics;
using System.Globalization;
using Auspex.Storage;

namespace Auspex.Benchmarks.Engine;

/// <summary>
/// <c>engine [--flush Full|Normal] [--folder FOLDER] [FIGURE...]</c>: what the engine takes, durable, in rows of a table. Run by
/// <c>bench/engine.sh</c>; without figures all of them.
/// </summary>
internal static class EngineFigures
{
    private static readonly (string Name, Func<EngineBench, Task> Measure)[] Figures =
    [
        ("sequential", SequenceFigures.SequentialAsync),
        ("http", SequenceFigures.HttpAsync),
        ("five", ThroughputFigures.FiveAsync),
        ("hundred", ThroughputFigures.HundredAsync),
        ("foreach", LoopFigures.ForEachAsync),
        ("trigger", TriggerFigures.DueAsync),
        ("recover", RecoveryFigures.KillAsync),
        ("history", HistoryFigures.MillionAsync),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["serve"]:
                return await EchoServer.RunAsync();
            case ["live", var folder, var flush, var count]:
                return await RecoveryFigures.LiveAsync(folder, Enum.Parse<FlushPolicy>(flush), int.Parse(count, CultureInfo.InvariantCulture));
            case ["resume", var folder, var flush, var count]:
                return await RecoveryFigures.ResumeAsync(folder, Enum.Parse<FlushPolicy>(flush), int.Parse(count, CultureInfo.InvariantCulture));
        }

        var flushPolicy = FlushPolicy.Full;
        string? root = null;
        var wanted = new List<string>();
        for (var index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--flush" when index + 1 < arguments.Length && Enum.TryParse(arguments[index + 1], out flushPolicy):
                    index++;
                    break;
                case "--folder" when index + 1 < arguments.Length:
                    root = arguments[++index];
                    break;
                case var name when Figures.Any(figure => figure.Name == name):
                    wanted.Add(name);
                    break;
                default:
                    await Console.Error.WriteLineAsync(
                        $"engine: found '{arguments[index]}', expected --flush Full|Normal, --folder FOLDER or of {string.Join(", ", Figures.Select(figure => figure.Name))}.");
                    return 2;
            }
        }

        using var bench = new EngineBench(flushPolicy, root);
        Console.WriteLine(FormattableString.Invariant(
            $"SQLite WAL, flush policy {flushPolicy} ({(flushPolicy == FlushPolicy.Full ? "fdatasync before each answer" : "no flush before an answer")}), {Environment.ProcessorCount} processors, folder on {bench.Root}"));
        Console.WriteLine();
        Console.WriteLine("| figure | asked | measured | processor time | |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (name, measure) in Figures)
        {
            if (wanted.Count == 0 || wanted.Contains(name))
            {
                await measure(bench);
            }
        }

        return 0;
    }
}

/// <summary>Folders to measure in, and rows of the table.</summary>
internal sealed class EngineBench(FlushPolicy flush, string? root) : IDisposable
{
    private readonly bool _isTemporary = root is null;
    private int _folders;

    public FlushPolicy Flush { get; } = flush;

    public string Root { get; } = root ?? Directory.CreateTempSubdirectory("auspex-engine-").FullName;

    public string NewFolder() => Path.Combine(Root, $"data-{Interlocked.Increment(ref _folders).ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Wall seconds, each measured after a turn that does not count.</summary>
    public static async Task<(double Median, double Least, double Processor)> MeasureAsync(int times, Func<Task> action)
    {
        await action();
        var walls = new List<double>();
        var before = Processor();
        for (var turn = 0; turn < times; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            await action();
            walls.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        var processor = (Processor() - before) / times;
        walls.Sort();
        return (walls[walls.Count / 2], walls[0], processor);
    }

    public static double Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    public static void Row(FormattableString figure, string asked, FormattableString measured, FormattableString processor, bool isMet) =>
        Console.WriteLine(
            $"| {FormattableString.Invariant(figure)} | {asked} | {FormattableString.Invariant(measured)} | {FormattableString.Invariant(processor)} | {(isMet ? "met" : "MISSED")} |");

    /// <summary>This program again, in a process of its own.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(EngineBench).Assembly.Location);
        }

        start.ArgumentList.Add("engine");
        Array.ForEach(arguments, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        if (_isTemporary)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
