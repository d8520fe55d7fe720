using System.Text.Json.Nodes;

namespace Auspex.Activities.LinkedServices;

/// <summary>Reads members the way Data Factory does: the exact name first, else the only one that differs in case alone.</summary>
internal static class JsonMembers
{
    public static JsonNode? Member(this JsonObject json, string name)
    {
        if (json.TryGetPropertyValue(name, out var exact))
        {
            return exact;
        }

        foreach (var (key, value) in json)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Text of a string, or compact JSON of anything else; null for null and empty text.</summary>
    public static string? MemberText(this JsonObject json, string name) => json.Member(name) switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length == 0 ? null : text,
        var other => other.ToJsonString(),
    };

    /// <summary>Removes the member that <see cref="Member"/> would find.</summary>
    public static void RemoveMember(this JsonObject json, string name)
    {
        if (!json.Remove(name))
        {
            var other = json.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key;
            if (other is not null)
            {
                json.Remove(other);
            }
        }
    }
}
