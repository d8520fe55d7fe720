using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Triggers;

namespace Auspex.Activities.Triggers;

/// <summary>
/// Finds the storage that a trigger watches: the linked service that the overlay names for it (<c>"triggers": {"T":
/// {"linkedService": "X"}}</c>), else the one linked service of the account that the trigger's <c>scope</c> names.
/// </summary>
/// <param name="secrets">Where the overlay's secrets come from.</param>
/// <param name="open">Opens a store by reference.</param>
/// <param name="clock">The clock of expressions in linked services.</param>
public sealed class StorageBlobWatch(SecretReader secrets, Func<BlobReference, IBlobStore> open, TimeProvider clock) : IBlobWatch
{
    private readonly LinkedServiceResolver _resolver = new(secrets, clock);

    /// <inheritdoc/>
    public IWatchedBlobs? Open(FactoryDefinition factory, TriggerDefinition trigger, BlobEventsTrigger detail)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(trigger);
        ArgumentNullException.ThrowIfNull(detail);
        if ((factory.Overlay.TriggerLinkedServices.GetValueOrDefault(trigger.Name) ?? FindByAccount(factory, detail.Scope)) is not { } name)
        {
            return null;
        }

        var service = _resolver.Resolve(factory, new ResourceReference(name, "LinkedServiceReference"));
        return new StoredBlobs(open(StorageReferences.Refer(factory, service, detail.PathBeginsWith + "_")));
    }

    private static string? FindByAccount(FactoryDefinition factory, string scope)
    {
        var account = scope.TrimEnd('/').Split('/')[^1];
        if (account.Length == 0)
        {
            return null;
        }

        var found = factory.LinkedServices.Values.Where(service => Mentions(service.Source, account)).Take(2).ToArray();
        return found.Length == 1 ? found[0].Name : null;
    }

    // What the author wrote still says the account where the overlay has put something else in its place.
    private static bool Mentions(JsonNode? node, string account) => node switch
    {
        JsonObject json => json.Any(member => Mentions(member.Value, account)),
        JsonArray array => array.Any(entry => Mentions(entry, account)),
        JsonValue value => value.AsText() is { } text
            && (text.Contains($"AccountName={account};", StringComparison.OrdinalIgnoreCase)
                || text.EndsWith($"AccountName={account}", StringComparison.OrdinalIgnoreCase)
                || text.Contains($"://{account}.blob.", StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };

    private sealed class StoredBlobs(IBlobStore store) : IWatchedBlobs
    {
        // In a folder others write as they like; a blob of an account is there when it is whole.
        public bool ShowsWholeBlobs => store is not FolderBlobStore;

        public async IAsyncEnumerable<WatchedBlob> ListAsync(
            string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var blob in store.ListAsync(prefix, cancellationToken))
            {
                yield return new WatchedBlob(blob.Path, blob.SizeInBytes, blob.ETag.Trim('"'), blob.LastModified);
            }
        }

        public IDisposable? Watch(string prefix, Action changed)
        {
            if (store is not FolderBlobStore { Root: var root } || !Directory.Exists(root))
            {
                return null;
            }

            try
            {
                return new FolderWatch(root, changed);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
            {
                // Too many folders are watched already, or the file system tells nothing: listing finds everything.
                return null;
            }
        }
    }

    private sealed class FolderWatch : IDisposable
    {
        private readonly FileSystemWatcher _watcher;

        public FolderWatch(string root, Action changed)
        {
            _watcher = new FileSystemWatcher(root)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            _watcher.Created += (_, _) => changed();
            _watcher.Changed += (_, _) => changed();
            _watcher.Deleted += (_, _) => changed();
            _watcher.Renamed += (_, _) => changed();
            _watcher.EnableRaisingEvents = true;
        }

        public void Dispose() => _watcher.Dispose();
    }
}
