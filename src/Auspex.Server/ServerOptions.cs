using System.Collections.Immutable;
using Auspex.Experiments.Catalog;

namespace Auspex.Server;

/// <summary>How logs are written, always to standard error.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>A JSON object per line.</summary>
    Json,
}

/// <summary>What a server is started with. Limits of its parts come from the environment and <see cref="Settings"/>.</summary>
public sealed record ServerOptions
{
    /// <summary>Where to listen without being told: loopback only.</summary>
    public const string DefaultUrls = "http://127.0.0.1:5240";

    /// <summary>
    /// Addresses to listen on, separated by semicolons: <c>http://HOST:PORT</c> or <c>https://HOST:PORT</c>, port 0 for any
    /// free one, <c>*</c> as host for all interfaces.
    /// </summary>
    public string Urls { get; init; } = DefaultUrls;

    /// <summary>The folder for everything that is kept, absolute; made when it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The factory's folder, absolute; null for a server without a factory.</summary>
    public string? FactoryFolder { get; init; }

    /// <summary>Which <c>auspex.ENV.json</c> to lay over <c>auspex.json</c>; null for none.</summary>
    public string? EnvironmentName { get; init; }

    /// <summary>The owner token to use from now on; null keeps the present one, or makes one at the first start. A secret.</summary>
    public string? OwnerToken { get; init; }

    /// <summary>Folders that file stores may touch, absolute, besides those of the overlay.</summary>
    public ImmutableArray<string> FileRoots { get; init; } = [];

    /// <summary>How logs are written.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>The least important messages to log.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>A PFX file, or a PEM file with certificate and key, for https; null for a certificate of our own making.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The certificate's password; null when it has none. A secret.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>The subscription in ARM ids that this server writes.</summary>
    public string SubscriptionId { get; init; } = "00000000-0000-0000-0000-000000000000";

    /// <summary>The resource group in ARM ids that this server writes.</summary>
    public string ResourceGroup { get; init; } = "auspex";

    /// <summary>
    /// Settings by key, such as <c>Auspex:WebServices:RequestTimeout</c>; they go before the environment's.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Whether the factory's triggers fire; a server for the time of one run lets them rest.</summary>
    public bool RunsTriggers { get; init; } = true;

    /// <summary>The clock; null for the system's.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The modules that experiments may use; null for all that this build knows.</summary>
    internal ModuleCatalog? Modules { get; init; }
}
