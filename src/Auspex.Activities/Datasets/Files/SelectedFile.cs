using System.Collections.Immutable;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Activities.Datasets.Files;

/// <summary>A file that a selection means.</summary>
/// <param name="Blob">What is known of it.</param>
/// <param name="RelativePath">Its path below what was selected: where it goes when hierarchies are preserved.</param>
/// <param name="Partitions">The <c>key=value</c> folders that it lies in, as columns; empty when those are not looked for.</param>
internal sealed record SelectedFile(
    BlobProperties Blob, string RelativePath, ImmutableArray<KeyValuePair<string, string>> Partitions)
{
    /// <summary>The name without its folders.</summary>
    public string Name => RelativePath[(RelativePath.LastIndexOf('/') + 1)..];
}
