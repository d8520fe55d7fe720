using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Opens the places that file datasets and log settings name.</summary>
/// <param name="openBlobStore">Opens blob stores and folders.</param>
/// <param name="http">The client for HTTP servers; it follows the outgoing allow-list.</param>
/// <param name="addresses">Redirects addresses as the overlay says.</param>
/// <param name="clock">The clock.</param>
internal sealed class FilePlaces(
    Func<BlobReference, IBlobStore> openBlobStore, HttpClient http, EndpointAddresses addresses, TimeProvider clock)
{
    /// <summary>The place of a file dataset.</summary>
    /// <param name="attempt">The attempt, for the factory and for messages.</param>
    /// <param name="dataset">A dataset of files.</param>
    /// <param name="readSettings">The store settings of whoever reads; HTTP requests are shaped by them. Null for writing.</param>
    /// <param name="writeSettings">The store settings of whoever writes; null for reading.</param>
    /// <exception cref="ActivityException">The store is not supported, or a part of the location is missing.</exception>
    public FilePlace Open(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader? readSettings, PropertyReader? writeSettings = null)
    {
        var location = dataset.TypeProperties.ObjectMember("location") ?? [];
        if (dataset.Store.Type.Equals("HttpServer", StringComparison.OrdinalIgnoreCase))
        {
            return OpenHttp(attempt, dataset, location, readSettings);
        }

        var container = Clean(location.TextMember("container") ?? location.TextMember("fileSystem") ?? location.TextMember("bucketName"));
        var folder = Clean(location.TextMember("folderPath"));
        var file = Clean(location.TextMember("fileName"));
        var isAbsolute = FileStores.IsSftp(dataset.Store)
            && (location.TextMember("folderPath") ?? readSettings?.Text("wildcardFolderPath") ?? readSettings?.Text("fileListPath") ?? "").StartsWith('/');
        var store = openBlobStore(FileStores.Refer(attempt.Factory, dataset.Store, container, isAbsolute, writeSettings));
        if (container.Length == 0 && folder.Length == 0 && file.Length == 0 && location.Count == 0)
        {
            throw dataset.Wrong("location", "a location with folderPath or fileName");
        }

        if (container.Length == 0 && !FileStores.HasNoContainers(dataset.Store))
        {
            // Some factories write the container as the first part of the folder.
            var slash = folder.IndexOf('/', StringComparison.Ordinal);
            (container, folder) = slash < 0 ? (folder, "") : (folder[..slash], folder[(slash + 1)..]);
        }

        return container.Length == 0 && !FileStores.HasNoContainers(dataset.Store)
            ? throw dataset.Wrong("container", "the name of a container")
            : new FilePlace(store, container, folder, file);
    }

    /// <summary>A folder that settings name by <c>{"linkedServiceName", "path"}</c>, such as those of logs.</summary>
    public FilePlace OpenFolder(ActivityAttempt attempt, ResolvedLinkedService service, string path)
    {
        var clean = Clean(path);
        if (FileStores.HasNoContainers(service))
        {
            return new FilePlace(OpenStore(attempt.Factory, service, "", path.StartsWith('/')), "", clean, "");
        }

        var slash = clean.IndexOf('/', StringComparison.Ordinal);
        var (container, folder) = slash < 0 ? (clean, "") : (clean[..slash], clean[(slash + 1)..]);
        return new FilePlace(OpenStore(attempt.Factory, service, container, false), container, folder, "");
    }

    /// <summary>Opens the store of a linked service.</summary>
    private IBlobStore OpenStore(FactoryDefinition factory, ResolvedLinkedService service, string container, bool isAbsolute) =>
        openBlobStore(FileStores.Refer(factory, service, container, isAbsolute, null));

    private FilePlace OpenHttp(ActivityAttempt attempt, ResolvedDataset dataset, JsonObject location, PropertyReader? readSettings)
    {
        if (readSettings is null)
        {
            throw ActivityFailures.Unsupported(
                $"The linked service type 'HttpServer' of '{dataset.Store.Name}' can be read, not written; expected another store for dataset '{dataset.Name}'.");
        }

        var relative = location.TextMember("relativeUrl") ?? dataset.Text("relativeUrl") ?? "";
        var address = addresses.Redirect(attempt.Factory, HttpRequests.Join(dataset.Store.Required("url"), relative));
        var store = new HttpFileStore(new HttpRequests(http, dataset.Store, clock), address, dataset, readSettings);
        return new FilePlace(store, "", "", store.FileName) { IsSingleFile = true };
    }

    private static string Clean(string? path) => (path ?? "").Replace('\\', '/').Trim().Trim('/');
}
