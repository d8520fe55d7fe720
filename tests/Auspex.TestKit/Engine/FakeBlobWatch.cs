using System.Runtime.CompilerServices;
using Auspex.Definitions;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Triggers;

namespace Auspex.TestKit.Engine;

/// <summary>A storage account in memory, for triggers that watch it.</summary>
internal sealed class FakeBlobWatch : IBlobWatch, IWatchedBlobs
{
    private readonly Dictionary<string, WatchedBlob> _blobs = new(StringComparer.Ordinal);
    private int _writes;

    public bool ShowsWholeBlobs { get; set; } = true;

    /// <summary>What listing throws; null for nothing.</summary>
    public Exception? Failure { get; set; }

    public IWatchedBlobs? Open(FactoryDefinition factory, TriggerDefinition trigger, BlobEventsTrigger detail) => this;

    /// <summary>Writes a blob; each time with another ETag, at a time that does not grow, as moved files have it.</summary>
    public FakeBlobWatch Write(string path, long size = 1)
    {
        lock (_blobs)
        {
            _writes++;
            _blobs[path] = new WatchedBlob(
                path, size, $"e{_writes.ToString(System.Globalization.CultureInfo.InvariantCulture)}", new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(-_writes));
        }

        return this;
    }

    public void Delete(string path)
    {
        lock (_blobs)
        {
            _blobs.Remove(path);
        }
    }

    public string ETagOf(string path)
    {
        lock (_blobs)
        {
            return _blobs[path].ETag;
        }
    }

    public async IAsyncEnumerable<WatchedBlob> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (Failure is not null)
        {
            throw Failure;
        }

        WatchedBlob[] found;
        lock (_blobs)
        {
            found = [.. _blobs.Values.Where(blob => blob.Path.StartsWith(prefix, StringComparison.Ordinal))];
        }

        foreach (var blob in found)
        {
            yield return blob;
        }
    }

    public IDisposable? Watch(string prefix, Action changed) => null;
}
