using System.Collections.Immutable;
using Auspex.Connectors.Formats;

namespace Auspex.Server.WebServices.Batch;

/// <summary>How the input of a row-wise job falls into partitions; made once, read by every partition.</summary>
/// <param name="ETag">The input as it was then: a partition of another file would be scored wrongly.</param>
/// <param name="Columns">The file's columns, in file order.</param>
/// <param name="Parts">In file order; empty for a file that can only be read whole.</param>
/// <param name="Rows">Rows in all.</param>
internal sealed record BatchPlan(string ETag, ImmutableArray<string> Columns, ImmutableArray<FilePart> Parts, long Rows)
{
    /// <summary>How many partitions there are: none for a file without rows.</summary>
    public int Count => Rows == 0 ? 0 : Math.Max(1, Parts.Length);

    /// <summary>The part of a partition; null for the whole file.</summary>
    public FilePart? Part(int partition) => Parts.IsEmpty ? null : Parts[partition];
}

/// <summary>What became of a partition.</summary>
/// <param name="Rows">Rows scored.</param>
/// <param name="Rejected">Rows that could not be read.</param>
/// <param name="FirstProblem">What was wrong with the first of them, and where; null when there is none.</param>
internal sealed record PartitionResult(long Rows, long Rejected, string? FirstProblem);
