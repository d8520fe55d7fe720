using Auspex.Connectors.Files;
using Auspex.Errors;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>The parts of a storage connection string. Not a record: nothing may print it.</summary>
internal sealed class StorageConnection
{
    private const string EmulatorAccount = "devstoreaccount1";

    // The emulator's published key, the same on every machine.
    private const string EmulatorKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private StorageConnection(Uri endpoint, string? account, string? key, string? sas) =>
        (Endpoint, Account, Key, Sas) = (endpoint, account, key, sas);

    /// <summary>The blob service, without a slash at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>The account's name; null when only a token is given.</summary>
    public string? Account { get; }

    /// <summary>The account's key in base64; null when only a token is given. A secret.</summary>
    public string? Key { get; }

    /// <summary>The token without its question mark; null when there is a key, or when access is public. A secret.</summary>
    public string? Sas { get; }

    /// <summary>The folder of a <c>FileRoot=</c> connection string; null for any other.</summary>
    public static string? FolderOf(string connectionString)
    {
        var trimmed = connectionString.Trim();
        var prefix = FolderBlobStore.ConnectionKey + "=";
        return trimmed.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? trimmed[prefix.Length..].TrimEnd(';') : null;
    }

    /// <summary>Reads an Azure storage connection string.</summary>
    /// <exception cref="BlobStoreException">A part is missing or malformed; the message names the part, not its value.</exception>
    public static StorageConnection Parse(string connectionString)
    {
        var parts = Split(connectionString);
        if (parts.TryGetValue("UseDevelopmentStorage", out var emulator) && emulator.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            var host = parts.TryGetValue("DevelopmentStorageProxyUri", out var proxy) && proxy.Length > 0 ? proxy : "http://127.0.0.1";
            return new StorageConnection(
                ParseEndpoint(host.TrimEnd('/') + $":10000/{EmulatorAccount}", "DevelopmentStorageProxyUri"), EmulatorAccount, EmulatorKey, null);
        }

        parts.TryGetValue("AccountName", out var account);
        parts.TryGetValue("AccountKey", out var key);
        parts.TryGetValue("SharedAccessSignature", out var sas);
        var endpoint = parts.TryGetValue("BlobEndpoint", out var given) && given.Length > 0
            ? ParseEndpoint(given, "BlobEndpoint")
            : DefaultEndpoint(parts, account);

        if (string.IsNullOrEmpty(key))
        {
            return new StorageConnection(endpoint, account, null, sas?.TrimStart('?'));
        }

        if (string.IsNullOrEmpty(account))
        {
            throw Invalid("AccountKey stands without AccountName; give both");
        }

        return Convert.TryFromBase64String(key, new byte[key.Length], out _)
            ? new StorageConnection(endpoint, account, key, null)
            : throw Invalid("AccountKey is no base64; copy the key again");
    }

    /// <summary>A service that is reached by address and token.</summary>
    /// <exception cref="BlobStoreException">It is no http or https address.</exception>
    public static StorageConnection Of(string baseLocation, string? sas) =>
        new(ParseEndpoint(baseLocation, "BaseLocation"), null, null, string.IsNullOrEmpty(sas) ? null : sas.TrimStart('?'));

    private static Uri DefaultEndpoint(Dictionary<string, string> parts, string? account)
    {
        if (string.IsNullOrEmpty(account))
        {
            throw Invalid("neither BlobEndpoint nor AccountName is given; expected one of them, or UseDevelopmentStorage=true, or FileRoot=FOLDER");
        }

        var protocol = parts.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        var suffix = parts.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return ParseEndpoint($"{protocol}://{account}.blob.{suffix}", "AccountName, DefaultEndpointsProtocol or EndpointSuffix");
    }

    private static Uri ParseEndpoint(string text, string part) =>
        Uri.TryCreate(text.Trim().TrimEnd('/'), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.Query.Length == 0
        && uri.UserInfo.Length == 0
            ? uri
            : throw Invalid($"{part} gives no http or https address without query");

    private static Dictionary<string, string> Split(string connectionString)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Invalid("a part of it is not of the form Key=Value");
            }

            parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        return parts;
    }

    private static BlobStoreException Invalid(string why) => new(
        ErrorCode.BlobReferenceInvalid, BlobError.Invalid, $"The storage connection string is malformed: {why}.");
}
