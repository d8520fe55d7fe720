using System.Collections.Immutable;

namespace Auspex.Connectors.Http;

/// <summary>Where outgoing calls may go.</summary>
public sealed record OutboundOptions
{
    /// <summary>Host names that may be called, such as <c>example.com</c>, or <c>*.example.com</c> for all below it; empty allows every host.</summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether link-local and cloud metadata addresses may be called; default no.</summary>
    public bool AllowLinkLocal { get; init; }

    /// <summary>Whether the system's proxy is used; default no, since a proxy resolves names where they cannot be checked.</summary>
    public bool UseProxy { get; init; }
}
