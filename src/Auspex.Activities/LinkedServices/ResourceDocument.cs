using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Activities.LinkedServices;

/// <summary>A resource as its file writes it, with other <c>typeProperties</c>.</summary>
internal static class ResourceDocument
{
    /// <summary>Makes <c>{"name", "properties": {"type", "typeProperties", ...}}</c>.</summary>
    public static JsonObject Of(string name, string type, JsonObject source, JsonObject typeProperties)
    {
        var properties = (JsonObject)(source.ObjectMember("properties") ?? []).DeepClone();
        properties[properties.MemberName("type") ?? "type"] = type;
        properties[properties.MemberName("typeProperties") ?? "typeProperties"] = typeProperties;
        return new JsonObject { ["name"] = name, ["properties"] = properties };
    }
}
