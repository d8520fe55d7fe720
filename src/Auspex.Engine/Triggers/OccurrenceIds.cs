using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Triggers;

/// <summary>Ids that follow from trigger and occurrence: starting an occurrence again, on whatever host, is the same start.</summary>
internal static class OccurrenceIds
{
    /// <summary>
    /// A trigger run's id in the service's form: what is left of the calendar, so that later ones sort first, then what tells
    /// occurrences of the same moment apart.
    /// </summary>
    public static string OfRun(TriggerState state, DateTimeOffset moment, string occurrence)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Name(state.Factory, state.Trigger, state.Incarnation, occurrence)));
        var number = BinaryPrimitives.ReadUInt64BigEndian(hash) % 1_000_000_000_000_000_000;
        return string.Create(CultureInfo.InvariantCulture, $"{DateTime.MaxValue.Ticks - moment.UtcTicks:D20}{number:D18}CU00");
    }

    /// <summary>The id of the pipeline run that an attempt of a trigger run starts.</summary>
    /// <param name="run">The trigger run.</param>
    /// <param name="pipeline">The position of the pipeline among those of the trigger: one may stand there twice.</param>
    public static RunId OfPipelineRun(StoredTriggerRun run, int pipeline) => RunIds.OfName(string.Create(
        CultureInfo.InvariantCulture,
        $"trigger\n{Name(run.Run.Factory, run.Run.Trigger, run.Incarnation, run.Occurrence)}\n{pipeline}\n{run.Attempt}"));

    private static string Name(string factory, string trigger, int incarnation, string occurrence) => string.Create(
        CultureInfo.InvariantCulture, $"{factory.ToUpperInvariant()}\n{trigger.ToUpperInvariant()}\n{incarnation}\n{occurrence}");
}
