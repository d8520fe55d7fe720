using System.Text.Json;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>Takes fitted transforms back from what their <see cref="FittedTransform.Write"/> wrote: a reader for each kind.</summary>
public static class FittedTransformReaders
{
    /// <summary>Reads a transform of this kind.</summary>
    /// <exception cref="ModuleException">Error 82: the kind is unknown, or the content is not what this kind writes.</exception>
    public static FittedTransform Read(string kind, JsonElement json) =>
        throw new ModuleException(82, $"The transform is of kind '{kind}', which this version does not know.");
}
