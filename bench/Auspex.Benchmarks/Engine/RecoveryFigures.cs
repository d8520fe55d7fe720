using System.Diagnostics;
using System.Globalization;
using Auspex.Engine.Dispatch;
using Auspex.Storage;

namespace Auspex.Benchmarks.Engine;

/// <summary>Many live runs, the process killed: until each has gone on by one activity, the start of the new process included.</summary>
internal static class RecoveryFigures
{
    private const int Runs = 10_000;

    public static async Task KillAsync(EngineBench bench)
    {
        var folder = bench.NewFolder();
        var count = Runs.ToString(CultureInfo.InvariantCulture);
        using (var live = EngineBench.Start("live", folder, bench.Flush.ToString(), count))
        {
            if (await live.StandardOutput.ReadLineAsync() != "live")
            {
                throw new InvalidOperationException("The process with the live runs did not come up.");
            }

            live.Kill();
            await live.WaitForExitAsync();
        }

        var killed = Stopwatch.GetTimestamp();
        using var resumed = EngineBench.Start("resume", folder, bench.Flush.ToString(), count);
        var first = await resumed.StandardOutput.ReadLineAsync();
        var toFirst = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        var last = await resumed.StandardOutput.ReadLineAsync();
        var toLast = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        resumed.StandardInput.Close();
        await resumed.WaitForExitAsync();
        if (first != "first" || last?.Split(' ') is not ["all", var used])
        {
            throw new InvalidOperationException($"The process that took the runs up said '{first}', '{last}'.");
        }

        EngineBench.Row(
            $"{Runs} live runs, kill -9: the first has gone on; all have", "<= 5 s", $"{toFirst:0.00} s; {toLast:0.00} s", $"{used} s", toLast <= 5);
    }

    /// <summary>Starts the runs and waits to be killed once each holds in its second activity.</summary>
    public static async Task<int> LiveAsync(string folder, FlushPolicy flush, int count)
    {
        var holding = 0;
        var all = new TaskCompletionSource();
        var hold = new InlineExecutor(async (_, cancellationToken) =>
        {
            if (Interlocked.Increment(ref holding) == count)
            {
                all.TrySetResult();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return [];
        });
        await using var engine = await EngineFolder.OpenAsync(folder, flush, Catalog(InlineExecutor.Light, hold));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 400 }, async (_, _) => await engine.StartAsync(Pipeline()));
        await all.Task;
        Console.WriteLine("live");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    }

    /// <summary>Takes the runs up. The activity that held goes on at once; the one after it says that its run has moved, durably.</summary>
    public static async Task<int> ResumeAsync(string folder, FlushPolicy flush, int count)
    {
        var moved = 0;
        var all = new TaskCompletionSource();
        var next = new InlineExecutor((attempt, _) =>
        {
            if (attempt.Activity.Name == "Next")
            {
                switch (Interlocked.Increment(ref moved))
                {
                    case 1:
                        Console.WriteLine("first");
                        break;
                    case var number when number == count:
                        all.TrySetResult();
                        break;
                }
            }

            return Task.FromResult(new System.Text.Json.Nodes.JsonObject());
        });
        await using var engine = await EngineFolder.OpenAsync(folder, flush, Catalog(next, InlineExecutor.Light));
        await all.Task;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all {EngineBench.Processor():0.0}"));
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static ActivityCatalog Catalog(InlineExecutor light, InlineExecutor hold) => new ActivityCatalog().Add("Light", light).Add("Hold", hold);

    private static Definitions.PipelineDefinition Pipeline() => EngineFolder.Load(
        "live",
        EngineFolder.Activity("First", "Light", null),
        EngineFolder.Activity("Hold", "Hold", "First"),
        EngineFolder.Activity("Next", "Light", "Hold"));
}
