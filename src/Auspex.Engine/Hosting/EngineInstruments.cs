using System.Diagnostics.Metrics;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Hosting;

/// <summary>The engine's metrics, called by what happened.</summary>
internal static class EngineInstruments
{
    private static readonly Meter Meter = new("Auspex.Engine");

    private static readonly Histogram<double> RunDuration =
        Meter.CreateHistogram<double>("auspex.run.duration", "s", "From a run's acceptance to its end.");

    public static void OnRunEnded(RunState state)
    {
        if (RunDuration.Enabled && state.EndedAt is { } end)
        {
            RunDuration.Record(
                (end - state.Created.At).TotalSeconds,
                new KeyValuePair<string, object?>("auspex.run.status", state.Status.ToString()));
        }
    }
}
