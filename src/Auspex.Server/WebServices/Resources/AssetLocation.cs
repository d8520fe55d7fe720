using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Resources;

/// <summary>Where an asset of a New web service lies: <c>locationInfo</c> with a whole address and its credentials.</summary>
internal static class AssetLocation
{
    /// <summary>Reads an address as a blob reference.</summary>
    /// <param name="uri">An http address, or a connection string and a path, parted by the last semicolon.</param>
    /// <param name="credentials">A shared access signature or an account key; null or empty for none.</param>
    /// <param name="asset">The asset's name, for messages.</param>
    /// <exception cref="ServiceErrorException">400: neither form.</exception>
    public static BlobReference Read(string? uri, string? credentials, string asset)
    {
        if (Uri.TryCreate(uri, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return ReadAddress(address, credentials ?? "", asset);
        }

        var semicolon = uri?.LastIndexOf(';') ?? -1;
        if (semicolon <= 0 || !uri!.Contains('=', StringComparison.Ordinal))
        {
            throw ServiceErrors.BadArgument(
                "InvalidBlob", $"locationInfo.uri of asset '{ServiceErrors.Shorten(asset)}' is no http or https address of a blob.", "assets");
        }

        return Checked(new JsonObject { ["ConnectionString"] = uri[..semicolon], ["RelativeLocation"] = uri[(semicolon + 1)..] }, asset);
    }

    private static BlobReference ReadAddress(Uri address, string credentials, string asset)
    {
        var authority = address.GetLeftPart(UriPartial.Authority);
        var path = address.AbsolutePath.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        // A storage emulator has the account as the first part of the path; so have addresses that this server signed.
        var isPathStyle = slash > 0
            && (address.IsLoopback || IPAddress.TryParse(address.Host, out _) || path.StartsWith("storage/", StringComparison.OrdinalIgnoreCase));
        var prefix = isPathStyle ? path[..(slash + 1)] : "";
        var account = isPathStyle ? path[..slash] : address.Host.Split('.')[0];
        path = path[prefix.Length..];
        var token = address.Query.Length > 1 ? address.Query : credentials;
        var isKey = token.Length > 0 && token[0] != '?' && !token.Contains("sig=", StringComparison.Ordinal);
        return Checked(
            isKey
                ? new JsonObject
                {
                    ["ConnectionString"] = $"AccountName={account};AccountKey={token};BlobEndpoint={authority}/{prefix.TrimEnd('/')}",
                    ["RelativeLocation"] = Uri.UnescapeDataString(path),
                }
                : new JsonObject
                {
                    ["BaseLocation"] = $"{authority}/{prefix}",
                    ["RelativeLocation"] = path,
                    ["SasBlobToken"] = token,
                },
            asset);
    }

    private static BlobReference Checked(JsonObject reference, string asset)
    {
        using var json = JsonDocument.Parse(reference.ToJsonString());
        return Batch.BlobReferenceReader.Read(
            json.RootElement, $"asset '{ServiceErrors.Shorten(asset)}'", "MissingInputBlobInformation");
    }

    /// <summary>Assets of type Resource by their key, with their location.</summary>
    public static IEnumerable<(string Key, string Name, string? Uri, string? Credentials)> Resources(JsonObject properties)
    {
        foreach (var (key, value) in properties.ObjectMember("assets") ?? [])
        {
            if (value is JsonObject asset
                && string.Equals(asset.TextMember("type") ?? "Resource", "Resource", StringComparison.OrdinalIgnoreCase))
            {
                var location = asset.ObjectMember("locationInfo") ?? [];
                yield return (key, asset.TextMember("name") ?? key, location.TextMember("uri"), location.TextMember("credentials"));
            }
        }
    }
}
