using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Definitions;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>Masks what looks like a secret, since recordings are kept beside the code.</summary>
/// <remarks>
/// By name (a member called <c>password</c>, <c>authorization</c>, ...), by form (keys in connection strings and in addresses,
/// bearer tokens) and by value (the run's secure arguments). What looks like nothing of the kind stays: <c>secureInput</c> and
/// <c>secureOutput</c> are the sure way.
/// </remarks>
internal sealed partial class RecordedSecrets(IReadOnlyCollection<string> values)
{
    // Shorter ones stand by chance in many a text.
    private const int ShortestValue = 4;

    private static readonly HashSet<string> SecretMembers = new(
        [
            "authorization", "x-api-key", "x-functions-key", "api-key", "ocp-apim-subscription-key", "cookie", "set-cookie",
            "access_token", "refresh_token", "id_token", "client_secret", "clientSecret", "secret", "password", "pwd", "passPhrase",
            "apiKey", "accountKey", "accessKey", "sharedAccessKey", "sasToken", "sasBlobToken", "accessToken", "refreshToken",
            "servicePrincipalKey", "functionKey", "connectionString", "privateKey",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly string[] _values = [.. values.Where(value => value.Length >= ShortestValue).OrderByDescending(value => value.Length)];

    /// <summary>Whether <see cref="Mask"/> found anything yet.</summary>
    public bool FoundAny { get; private set; }

    /// <summary>A copy without secrets.</summary>
    public T? Mask<T>(T? node)
        where T : JsonNode => (T?)Copy(node);

    /// <summary>A text without secrets.</summary>
    public string Mask(string text)
    {
        var masked = Pairs().Replace(text, match => match.Groups["name"].Value + SecretValues.Mask);
        masked = Bearer().Replace(masked, match => match.Groups["name"].Value + SecretValues.Mask);
        foreach (var value in _values)
        {
            masked = masked.Replace(value, SecretValues.Mask, StringComparison.Ordinal);
        }

        FoundAny |= masked != text;
        return masked;
    }

    private JsonNode? Copy(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.Select(member => KeyValuePair.Create(
            member.Key,
            SecretMembers.Contains(member.Key) && member.Value is JsonValue ? Hidden() : Copy(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Copy)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(Mask(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    private JsonValue Hidden()
    {
        FoundAny = true;
        return JsonValue.Create(SecretValues.Mask);
    }

    [GeneratedRegex(
        "(?<name>\\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey|Password|Pwd|sig|access_token|client_secret|code|api[_-]?key)=)[^;&\\s\"']+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pairs();

    [GeneratedRegex("(?<name>\\bBearer\\s+)[A-Za-z0-9._~+/=-]{8,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();
}
