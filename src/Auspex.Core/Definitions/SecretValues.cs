using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Validation;

namespace Auspex.Definitions;

/// <summary>Finds, hides and restores the secrets that stand in definitions as literals.</summary>
public static class SecretValues
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "**********";

    private const string SecureString = "SecureString";

    /// <summary>Whether a node stands for a secret without holding it.</summary>
    public static bool IsMasked(JsonNode? node) =>
        (IsSecureString(node) ? node!.AsObject().Member("value") : node).AsText() == Mask;

    /// <summary>
    /// The secret that a member of a linked service's <c>typeProperties</c> holds in the clear; null when it holds none.
    /// </summary>
    public static string? Literal(string member, JsonNode? value) =>
        !IsMasked(value) && SecretRules.IsClearSecret(member, value)
            ? (value is JsonObject json ? json.Member("value") : value)!.GetValue<string>()
            : null;

    /// <summary>A node that says that there is a secret.</summary>
    public static JsonObject Masked() => new() { ["type"] = SecureString, ["value"] = Mask };

    /// <summary>
    /// Hides every literal secret of a definition in place: SecureStrings at any depth, defaults of SecureString parameters,
    /// and what a linked service's members hold as plain text.
    /// </summary>
    public static void MaskAll(JsonObject source)
    {
        ArgumentNullException.ThrowIfNull(source);
        MaskNode(source);
        if ((source.ObjectMember("properties") ?? source).ObjectMember("typeProperties") is not { } properties)
        {
            return;
        }

        foreach (var name in properties.Select(entry => entry.Key).ToArray())
        {
            if (properties[name] is JsonValue value && Literal(name, value) is not null)
            {
                properties[name] = Mask;
            }
        }
    }

    /// <summary>
    /// Puts the secrets of an earlier definition where a new one has only their masks: whoever reads a definition and writes
    /// it back changes no secret. Elements of lists are matched by their <c>name</c>, else by position.
    /// </summary>
    public static void Restore(JsonNode? written, JsonNode? earlier)
    {
        switch (written, earlier)
        {
            case (JsonObject now, JsonObject before):
                foreach (var (name, value) in now.ToArray())
                {
                    if (before.Member(name) is not { } old)
                    {
                        continue;
                    }

                    if (value is not null && IsMasked(value) && !IsMasked(old)
                        && (IsSecureString(old) || old.GetValueKind() == JsonValueKind.String))
                    {
                        now[name] = old.DeepClone();
                    }
                    else
                    {
                        Restore(value, old);
                    }
                }

                break;
            case (JsonArray now, JsonArray before):
                for (var index = 0; index < now.Count; index++)
                {
                    Restore(now[index], Counterpart(now[index], index, before));
                }

                break;
        }
    }

    private static JsonNode? Counterpart(JsonNode? element, int index, JsonArray before)
    {
        if (element is JsonObject json && json.TextMember("name") is { } name)
        {
            return before.OfType<JsonObject>().FirstOrDefault(
                candidate => string.Equals(candidate.TextMember("name"), name, StringComparison.OrdinalIgnoreCase));
        }

        return index < before.Count ? before[index] : null;
    }

    private static void MaskNode(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json when IsSecureString(json):
                foreach (var member in (ReadOnlySpan<string>)["value", "defaultValue"])
                {
                    if (json.MemberName(member) is { } name && json[name] is not null)
                    {
                        json[name] = Mask;
                    }
                }

                break;
            case JsonObject json:
                foreach (var (_, value) in json)
                {
                    MaskNode(value);
                }

                break;
            case JsonArray array:
                foreach (var element in array)
                {
                    MaskNode(element);
                }

                break;
        }
    }

    private static bool IsSecureString(JsonNode? node) =>
        node is JsonObject json && string.Equals(json.TextMember("type"), SecureString, StringComparison.OrdinalIgnoreCase);
}
