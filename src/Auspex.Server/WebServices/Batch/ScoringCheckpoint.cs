using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// How far a row-wise job is, as the journal keeps it: which place of the input has come to which length of output. Everything
/// before it is durable.
/// </summary>
/// <param name="ETag">The input as it was: the rest of another file would not fit what is written.</param>
/// <param name="InputOffset">
/// The byte of the input's text at which the next row begins; in Parquet and Arrow files its row in the row group or record batch.
/// </param>
/// <param name="Rows">Rows read, bad ones included.</param>
/// <param name="Rejected">Bad rows among them.</param>
/// <param name="FirstProblem">What was wrong with the first of those; null when there is none.</param>
/// <param name="Output">Where the output stands.</param>
/// <param name="Rejects">Where the rejects file stands; null while there is none.</param>
/// <param name="IsWhole">Whether all rows are written, and the files are only to be made visible.</param>
/// <param name="Warnings">What the check of the input found odd; stands in the last checkpoint alone.</param>
internal sealed record ScoringCheckpoint(
    string ETag,
    long InputOffset,
    long Rows,
    long Rejected,
    string? FirstProblem,
    UploadPosition Output,
    UploadPosition? Rejects,
    bool IsWhole,
    JsonArray? Warnings = null)
{
    /// <summary>The row group or record batch of the input, from 0; 0 in text.</summary>
    public int Segment { get; init; }

    /// <summary>What was scored before this place, in bytes of text or rows; 0 where the output's length says it.</summary>
    public long Written { get; init; }

    /// <summary>What is in whole segments of the output: at least as much, and the difference is scored again.</summary>
    public long Settled { get; init; }

    /// <summary>How many pages of what the output's footer needs are kept with the job.</summary>
    public int FooterPages { get; init; }

    /// <summary>What the footer needs beyond those pages, in base64; null when it is nothing.</summary>
    public string? FooterTail { get; init; }
}
