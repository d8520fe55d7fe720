using System.Collections.Immutable;
using Auspex.Definitions;

namespace Auspex.Server.WebServices;

/// <summary>A web service as it is kept.</summary>
/// <param name="Id">32 hex.</param>
/// <param name="WorkspaceId">32 hex.</param>
/// <param name="Name">Unique within the workspace: publishing under the same name makes a new version.</param>
/// <param name="Description">Null when there is none.</param>
/// <param name="CreatedAt">When it was first published.</param>
/// <param name="Version">The published version, from 1; each has its own package document.</param>
/// <param name="VersionAt">When that version was published.</param>
/// <param name="DefaultEndpointId">The endpoint that follows every publication.</param>
internal sealed record ServiceDocument(
    string Id,
    string WorkspaceId,
    string Name,
    string? Description,
    DateTimeOffset CreatedAt,
    int Version,
    DateTimeOffset VersionAt,
    string DefaultEndpointId);

/// <summary>An endpoint as it is kept.</summary>
internal sealed record EndpointDocument
{
    /// <summary>32 hex; what scoring addresses bear.</summary>
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    /// <summary><c>default</c>, or lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The service's version that it serves; null for the default endpoint, which follows the service, unless it was sent back to an
    /// earlier version.
    /// </summary>
    public int? Version { get; init; }

    /// <summary>When its model was fixed.</summary>
    public required DateTimeOffset VersionAt { get; init; }

    /// <summary>Models put in place of published ones by Update Resource.</summary>
    public ImmutableArray<AssetReplacement> Replacements { get; init; } = [];

    /// <summary>Numbers of the model versions that it served before the present one, the last last: what rollbacks go back through.</summary>
    public ImmutableArray<int> ServedBefore { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Numbers of the model versions that score beside the one served in each batch job.</summary>
    public ImmutableArray<int> Challengers { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Encrypted: the management interface hands keys back.</summary>
    public required string PrimaryKey { get; init; }

    public required string SecondaryKey { get; init; }

    /// <summary>What calls are matched by.</summary>
    public required string PrimaryKeyHash { get; init; }

    public required string SecondaryKeyHash { get; init; }

    public int MaxConcurrentCalls { get; init; } = 20;

    public string ThrottleLevel { get; init; } = "Low";

    public string DiagnosticsTraceLevel { get; init; } = "None";

    public bool PreventUpdate { get; init; }

    public bool SampleDataEnabled { get; init; } = true;
}

/// <summary>A saved asset whose bytes an endpoint replaced.</summary>
/// <param name="Kind">Which kind of asset.</param>
/// <param name="Name">The asset's name, such as <c>Income [trained model]</c>.</param>
/// <param name="Artifact">The bytes now in its place.</param>
/// <param name="ReplacedAt">When.</param>
internal sealed record AssetReplacement(AssetKind Kind, string Name, string Artifact, DateTimeOffset ReplacedAt);
