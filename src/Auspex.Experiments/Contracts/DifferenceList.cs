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
    // Plain loops here and where reports become text: sorters and groups of our types would be compiled while scoring waits for its processor.
    public ImmutableArray<ContractDifference> Sort()
    {
        var sorted = ImmutableArray.CreateBuilder<ContractDifference>(_all.Count);
        for (var severity = DiagnosticSeverity.Error; severity >= DiagnosticSeverity.Information; severity--)
        {
            AddThose(severity, ofColumns: false);
            AddThose(severity, ofColumns: true);
        }

        return sorted.MoveToImmutable();

        void AddThose(DiagnosticSeverity severity, bool ofColumns)
        {
            foreach (var difference in _all)
            {
                if (difference.Severity == severity && (difference.Column is not null) == ofColumns)
                {
                    sorted.Add(difference);
                }
            }
        }
    }
}
