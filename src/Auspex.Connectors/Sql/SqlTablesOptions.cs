using System.Collections.Immutable;
using Auspex.Connectors.Http;

namespace Auspex.Connectors.Sql;

/// <summary>What databases may be reached.</summary>
public sealed record SqlTablesOptions
{
    /// <summary>Absolute folders that SQLite files may lie in; none allows no file.</summary>
    public ImmutableArray<string> FileRoots { get; init; } = [];

    /// <summary>Where outgoing connections may go.</summary>
    public OutboundOptions Outbound { get; init; } = new();
}
