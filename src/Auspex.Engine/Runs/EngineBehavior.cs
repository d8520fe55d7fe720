namespace Auspex.Engine.Runs;

/// <summary>The numbered rules that a run is decided by, recorded when it is created and kept to its end.</summary>
/// <remarks>
/// A change of what the decider does with a journal that exists takes a new number here and a branch in the decider;
/// runs begun under an older number go on under it.
/// </remarks>
internal static class EngineBehavior
{
    /// <summary>The rules of the first release.</summary>
    public const int First = 1;

    /// <summary>What new runs are decided by.</summary>
    public const int Current = First;
}
