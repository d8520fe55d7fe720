namespace Auspex.Experiments.Scoring;

/// <summary>How far the scoring of a text is: everything needed to go on there in another process.</summary>
/// <param name="InputOffset">The byte of the text at which the next row begins; 0 before the header was read.</param>
/// <param name="Rows">Rows read, bad ones included.</param>
/// <param name="Rejected">Bad rows among them.</param>
/// <param name="IsInsideRecord">Whether the rest of a record that is longer than any may be comes next: nobody can go on there.</param>
public readonly record struct ScoringPosition(long InputOffset, long Rows, long Rejected, bool IsInsideRecord = false)
{
    /// <summary>Rows scored.</summary>
    public long Scored => Rows - Rejected;
}

/// <summary>Takes scored rows in input order.</summary>
/// <param name="text">Whole rows as text; valid until the task ends. Empty when a block held bad rows alone.</param>
/// <param name="after">Where scoring stands behind these rows.</param>
/// <param name="cancellationToken">Stops the writing.</param>
public delegate ValueTask ScoredTextSink(ReadOnlyMemory<byte> text, ScoringPosition after, CancellationToken cancellationToken);
