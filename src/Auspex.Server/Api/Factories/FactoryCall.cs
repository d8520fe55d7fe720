namespace Auspex.Server.Api.Factories;

/// <summary>A call of the management interface, in either of its two forms.</summary>
/// <param name="Context">The HTTP call.</param>
/// <param name="Factory">The factory's or workspace's name, as the caller or the host name gives it.</param>
/// <param name="Id">Its ARM id as the caller wrote it, from <c>/subscriptions/</c> on.</param>
/// <param name="IsSynapse">Whether the caller speaks the data plane of a Synapse workspace.</param>
internal sealed record FactoryCall(HttpContext Context, string Factory, string Id, bool IsSynapse)
{
    /// <summary>The resource type of the factory; those of its children begin with it.</summary>
    public string Type => IsSynapse ? "Microsoft.Synapse/workspaces" : "Microsoft.DataFactory/factories";

    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>A part of the route; the route must have it.</summary>
    public string Route(string name) => ScoringCall.RouteText(Context, name);

    /// <summary>A query parameter's text; null when it is absent or empty.</summary>
    public string? Query(string name) => Context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A query parameter that is true or false; false when it is absent.</summary>
    /// <exception cref="ServiceErrorException">400: something else.</exception>
    public bool Flag(string name) => Query(name) is not { } text
        ? false
        : bool.TryParse(text, out var value)
            ? value
            : throw FactoryErrors.BadRequest($"The query parameter '{name}' is '{ServiceErrors.Shorten(text)}'; expected true or false.", name);

    /// <summary>The address that the client called, up to the path.</summary>
    public string Authority => $"{Context.Request.Scheme}://{Context.Request.Host}";
}
