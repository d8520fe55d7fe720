using System.Collections.Immutable;

namespace Auspex.Experiments.Models;

/// <summary>
/// Which columns of its input a row transform looks at, and which it hands on untouched. A scoring plan parses the former
/// and copies the bytes of the latter.
/// </summary>
/// <param name="Sources">For each output column the input column that it is, values and all; -1 for one that is made.</param>
/// <param name="Reads">For each input column whether anything that is made depends on it.</param>
public sealed record ColumnFlow(ImmutableArray<int> Sources, ImmutableArray<bool> Reads)
{
    /// <summary>Everything comes out as it went in.</summary>
    public static ColumnFlow Identity(int columns) =>
        new([.. Enumerable.Range(0, columns)], [.. Enumerable.Repeat(false, columns)]);

    /// <summary>Everything is looked at and made anew.</summary>
    public static ColumnFlow Opaque(int inputs, int outputs) =>
        new([.. Enumerable.Repeat(-1, outputs)], [.. Enumerable.Repeat(true, inputs)]);

    /// <summary>The flow of this transform followed by another.</summary>
    public ColumnFlow Then(ColumnFlow next)
    {
        var reads = Reads.ToBuilder();
        for (var i = 0; i < next.Reads.Length; i++)
        {
            if (next.Reads[i] && Sources[i] >= 0)
            {
                reads[Sources[i]] = true;
            }
        }

        return new ColumnFlow(
            [.. next.Sources.Select(source => source < 0 ? -1 : Sources[source])], reads.MoveToImmutable());
    }
}
