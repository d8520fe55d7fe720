namespace Auspex.Experiments.Contracts;

/// <summary>How much of an input is looked at: its beginning, up to whichever limit comes first.</summary>
/// <param name="Rows">Most rows; default 10,000.</param>
/// <param name="Bytes">
/// Most bytes of a file, default 4 MiB; more only while a longer header row has not ended. Tables that are no text are
/// bounded by rows, and by the batch in which the last of them comes.
/// </param>
public sealed record SampleLimits(int Rows = 10_000, int Bytes = 4 << 20)
{
    /// <summary>10,000 rows, 4 MiB.</summary>
    public static SampleLimits Default { get; } = new();
}
