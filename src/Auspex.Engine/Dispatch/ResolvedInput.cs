using System.Text.Json.Nodes;

namespace Auspex.Engine.Dispatch;

/// <summary>An activity's input with every expression evaluated: what the journal keeps and an executor gets.</summary>
/// <param name="TypeProperties">The evaluated <c>typeProperties</c>.</param>
/// <param name="LinkedServiceParameters">The evaluated arguments of the linked service; null when there are none.</param>
/// <param name="UserProperties">The evaluated user properties by name; null when there are none.</param>
internal sealed record ResolvedInput(
    JsonObject TypeProperties,
    JsonObject? LinkedServiceParameters = null,
    JsonObject? UserProperties = null)
{
    private const string TypePropertiesMember = "typeProperties";
    private const string LinkedServiceMember = "linkedServiceParameters";
    private const string UserPropertiesMember = "userProperties";

    public JsonObject ToJson()
    {
        var json = new JsonObject { [TypePropertiesMember] = TypeProperties };
        if (LinkedServiceParameters is not null)
        {
            json[LinkedServiceMember] = LinkedServiceParameters;
        }

        if (UserProperties is not null)
        {
            json[UserPropertiesMember] = UserProperties;
        }

        return json;
    }

    public static ResolvedInput FromJson(JsonObject json) => new(
        Take(json, TypePropertiesMember) ?? [],
        Take(json, LinkedServiceMember),
        Take(json, UserPropertiesMember));

    private static JsonObject? Take(JsonObject json, string member)
    {
        var value = json[member] as JsonObject;
        json.Remove(member);
        return value;
    }
}
