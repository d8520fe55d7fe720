using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>Scales of numbers as parts of a container, there and back.</summary>
internal static class SlotScales
{
    public static void Write(SlotScale scale, Dictionary<string, byte[]> sections)
    {
        sections["offsets"] = ModelContainer.Bytes<double>(scale.Offsets.AsSpan());
        sections["factors"] = ModelContainer.Bytes<double>(scale.Factors.AsSpan());
        if (!scale.Bins.IsEmpty)
        {
            sections["binCounts"] = ModelContainer.Bytes<int>([.. scale.Bins.Select(bins => bins.Length)]);
            sections["bins"] = ModelContainer.Bytes<double>([.. scale.Bins.SelectMany(bins => bins)]);
        }
    }

    public static SlotScale Read(Container container)
    {
        var scale = new SlotScale(
            ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "offsets")),
            ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "factors")));
        if (!container.Sections.ContainsKey("binCounts"))
        {
            return scale;
        }

        var counts = ModelContainer.Array<int>(container, "binCounts");
        var all = ModelContainer.Finite(container, "bins");
        var bins = ImmutableArray.CreateBuilder<ImmutableArray<double>>(counts.Length);
        var at = 0;
        foreach (var count in counts)
        {
            if (count < 0 || count > all.Length - at)
            {
                throw new FormatException("The bins of a column of numbers are cut off.");
            }

            bins.Add([.. all.AsSpan(at, count)]);
            at += count;
        }

        return scale with { Bins = bins.ToImmutable() };
    }
}
