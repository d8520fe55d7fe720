using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Auspex.Server.Api.Factories;

/// <summary>ETags of resources, and what a caller demands of them.</summary>
internal static class EntityTags
{
    /// <summary>The tag of a definition: a text that changes with it.</summary>
    /// <param name="source">The definition as it is kept.</param>
    /// <param name="stamp">What changes with the parts that are not kept in it.</param>
    public static string Of(JsonObject source, string stamp = "") =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(source.ToJsonString() + stamp)).AsSpan(0, 16)).ToString();

    /// <summary>Whether the caller has this very state already: <c>If-None-Match</c>.</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.Count > 0 && Lists(request.Headers.IfNoneMatch.ToString(), tag);

    /// <summary>Checks what the caller demands of a resource before it is written or deleted.</summary>
    /// <param name="request">The call.</param>
    /// <param name="tag">The present state's tag; null when there is none.</param>
    /// <exception cref="ServiceErrorException">412: the resource is not as demanded.</exception>
    public static void Demand(HttpRequest request, string? tag)
    {
        if (request.Headers.IfMatch.Count > 0 && (tag is null || !Lists(request.Headers.IfMatch.ToString(), tag)))
        {
            throw FactoryErrors.PreconditionFailed(tag is null
                ? "The resource does not exist, so that it cannot match 'If-Match'. Leave the header out to create it."
                : "The resource was changed since it was read: its ETag is another than that in 'If-Match'. Read it again.");
        }

        if (request.Headers.IfNoneMatch.Count > 0 && tag is not null && Lists(request.Headers.IfNoneMatch.ToString(), tag))
        {
            throw FactoryErrors.PreconditionFailed("The resource exists, and 'If-None-Match' demands that it does not.");
        }
    }

    private static bool Lists(string header, string tag) => header
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.StartsWith("W/", StringComparison.Ordinal) ? entry[2..] : entry)
        .Any(entry => entry == "*" || entry.Trim('"', '\\') == tag);
}
