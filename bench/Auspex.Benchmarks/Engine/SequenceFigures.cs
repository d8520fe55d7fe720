using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;

namespace Auspex.Benchmarks.Engine;

/// <summary>One run of 40 light activities, one after the other.</summary>
internal static class SequenceFigures
{
    private const int Activities = 40;
    private const int Turns = 15;

    public static async Task SequentialAsync(EngineBench bench)
    {
        await using var engine = await EngineFolder.OpenAsync(bench.NewFolder(), bench.Flush, new ActivityCatalog().Add("Light", InlineExecutor.Light));
        var pipeline = EngineFolder.Sequence("sequential", Activities);
        await engine.RunManyAsync(pipeline, 20, 1);
        var (median, least, processor) = await EngineBench.MeasureAsync(Turns, () => engine.RunAsync(pipeline));
        EngineBench.Row(
            $"{Activities} light sequential activities, in process (median of {Turns}; least)", "<= 0.1 s",
            $"{median:0.0000} s; {least:0.0000} s", $"{processor:0.0000} s", median <= 0.1);
    }

    public static async Task HttpAsync(EngineBench bench)
    {
        using var other = EngineBench.Start("serve");
        var address = new Uri(await other.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The other process said no address."));
        using var http = new HttpClient();
        var call = new InlineExecutor(async (_, cancellationToken) =>
            JsonNode.Parse(await http.GetStringAsync(address, cancellationToken))!.AsObject());
        await using (var engine = await EngineFolder.OpenAsync(bench.NewFolder(), bench.Flush, new ActivityCatalog().Add("Call", call)))
        {
            var pipeline = EngineFolder.Sequence("http", Activities, "Call");
            await engine.RunManyAsync(pipeline, 20, 1);
            var before = other.TotalProcessorTime;
            var (median, least, processor) = await EngineBench.MeasureAsync(Turns, () => engine.RunAsync(pipeline));
            other.Refresh();
            EngineBench.Row(
                $"the same, each a HTTP call to another process (median of {Turns}; least)", "<= 0.3 s", $"{median:0.0000} s; {least:0.0000} s",
                $"{processor:0.0000} s + {(other.TotalProcessorTime - before).TotalSeconds / (Turns + 1):0.0000} s there", median <= 0.3);
        }

        other.StandardInput.Close();
        await other.WaitForExitAsync();
    }
}
