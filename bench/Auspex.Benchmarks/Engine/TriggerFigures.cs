using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Triggers;
using Auspex.Errors;

namespace Auspex.Benchmarks.Engine;

/// <summary>From the moment that a schedule names to the first activity of its pipeline, everything in between on disk.</summary>
internal static class TriggerFigures
{
    private const int Occurrences = 21;
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(400);

    public static async Task DueAsync(EngineBench bench)
    {
        var late = new ConcurrentDictionary<string, double>();
        var begin = TimeProvider.System.GetUtcNow();
        begin = new DateTimeOffset(begin.Ticks - (begin.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(3);
        var done = new TaskCompletionSource();
        var work = new InlineExecutor((attempt, _) =>
        {
            var due = DateTimeOffset.Parse((string)attempt.TypeProperties["due"]!, CultureInfo.InvariantCulture);
            late.TryAdd(attempt.RunId.Value, (TimeProvider.System.GetUtcNow() - due).TotalMilliseconds);
            if (late.Count == Occurrences)
            {
                done.TrySetResult();
            }

            return Task.FromResult(new JsonObject());
        });
        await using var engine = await EngineFolder.OpenAsync(bench.NewFolder(), bench.Flush, new ActivityCatalog().Add("Light", work));
        engine.Add(EngineFolder.Load("due", EngineFolder.Activity("Light", "Light", null, new JsonObject { ["due"] = "@pipeline().parameters.due" })));
        for (var index = 0; index < Occurrences; index++)
        {
            engine.Add(Trigger($"T{index.ToString(CultureInfo.InvariantCulture)}", begin + (Apart * index)));
        }

        var before = EngineBench.Processor();
        await using (var triggers = new TriggerHost(engine.Stores.Triggers, engine.Host, engine))
        {
            await triggers.StartHostAsync(CancellationToken.None);
            await done.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }

        // The first one compiles what all use.
        var sorted = late.Values.Order().ToArray();
        EngineBench.Row(
            $"a schedule's time to its first activity (median of {Occurrences}; 90 %; most)", "<= 50 ms",
            $"{sorted[Occurrences / 2]:0.0} ms; {sorted[Occurrences * 9 / 10]:0.0} ms; {sorted[^1]:0.0} ms", $"{(EngineBench.Processor() - before) / Occurrences * 1000:0.0} ms each",
            sorted[Occurrences / 2] <= 50);
    }

    private static TriggerDefinition Trigger(string name, DateTimeOffset due)
    {
        var source = new JsonObject
        {
            ["name"] = name,
            ["properties"] = new JsonObject
            {
                ["type"] = "ScheduleTrigger",
                ["runtimeState"] = "Started",
                ["pipelines"] = new JsonArray(new JsonObject
                {
                    ["pipelineReference"] = new JsonObject { ["type"] = "PipelineReference", ["referenceName"] = "due" },
                    ["parameters"] = new JsonObject { ["due"] = "@trigger().scheduledTime" },
                }),
                ["typeProperties"] = new JsonObject
                {
                    ["recurrence"] = new JsonObject
                    {
                        ["frequency"] = "Day",
                        ["interval"] = 1,
                        ["startTime"] = due.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
                    },
                },
            },
        };
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        return TriggerLoader.Load(source, new DefinitionOrigin(null), diagnostics)!;
    }
}
