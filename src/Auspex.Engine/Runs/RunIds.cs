using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Auspex.Engine.Runs;

/// <summary>Where ids come from. Only the ids of runs and hosts are new; those inside a run follow from the run's.</summary>
public abstract class RunIds
{
    /// <summary>Ids as every host makes them: unique, and in the order of time.</summary>
    public static RunIds Unique { get; } = new UniqueIds();

    /// <summary>A new run's id.</summary>
    public abstract RunId NewRun();

    /// <summary>A host's id, under which it leases runs.</summary>
    public abstract string NewHost();

    /// <summary>
    /// The id of an attempt's activity run: the same on every host and after every restart, so that whoever receives it
    /// can tell a repetition from a new attempt.
    /// </summary>
    internal static string OfAttempt(RunId run, string path, int attempt) =>
        FromName($"{run.Value}\n{path}\n{attempt.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <summary>The id of the run that an attempt starts.</summary>
    internal static RunId OfChild(string activityRunId) => new(FromName($"child\n{activityRunId}"));

    /// <summary>The id of a run that follows from something outside runs, such as a trigger's occurrence.</summary>
    internal static RunId OfName(string name) => new(FromName(name));

    private static string FromName(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);

        // RFC 9562 version 8: an id of our own making that still reads as a GUID everywhere.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("D");
    }

    [SuppressMessage("ApiDesign", "RS0030", Justification = "The one place in the engine where ids are invented; never on the decider's path.")]
    private sealed class UniqueIds : RunIds
    {
        // Version 7: ids of later runs sort later, so that the index of a million old runs is never touched at random.
        public override RunId NewRun() => new(Guid.CreateVersion7().ToString("D"));

        public override string NewHost() => Guid.NewGuid().ToString("N");
    }
}
