using System.Globalization;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Simulation;

/// <summary>Ids that follow from a name and a count, so that a simulation gives the same ones each time.</summary>
internal sealed class SimulatedRunIds(string seed) : RunIds
{
    private int _runs;

    public override RunId NewRun() =>
        OfName(string.Create(CultureInfo.InvariantCulture, $"simulation\n{seed}\n{Interlocked.Increment(ref _runs)}"));

    public override string NewHost() => "simulation";
}
