using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Validation;

namespace Auspex.Definitions.Planning;

/// <summary>Differences of two pieces of JSON, as sentences; secrets are told to change and not shown.</summary>
internal static class PlanValues
{
    private const int LongestShown = 80;

    /// <summary>The differences of two values, each with its path seen from them.</summary>
    /// <param name="old">The old value, normalized.</param>
    /// <param name="now">The new value, normalized.</param>
    public static IEnumerable<string> Differences(JsonNode? old, JsonNode? now) => Walk(old, now, string.Empty, isSecret: false);

    /// <summary>A value as a sentence shows it.</summary>
    public static string Show(JsonNode? node)
    {
        if (node is null)
        {
            return "nothing";
        }

        var hidden = Hide(node);
        var text = hidden.GetValueKind() == JsonValueKind.String ? $"'{hidden.GetValue<string>()}'" : hidden.ToJsonString();
        return text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown - 3), "...");
    }

    private static IEnumerable<string> Walk(JsonNode? old, JsonNode? now, string path, bool isSecret)
    {
        var member = path[(path.LastIndexOf('.') + 1)..];
        if (SemanticJson.Text(old, member) == SemanticJson.Text(now, member))
        {
            return [];
        }

        if (isSecret || IsSecure(old) || IsSecure(now))
        {
            return [$"the secret '{path}' {(old is null ? "is added" : now is null ? "is removed" : "changes")} (not shown)"];
        }

        if (old is JsonObject before && now is JsonObject after)
        {
            return before.Select(entry => entry.Key)
                .Concat(after.Select(entry => entry.Key))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .SelectMany(name =>
                {
                    var (left, right) = (before.Member(name), after.Member(name));
                    return Walk(left, right, path.Length == 0 ? name : $"{path}.{name}", IsSecret(name, left) || IsSecret(name, right));
                });
        }

        if (old is JsonArray list && now is JsonArray other && list.Count == other.Count && list.Count <= 50)
        {
            return list.Zip(other).SelectMany((pair, index) => Walk(pair.First, pair.Second, JsonPath.Element(path, index), isSecret: false));
        }

        return
        [
            old is null ? $"'{path}' is added: {Show(now)}"
                : now is null ? $"'{path}' is removed; it was {Show(old)}"
                : Show(old) is var left && Show(now) is var right && left != right ? $"'{path}' changes from {left} to {right}"
                : $"'{path}' changes in what is too long to show, from {Length(old)} to {Length(now)} characters",
        ];
    }

    private static bool IsSecret(string member, JsonNode? value) => value is not null
        && (SecretRules.IsClearSecret(member, value) || (value is JsonValue && SecretRules.IsSecretMember(member) && value.AsExpression() is null));

    private static bool IsSecure(JsonNode? node) =>
        node is JsonObject json && string.Equals(json.TextMember("type"), "SecureString", StringComparison.OrdinalIgnoreCase);

    private static int Length(JsonNode node) => node.AsText()?.Length ?? node.ToJsonString().Length;

    private static JsonNode Hide(JsonNode node)
    {
        switch (node)
        {
            case JsonObject json:
                var copy = new JsonObject();
                foreach (var (name, value) in json)
                {
                    copy[name] = IsSecure(json) && name.Equals("value", StringComparison.OrdinalIgnoreCase) || IsSecret(name, value)
                        ? SecretValues.Mask
                        : value is null ? null : Hide(value);
                }

                return copy;
            case JsonArray array:
                return new JsonArray([.. array.Select(element => element is null ? null : Hide(element))]);
            default:
                return node.DeepClone();
        }
    }
}
