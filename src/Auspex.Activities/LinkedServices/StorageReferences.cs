using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary>Turns a storage linked service and a path into the blob reference that goes over the wire.</summary>
internal static class StorageReferences
{
    /// <summary>References <c>container/path</c> in the account, container or folder of a linked service.</summary>
    /// <exception cref="ActivityException">The linked service is no blob storage, or lacks what opens it.</exception>
    public static BlobReference Refer(FactoryDefinition factory, ResolvedLinkedService service, string path)
    {
        var relative = path.TrimStart('/');
        return service.Type.ToUpperInvariant() switch
        {
            "AZURESTORAGE" or "AZUREBLOBSTORAGE" => ReferAzure(service, relative),
            "AZUREBLOBFS" => ReferLake(service, relative),
            "FILESERVER" or "ONPREMISESFILESERVER" => new BlobReference(
                "FileRoot=" + Folder(factory, service), relative, null, null),
            _ => throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2110",
                $"The linked service type '{service.Type}' of '{service.Name}' is not supported as a store of files here; "
                + "expected AzureBlobStorage, AzureStorage, AzureBlobFS or FileServer, and for data activities also Sftp, AmazonS3 or AmazonS3Compatible. Lay one of them over it in auspex.json.",
                FailureType.UserError),
        };
    }

    private static BlobReference ReferAzure(ResolvedLinkedService service, string relative)
    {
        if (service.Text("connectionString") is { } connectionString)
        {
            var withKey = service.Text("accountKey") is { } key
                && !connectionString.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase)
                    ? connectionString.TrimEnd(';') + ";AccountKey=" + key
                    : connectionString;
            return new BlobReference(withKey, relative, null, null);
        }

        if (service.Text("sasUri") is { } sasUri)
        {
            var query = sasUri.IndexOf('?', StringComparison.Ordinal);
            var address = (query < 0 ? sasUri : sasUri[..query]).TrimEnd('/') + "/";
            var token = service.Text("sasToken") ?? (query < 0 ? "" : sasUri[query..]);
            return WithoutRepeatedContainer(address, relative, token.StartsWith('?') || token.Length == 0 ? token : "?" + token);
        }

        if (service.Text("containerUri") is { } container)
        {
            return WithoutRepeatedContainer(container.TrimEnd('/') + "/", relative, "");
        }

        throw new ActivityException(
            ErrorCode.LinkedServiceUnusable,
            "2106",
            $"Linked service '{service.Name}' ({service.Type}) has neither connectionString nor sasUri; service principals and "
            + "managed identities need Azure. Lay a connectionString, a sasUri or a FileServer over it in auspex.json.",
            FailureType.UserError);
    }

    // Data Lake accounts answer as blob accounts too, under the host that says blob where theirs says dfs.
    private static BlobReference ReferLake(ResolvedLinkedService service, string relative)
    {
        if (service.Text("accountKey") is not { } key)
        {
            return ReferAzure(service, relative);
        }

        var url = service.Required("url").TrimEnd('/').Replace(".dfs.", ".blob.", StringComparison.OrdinalIgnoreCase);
        var account = Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.AbsolutePath.Length > 1
            ? uri.AbsolutePath.Trim('/')
            : uri?.Host.Split('.')[0] ?? "";
        return new BlobReference($"AccountName={account};AccountKey={key};BlobEndpoint={url}", relative, null, null);
    }

    // A SAS for one container has the container in its address already, and filePath names it once more.
    private static BlobReference WithoutRepeatedContainer(string address, string relative, string token)
    {
        var slash = relative.IndexOf('/', StringComparison.Ordinal);
        var container = slash < 0 ? "" : relative[..(slash + 1)];
        var isContainerAddress = container.Length > 0 && address.EndsWith("/" + container, StringComparison.Ordinal);
        return new BlobReference(null, relative, isContainerAddress ? address[..^container.Length] : address, token);
    }

    private static string Folder(FactoryDefinition factory, ResolvedLinkedService service)
    {
        var host = service.Required("host");
        return Path.IsPathRooted(host) || factory.Folder is null ? host : Path.GetFullPath(host, factory.Folder);
    }
}
