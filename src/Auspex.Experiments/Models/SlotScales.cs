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
    }

    public static SlotScale Read(Container container) => new(
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "offsets")),
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "factors")));
}
