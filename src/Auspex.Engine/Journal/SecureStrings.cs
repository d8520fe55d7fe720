using System.Text.Json.Nodes;

namespace Auspex.Engine.Journal;

/// <summary>Finds and masks <c>{"type": "SecureString", "value": "..."}</c>.</summary>
internal static class SecureStrings
{
    /// <summary>What people see in place of a secret, as Data Factory shows it.</summary>
    public const string Mask = "**********";

    public static bool Contains(JsonNode? node) => node switch
    {
        JsonObject obj => IsSecureString(obj) || ContainsIn(obj),
        JsonArray array => array.Any(Contains),
        _ => false,
    };

    /// <summary>Replaces the secrets in a tree that belongs to the caller.</summary>
    public static void MaskAll(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject obj when IsSecureString(obj):
                foreach (var name in obj.Select(member => member.Key).ToList())
                {
                    if (name.Equals("value", StringComparison.OrdinalIgnoreCase))
                    {
                        obj[name] = Mask;
                    }
                }

                break;
            case JsonObject obj:
                foreach (var (_, value) in obj)
                {
                    MaskAll(value);
                }

                break;
            case JsonArray array:
                foreach (var element in array)
                {
                    MaskAll(element);
                }

                break;
        }
    }

    private static bool ContainsIn(JsonObject obj)
    {
        foreach (var (_, value) in obj)
        {
            if (value is JsonObject or JsonArray && Contains(value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSecureString(JsonObject obj)
    {
        foreach (var (name, value) in obj)
        {
            if (name.Equals("type", StringComparison.OrdinalIgnoreCase)
                && value is JsonValue text
                && text.TryGetValue<string>(out var type)
                && type.Equals("SecureString", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
