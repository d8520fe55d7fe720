using System.Collections.Frozen;

namespace Auspex.Engine.Runs;

/// <summary>How the engine treats an activity.</summary>
internal enum ActivityKind
{
    /// <summary>Handed to an executor, in attempts.</summary>
    Work,

    /// <summary>Done the moment it starts: SetVariable, AppendVariable, Filter, Fail.</summary>
    Instant,

    /// <summary>Ends when its time comes.</summary>
    Wait,

    /// <summary>Runs one branch: IfCondition, Switch.</summary>
    Branch,

    /// <summary>Runs its activities once per item.</summary>
    ForEach,

    /// <summary>Runs its activities until its expression holds.</summary>
    Until,
}

internal static class ActivityKinds
{
    private static readonly FrozenDictionary<string, ActivityKind> Kinds = new Dictionary<string, ActivityKind>
    {
        ["SetVariable"] = ActivityKind.Instant,
        ["AppendVariable"] = ActivityKind.Instant,
        ["Filter"] = ActivityKind.Instant,
        ["Fail"] = ActivityKind.Instant,
        ["Wait"] = ActivityKind.Wait,
        ["IfCondition"] = ActivityKind.Branch,
        ["Switch"] = ActivityKind.Branch,
        ["ForEach"] = ActivityKind.ForEach,
        ["Until"] = ActivityKind.Until,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The activity types that the engine itself carries out.</summary>
    public static IEnumerable<string> ControlTypes => Kinds.Keys;

    public static ActivityKind Of(string type) => Kinds.GetValueOrDefault(type, ActivityKind.Work);

    public static bool IsContainer(this ActivityKind kind) =>
        kind is ActivityKind.Branch or ActivityKind.ForEach or ActivityKind.Until;
}
