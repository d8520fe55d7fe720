using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;

namespace Auspex.Benchmarks.Engine;

/// <summary>A ForEach whose slow items must not hold up the others.</summary>
internal static class LoopFigures
{
    private const int Items = 1_000;
    private const int Slots = 20;
    private const int FastMilliseconds = 50;
    private const int SlowMilliseconds = 1_000;

    public static async Task ForEachAsync(EngineBench bench)
    {
        var random = new Random(1);
        var slow = Enumerable.Range(0, Items).OrderBy(_ => random.Next()).Take(Items / 100).ToHashSet();
        var items = Enumerable.Range(0, Items).Select(index => slow.Contains(index) ? SlowMilliseconds : FastMilliseconds).ToArray();
        var work = new InlineExecutor(async (attempt, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds((int)attempt.TypeProperties["wait"]!), TimeProvider.System, cancellationToken);
            return [];
        });
        await using var engine = await EngineFolder.OpenAsync(bench.NewFolder(), bench.Flush, new ActivityCatalog().Add("Work", work));
        var pipeline = EngineFolder.Load("loop", EngineFolder.Activity("Each", "ForEach", null, new JsonObject
        {
            ["items"] = new JsonArray([.. items.Select(item => (JsonNode)item)]),
            ["batchCount"] = Slots,
            ["activities"] = new JsonArray(EngineFolder.Activity("Work", "Work", null, new JsonObject { ["wait"] = "@item()" })),
        }));
        var (median, least, processor) = await EngineBench.MeasureAsync(5, () => engine.RunAsync(pipeline));
        var (ideal, dealt) = (Schedule(items, takesNext: true), Schedule(items, takesNext: false));
        EngineBench.Row(
            $"ForEach, {Items} items of {FastMilliseconds} ms, 1 % of {SlowMilliseconds} ms, {Slots} at once (median of 5; least)", "<= 1.1 x ideal",
            $"{median / ideal:0.000} x; {least / ideal:0.000} x of {ideal:0.000} s (items dealt up front: {dealt / ideal:0.00} x)", $"{processor:0.00} s",
            median / ideal <= 1.1);
    }

    /// <summary>When the last item ends if nothing but the items takes time.</summary>
    private static double Schedule(int[] items, bool takesNext)
    {
        var slots = new double[Slots];
        for (var index = 0; index < items.Length; index++)
        {
            var slot = takesNext ? Array.IndexOf(slots, slots.Min()) : index % Slots;
            slots[slot] += items[index] / 1000.0;
        }

        return slots.Max();
    }
}
