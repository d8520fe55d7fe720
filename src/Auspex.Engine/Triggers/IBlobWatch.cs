using Auspex.Definitions;
using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>Finds the blobs that storage triggers watch.</summary>
public interface IBlobWatch
{
    /// <summary>Opens what a trigger's <c>scope</c> stands for on this machine.</summary>
    /// <returns>Null when nothing here stands for it: then only events that are posted start the trigger.</returns>
    /// <exception cref="Auspex.Errors.AuspexException">It cannot be opened.</exception>
    IWatchedBlobs? Open(FactoryDefinition factory, TriggerDefinition trigger, BlobEventsTrigger detail);
}

/// <summary>Blobs that a trigger watches.</summary>
public interface IWatchedBlobs
{
    /// <summary>
    /// Whether a blob is seen only when it is whole. Where it is not, as in folders that others write to, one that changed must
    /// look the same twice before it counts.
    /// </summary>
    bool ShowsWholeBlobs { get; }

    /// <summary>The blobs whose path, container included, begins with a prefix; all of them, in any order.</summary>
    /// <exception cref="Auspex.Errors.AuspexException">They cannot be listed.</exception>
    IAsyncEnumerable<WatchedBlob> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Calls back when something may have changed below a prefix; null where nobody tells. Only a hint: listing decides.
    /// </summary>
    IDisposable? Watch(string prefix, Action changed);
}

/// <summary>A blob as it is listed.</summary>
/// <param name="Path">Container included, without a slash before it.</param>
/// <param name="SizeInBytes">Its length.</param>
/// <param name="ETag">Changes with the content.</param>
/// <param name="LastModified">When it was written, UTC.</param>
public readonly record struct WatchedBlob(string Path, long SizeInBytes, string ETag, DateTimeOffset LastModified);
