using System.Collections.Immutable;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>A case for every error that a module can report.</summary>
internal static partial class ErrorCases
{
    public static ImmutableArray<ErrorCase> All { get; } = [.. Sources(), .. Manipulation(), .. Preparation(), .. Features(), .. Learning(), .. Judging(), .. Texts()];
}
