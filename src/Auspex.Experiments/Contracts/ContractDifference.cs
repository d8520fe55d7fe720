using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>One way in which an input differs from what is asked of it. Holds names and counts, never a value of a row.</summary>
/// <param name="Code">One of <c>AUX4201</c> to <c>AUX4215</c>.</param>
/// <param name="Severity">
/// Error: every row would be bad or wrong, nothing is scored. Warning: some rows are suspicious; bad ones are the business
/// of the job's policy. Information: nothing needs to be done.
/// </param>
/// <param name="Column">The column's name; null when the input as a whole is meant.</param>
/// <param name="Found">What is there.</param>
/// <param name="Expected">What should be.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ContractDifference(
    ErrorCode Code, DiagnosticSeverity Severity, string? Column, string Found, string Expected, string Remedy)
{
    /// <summary>How many rows of the sample it concerns; null when it is not about rows.</summary>
    public long? Rows { get; init; }

    /// <summary>Their part of those that could be concerned, 0 to 1: of the rows, or of the column's filled cells.</summary>
    public double? Share { get; init; }

    /// <summary>The first of them: the data row from 1, the header not counted.</summary>
    public long? FirstRow { get; init; }
}
