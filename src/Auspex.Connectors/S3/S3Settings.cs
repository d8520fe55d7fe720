using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.S3;

/// <summary>How to reach Amazon S3, or what speaks its protocol. Not a record: nothing may print it.</summary>
public sealed class S3Settings
{
    /// <summary>The key of the connection string that names such a service.</summary>
    public const string ConnectionKey = "S3";

    private const string Amazon = "amazonaws.com";

    /// <summary>The service's address; null for Amazon's own.</summary>
    public Uri? ServiceUrl { get; init; }

    /// <summary>The id of the access key.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>The access key. A secret.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>The token of temporary credentials; null for lasting ones. A secret.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Whether the bucket stands in the path of addresses instead of the host.</summary>
    public bool ForcePathStyle { get; init; }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="BlobStoreException">A part is missing or malformed; the message names the part, not its value.</exception>
    public static S3Settings Parse(string connectionString)
    {
        var parts = ConnectionText.Read(connectionString, ConnectionKey);
        var service = parts.GetValueOrDefault(ConnectionKey, "").Trim();
        Uri? url = null;
        if (!service.Equals(Amazon, StringComparison.OrdinalIgnoreCase)
            && !(Uri.TryCreate(service, UriKind.Absolute, out url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0))
        {
            throw ConnectionText.Invalid(ConnectionKey, $"the serviceUrl is no http or https address; for Amazon's own leave it out");
        }

        return new S3Settings
        {
            ServiceUrl = url,
            AccessKeyId = parts.GetValueOrDefault("AccessKeyId") ?? throw ConnectionText.Invalid(ConnectionKey, "no AccessKeyId is given"),
            SecretAccessKey = parts.GetValueOrDefault("SecretAccessKey")
                ?? throw ConnectionText.Invalid(ConnectionKey, "no SecretAccessKey is given"),
            SessionToken = parts.GetValueOrDefault("SessionToken"),
            ForcePathStyle = "true".Equals(parts.GetValueOrDefault("ForcePathStyle"), StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>The connection string that <see cref="Parse"/> reads. A secret.</summary>
    /// <param name="serviceUrl">As people write it; null or empty for Amazon's own.</param>
    /// <param name="accessKeyId">The id of the access key.</param>
    /// <param name="secretAccessKey">The access key.</param>
    /// <param name="sessionToken">The token of temporary credentials; null for lasting ones.</param>
    /// <param name="forcePathStyle">Whether the bucket stands in the path.</param>
    public static string ToConnectionString(
        string? serviceUrl, string accessKeyId, string secretAccessKey, string? sessionToken, bool forcePathStyle) => ConnectionText.Write(
        (ConnectionKey, string.IsNullOrWhiteSpace(serviceUrl) ? Amazon : serviceUrl),
        ("AccessKeyId", accessKeyId),
        ("SecretAccessKey", secretAccessKey),
        ("SessionToken", sessionToken),
        ("ForcePathStyle", forcePathStyle ? "true" : null));
}
