using Auspex.Connectors.Formats;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Library;

/// <summary>What becomes of rows that cannot be read.</summary>
public enum BadRows
{
    /// <summary>Left out, and kept in <c>OUTPUT.rejects.csv</c> with number, place and reason. Mended there, that file is the input that completes the output.</summary>
    Quarantine,

    /// <summary>Left out and counted.</summary>
    Skip,

    /// <summary>The first one stops the scoring.</summary>
    Fail,
}

/// <summary>How to score a file.</summary>
public sealed record FileScoringOptions
{
    /// <summary>Blocks scored at once, 1 to 1024; one per processor unless given. The output does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What becomes of rows that cannot be read.</summary>
    public BadRows BadRows { get; init; }

    /// <summary>The most rows that may be left out; null for any number.</summary>
    public long? MostBadRows { get; init; }

    /// <summary>The largest part of all rows that may be left out, 0 to 1; null for any.</summary>
    public double? LargestBadShare { get; init; }

    /// <summary>The longest row of text in bytes, 1024 to 536,870,912; a longer one is a bad row. 16 MiB unless given.</summary>
    public int MaxRecordBytes { get; init; } = DelimitedTextOptions.DefaultMaxRecordBytes;

    /// <summary>Told the rows scored so far and about how many there are, if that is known; from one thread at a time, which waits.</summary>
    public Action<long, long?>? ReportProgress { get; init; }

    /// <summary>Told in words what is odd about the beginning of the input, where scoring goes on all the same.</summary>
    public Action<string>? ReportWarnings { get; init; }

    internal BadRowPolicy Policy() => new(
        BadRows switch
        {
            BadRows.Quarantine => BadRowMode.Quarantine,
            BadRows.Skip => BadRowMode.Skip,
            _ => BadRowMode.Fail,
        },
        MostBadRows,
        LargestBadShare)
    {
        MaxRecordBytes = MaxRecordBytes is >= BadRowPolicy.LeastRecordBytes and <= DelimitedTextOptions.MostRecordBytes
            ? MaxRecordBytes
            : throw new ArgumentException(
                $"Found {MaxRecordBytes} as MaxRecordBytes; expected {BadRowPolicy.LeastRecordBytes} to {DelimitedTextOptions.MostRecordBytes}."),
    };
}

/// <summary>What scoring a file did.</summary>
/// <param name="Rows">Rows written.</param>
/// <param name="Elapsed">From opening the input to the output's commit.</param>
/// <param name="BadRows">Rows that could not be read and were left out.</param>
/// <param name="FirstProblem">What was wrong with the first of them, and where; null for none.</param>
/// <param name="RejectsPath">The file that keeps them; null where there is none.</param>
public sealed record FileScoringResult(long Rows, TimeSpan Elapsed, long BadRows, string? FirstProblem, string? RejectsPath)
{
    internal static FileScoringResult Of(FileScore score) => new(
        score.Rows, score.Elapsed, score.Rejected, score.FirstProblem, score.Rejected > 0 && File.Exists(score.RejectsPath) ? score.RejectsPath : null);
}

/// <summary>What a look at the beginning of a file found.</summary>
/// <param name="Fits">Whether it can be scored.</param>
/// <param name="Text">The differences for people, a line each.</param>
public sealed record InputFinding(bool Fits, string Text);
