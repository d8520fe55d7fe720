using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>The differences between the beginning of an input and what is asked of it.</summary>
public sealed record ContractReport
{
    /// <summary>The input, as messages call it.</summary>
    public required string Input { get; init; }

    /// <summary>What it was held against.</summary>
    public required InputContract Contract { get; init; }

    /// <summary>Errors first, then warnings, then what is merely worth knowing; of the input as a whole before single columns.</summary>
    public required ImmutableArray<ContractDifference> Differences { get; init; }

    /// <summary>Rows looked at, unreadable ones included.</summary>
    public required long Rows { get; init; }

    /// <summary>Bytes read from the file; null for a table that is no text.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether that is all of the input.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Differences that stop a job before its first row.</summary>
    public int Errors => Count(DiagnosticSeverity.Error);

    /// <summary>Differences that make some rows suspicious.</summary>
    public int Warnings => Count(DiagnosticSeverity.Warning);

    /// <summary>Whether nothing stands against scoring.</summary>
    public bool Fits => Errors == 0;

    /// <summary>Stops whoever is about to score an input that does not fit.</summary>
    /// <exception cref="InputContractException">There are errors.</exception>
    public void ThrowUnlessFits()
    {
        if (!Fits)
        {
            throw new InputContractException(this);
        }
    }

    /// <summary>For people, aligned, several lines without one at the end; see <see cref="ContractText"/>.</summary>
    public string ToText() => ContractText.Of(this);

    /// <summary>For programs; see <c>docs/architecture/contract.md</c> for its members.</summary>
    public JsonObject ToJson() => ContractJson.Of(this);

    private int Count(DiagnosticSeverity severity) => Differences.Count(difference => difference.Severity == severity);
}
