using System.Globalization;
using Auspex.Connectors.ObjectStorage;
using Auspex.Server.Auth;

namespace Auspex.Server.WebServices;

/// <summary>
/// Addresses under which this server hands out single blobs of folder stores, read-only and for a limited time: the
/// counterpart of an Azure SAS. Base, path and token, one after the other, are the address.
/// </summary>
/// <remarks>
/// The token holds folder, path and expiry, encrypted and authenticated, so that nothing is kept here, a restart changes
/// nothing, and no path of the machine is seen.
/// </remarks>
internal sealed class StorageAddresses(SecretProtector protector, TimeProvider clock)
{
    public const string PathPrefix = "/storage/";

    private const string Purpose = "storage address";
    private const string FileRoot = "FileRoot=";

    /// <summary>The folder of a connection string of ours; null for any other.</summary>
    public static string? FindFolder(BlobReference reference) =>
        reference.ConnectionString is { } text
        && text.TrimStart().StartsWith(FileRoot, StringComparison.OrdinalIgnoreCase)
            ? text.Trim()[FileRoot.Length..].TrimEnd(';')
            : null;

    public static BlobReference InFolder(string folder, string path) => new(FileRoot + folder, path, null, null);

    /// <summary>A readable reference to a blob of a folder store.</summary>
    /// <param name="folder">The store's root.</param>
    /// <param name="path">Container and path, without a leading slash.</param>
    /// <param name="server">This server as the caller sees it, without a slash at the end.</param>
    /// <param name="validity">How long it can be read.</param>
    public BlobReference Sign(string folder, string path, string server, TimeSpan validity)
    {
        var end = clock.GetUtcNow() + validity;
        var expiry = end.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var signature = protector.ProtectForUrl(
            Purpose, string.Create(CultureInfo.InvariantCulture, $"{end.UtcTicks}\n{folder}\n{path}"));
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        return new BlobReference(
            null, escaped, server + PathPrefix, $"?se={Uri.EscapeDataString(expiry)}&sp=r&sig={signature}");
    }

    /// <summary>The blob that an address means, in its folder; null when it is not ours, was changed, or has expired.</summary>
    /// <param name="path">Unescaped, without a leading slash.</param>
    /// <param name="signature">The address's <c>sig</c>.</param>
    public BlobReference? Open(string path, string signature)
    {
        var parts = protector.TryUnprotectFromUrl(Purpose, signature)?.Split('\n');
        return parts is [var ticks, var folder, var signedPath]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            && end > clock.GetUtcNow().UtcTicks
            && signedPath == path
                ? InFolder(folder, path)
                : null;
    }

    /// <summary>The blob in its folder, when a reference is an address that this server signed; null for any other.</summary>
    public BlobReference? TryOpen(BlobReference reference)
    {
        if (reference.ConnectionString is { Length: > 0 }
            || reference.BaseLocation is not { } address
            || reference.RelativeLocation is not { } relative
            || reference.SasBlobToken is not { } token
            || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || !(uri.AbsolutePath.TrimEnd('/') + "/").Equals(PathPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var signature = token.TrimStart('?').Split('&')
            .FirstOrDefault(part => part.StartsWith("sig=", StringComparison.Ordinal))?[4..];
        return signature is null ? null : Open(Uri.UnescapeDataString(relative.TrimStart('/')), signature);
    }
}
