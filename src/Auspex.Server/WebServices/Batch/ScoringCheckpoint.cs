using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// How far a row-wise job is, as the journal keeps it: which input offset has come to which length of output. Everything
/// before it is durable.
/// </summary>
/// <param name="ETag">The input as it was: the rest of another file would not fit what is written.</param>
/// <param name="InputOffset">The byte of the input's text at which the next row begins.</param>
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
    JsonArray? Warnings = null);
