using System.Collections.Immutable;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Every number that Studio's modules had.</summary>
internal static class ErrorNumbers
{
    public static ImmutableSortedSet<int> All { get; } =
    [
        .. Enumerable.Range(1, 75), .. Enumerable.Range(77, 14), .. Enumerable.Range(100, 16), .. Enumerable.Range(121, 37), 1000,
    ];
}
