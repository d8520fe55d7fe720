
namespace Auspex.Server.Auth;

/// <summary>Takes the credential out of a request.</summary>
internal static class BearerToken
{
    /// <summary>Where clients of the Studio API put the workspace token.</summary>
    public const string StudioHeader = "x-ms-metaanalytics-authorizationtoken";

    private const string Scheme = "bearer";

    /// <summary>The bearer credential, or null. Clients write the scheme in any case and put more than one space after it.</summary>
    public static string? Find(HttpRequest request)
    {
        foreach (var value in request.Headers.Authorization)
        {
            var text = value.AsSpan().Trim();
            if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                && text.Length > Scheme.Length
                && char.IsWhiteSpace(text[Scheme.Length]))
            {
                var token = text[Scheme.Length..].Trim();
                if (!token.IsEmpty)
                {
                    return token.ToString();
                }
            }
        }

        return null;
    }

    /// <summary>The bearer credential, or else the Studio header.</summary>
    public static string? FindOfManagement(HttpRequest request) =>
        Find(request) ?? (request.Headers[StudioHeader].ToString().Trim() is { Length: > 0 } token ? token : null);
}
