using System.Diagnostics;
using Auspex.Engine.Dispatch;

namespace Auspex.Benchmarks.Engine;

/// <summary>Many runs at once: how many end in a second.</summary>
internal static class ThroughputFigures
{
    public static Task FiveAsync(EngineBench bench) => MeasureAsync(bench, 5, 10_000, 400, 1_000, "runs of five sequential activities");

    public static Task HundredAsync(EngineBench bench) => MeasureAsync(bench, 100, 600, 100, 60, "flows of 100 steps");

    private static async Task MeasureAsync(EngineBench bench, int activities, int runs, int atOnce, int asked, string what)
    {
        await using var engine = await EngineFolder.OpenAsync(bench.NewFolder(), bench.Flush, new ActivityCatalog().Add("Light", InlineExecutor.Light));
        var pipeline = EngineFolder.Sequence("throughput", activities);
        await engine.RunManyAsync(pipeline, runs / 5, atOnce);
        var before = EngineBench.Processor();
        var started = Stopwatch.GetTimestamp();
        await engine.RunManyAsync(pipeline, runs, atOnce);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var processor = EngineBench.Processor() - before;
        EngineBench.Row(
            $"{what}, {runs} of them, {atOnce} at once", $">= {asked.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} /s",
            $"{runs / seconds:0} /s", $"{processor / runs * 1e6:0} us each, {processor / seconds:0.00} of {Environment.ProcessorCount} processors", runs / seconds >= asked);
    }
}
