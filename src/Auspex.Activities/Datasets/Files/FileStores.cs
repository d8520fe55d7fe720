using System.Collections.Frozen;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.S3;
using Auspex.Connectors.Sftp;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Turns linked services into stores of files. What they are opened with stays in this process: unlike storage accounts, these are never named to web services.</summary>
internal static class FileStores
{
    private static readonly FrozenSet<string> S3Types =
        new[] { "AmazonS3", "AmazonS3Compatible" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether paths begin with a folder, not with a container.</summary>
    public static bool HasNoContainers(ResolvedLinkedService service) =>
        service.Type.Equals("FileServer", StringComparison.OrdinalIgnoreCase)
        || service.Type.Equals("OnPremisesFileServer", StringComparison.OrdinalIgnoreCase)
        || IsSftp(service);

    /// <summary>Whether it is an SSH server, where a path may begin at the root or at the user's own folder.</summary>
    public static bool IsSftp(ResolvedLinkedService service) => service.Type.Equals("Sftp", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the store of a linked service is opened with.</summary>
    /// <param name="factory">Where relative paths begin.</param>
    /// <param name="service">The linked service.</param>
    /// <param name="container">The container that will be used; empty for none.</param>
    /// <param name="isAbsolute">Whether paths of an SSH server begin at its root.</param>
    /// <param name="writeSettings">The store settings of whoever writes; null for reading.</param>
    /// <exception cref="ActivityException">The type is not supported, or a property is missing or means nothing.</exception>
    public static BlobReference Refer(
        FactoryDefinition factory, ResolvedLinkedService service, string container, bool isAbsolute, PropertyReader? writeSettings)
    {
        if (IsSftp(service))
        {
            return new BlobReference(Sftp(factory, service, isAbsolute, writeSettings).ToConnectionString(), null, null, null);
        }

        return S3Types.Contains(service.Type)
            ? new BlobReference(S3(service), null, null, null)
            : StorageReferences.Refer(factory, service, container.Length == 0 ? "" : container + "/");
    }

    private static SftpSettings Sftp(FactoryDefinition factory, ResolvedLinkedService service, bool isAbsolute, PropertyReader? writeSettings)
    {
        var authentication = service.Text("authenticationType") ?? "Basic";
        var (takesPassword, takesKey) = authentication.ToUpperInvariant() switch
        {
            "BASIC" => (true, false),
            "SSHPUBLICKEY" => (false, true),
            "MULTIFACTOR" => (true, true),
            _ => throw Wrong(service, "authenticationType", authentication, "Basic, SshPublicKey or MultiFactor"),
        };
        var port = service.Text("port") ?? "22";
        var keyPath = takesKey && service.Text("privateKeyContent") is null ? service.Required("privateKeyPath") : null;
        return new SftpSettings
        {
            Host = service.Required("host"),
            Port = int.TryParse(port, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue
                ? number
                : throw Wrong(service, "port", port, "a number from 1 to 65535"),
            User = service.Required("userName"),
            Password = takesPassword ? service.Required("password") : null,
            PrivateKey = takesKey ? service.Text("privateKeyContent") : null,
            PrivateKeyPath = keyPath is null || factory.Folder is null ? keyPath : Path.GetFullPath(keyPath, factory.Folder),
            PassPhrase = takesKey ? service.Text("passPhrase") : null,
            HostKey = service.Text("hostKeyFingerprint"),
            SkipHostKeyValidation = "true".Equals(service.Text("skipHostKeyValidation"), StringComparison.OrdinalIgnoreCase),
            Folder = isAbsolute ? "/" : null,
            RenamesTemporaryFile = writeSettings?.Boolean("useTempFileRename", true) ?? true,
            OperationTimeout = writeSettings?.Duration("operationTimeout"),
        };
    }

    private static string S3(ResolvedLinkedService service)
    {
        var isCompatible = service.Type.Equals("AmazonS3Compatible", StringComparison.OrdinalIgnoreCase);
        var authentication = service.Text("authenticationType") ?? "AccessKey";
        var isTemporary = authentication.Equals("TemporarySecurityCredentials", StringComparison.OrdinalIgnoreCase);
        if (!isTemporary && !authentication.Equals("AccessKey", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong(service, "authenticationType", authentication, "AccessKey or TemporarySecurityCredentials");
        }

        var url = isCompatible ? service.Required("serviceUrl") : service.Text("serviceUrl");
        return S3Settings.ToConnectionString(
            url is null || url.Contains("://", StringComparison.Ordinal) ? url : "https://" + url,
            service.Required("accessKeyId"),
            service.Required("secretAccessKey"),
            isTemporary ? service.Required("sessionToken") : null,
            service.Text("forcePathStyle") is { } style ? style.Equals("true", StringComparison.OrdinalIgnoreCase) : isCompatible);
    }

    private static ActivityException Wrong(ResolvedLinkedService service, string property, string found, string expected) => new(
        ErrorCode.LinkedServiceUnusable,
        "2104",
        $"Found '{found}' in '{property}' of linked service '{service.Name}' ({service.Type}); expected {expected}.",
        FailureType.UserError);
}
