using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>An input does not fit what is to score it; no row was scored. The message is the report for people.</summary>
/// <param name="report">Has errors.</param>
public sealed class InputContractException(ContractReport report)
    : AuspexException(ErrorCode.InputContractBroken, report.ToText())
{
    /// <summary>Every difference.</summary>
    public ContractReport Report { get; } = report;
}
