using System.Collections.Immutable;
using Auspex.Connectors.Http;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>What blob stores may reach, and how.</summary>
public sealed record BlobStoresOptions
{
    /// <summary>Absolute folders that <c>FileRoot=</c> may name; none allows no folder.</summary>
    public ImmutableArray<string> FileRoots { get; init; } = [];

    /// <summary>Where outgoing calls may go.</summary>
    public OutboundOptions Outbound { get; init; } = new();

    /// <summary>How much of a blob is on its way at once.</summary>
    public BlobTransferOptions Transfer { get; init; } = new();
}
