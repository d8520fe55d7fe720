using System.Collections.Immutable;

namespace Auspex.Cli.Testing;

/// <summary>What became of a test.</summary>
/// <param name="Name">The test's name within its file.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The test's line in the file.</param>
/// <param name="Failures">Why it failed, each perhaps of several lines; empty when it passed.</param>
/// <param name="IsError">Whether it could not run at all.</param>
/// <param name="Duration">How long it took by the wall.</param>
/// <param name="VirtualDuration">How long it took by its own clock; null when it did not run.</param>
internal sealed record TestResult(
    string Name,
    string File,
    int? Line,
    ImmutableArray<string> Failures,
    bool IsError,
    TimeSpan Duration,
    TimeSpan? VirtualDuration)
{
    public bool HasPassed => Failures.IsEmpty;
}
