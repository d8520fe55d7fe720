using Auspex.Connectors.Formats;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Files;

/// <summary>A file to be scored into another.</summary>
public sealed record FileScoring
{
    /// <summary>The model; one with <see cref="TrainedModel.WithReasons"/> adds reasons.</summary>
    public required TrainedModel Model { get; init; }

    /// <summary>The rows; the name says the format. The rejects of an output that is there, mended, are put into it.</summary>
    public required string InputPath { get; init; }

    /// <summary>Where the scored rows go; the name says the format.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Blocks or batches scored at once; at least 1. The output does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What becomes of rows that cannot be read.</summary>
    public BadRowPolicy BadRows { get; init; } = new(BadRowMode.Quarantine);

    /// <summary>What reports call the model.</summary>
    public string ModelName { get; init; } = "the model";

    /// <summary>Models that score the same rows in the same pass, by name; what they disagree about is reported, the output stays the model's.</summary>
    public IReadOnlyList<KeyValuePair<string, TrainedModel>> Challengers { get; init; } = [];

    /// <summary>
    /// Where that report goes: <c>.json</c> or <c>.html</c>; both, with these extensions added, for any other name. Null for
    /// <c>OUTPUT.challengers</c>.
    /// </summary>
    public string? ChallengeReportPath { get; init; }

    /// <summary>Where a report of drift goes, likewise; null for none.</summary>
    public string? DriftReportPath { get; init; }

    /// <summary>Told the rows scored so far, and about how many there are; null for nobody.</summary>
    public Action<long, long?>? ReportProgress { get; init; }

    /// <summary>Told what is odd about the beginning of the input, where scoring goes on all the same; null for nobody.</summary>
    public Action<ContractReport>? OnWarnings { get; init; }
}

/// <summary>What scoring a file did.</summary>
/// <param name="Rows">Rows written.</param>
/// <param name="Elapsed">From opening the input to the output's commit.</param>
/// <param name="Rejected">Rows that could not be read and were left out.</param>
/// <param name="FirstProblem">What was wrong with the first of them, and where; null for none. Holds no value.</param>
/// <param name="RejectsPath">Where they are kept, if they are.</param>
public sealed record FileScore(long Rows, TimeSpan Elapsed, long Rejected, string? FirstProblem, string RejectsPath)
{
    /// <summary>Rows by seconds.</summary>
    public double RowsPerSecond => Elapsed > TimeSpan.Zero ? Rows / Elapsed.TotalSeconds : 0;
}
