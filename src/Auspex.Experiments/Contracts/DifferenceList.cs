using System.Collections.Immutable;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>Collects differences in the order in which rules find them.</summary>
internal sealed class DifferenceList
{
    private readonly List<ContractDifference> _all = [];

    public void Error(ErrorCode code, string? column, string found, string expected, string remedy) =>
        _all.Add(new ContractDifference(code, DiagnosticSeverity.Error, column, found, expected, remedy));

    public void Warn(ErrorCode code, string? column, string found, string expected, string remedy) =>
        _all.Add(new ContractDifference(code, DiagnosticSeverity.Warning, column, found, expected, remedy));

    public void Note(ErrorCode code, string? column, string found, string expected, string remedy) =>
        _all.Add(new ContractDifference(code, DiagnosticSeverity.Information, column, found, expected, remedy));

    /// <summary>About rows: adds how many, of how many, and which first.</summary>
    public void AddRows(
        ErrorCode code, bool isError, string? column, string found, string expected, string remedy, Hits hits, long all) =>
        _all.Add(new ContractDifference(
            code, isError ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, column, found, expected, remedy)
        {
            Rows = hits.Count,
            Share = hits.Share(all),
            FirstRow = hits.First,
        });

    /// <summary>Errors before warnings before notes; of the whole input before single columns; else as they were found.</summary>
    public ImmutableArray<ContractDifference> Sort() =>
    [
        .. _all.OrderByDescending(difference => difference.Severity).ThenBy(difference => difference.Column is null ? 0 : 1),
    ];
}
