using System.Text.Json.Nodes;

namespace Auspex.Engine.Dispatch;

/// <summary>An activity's input with every expression evaluated: what the journal keeps and an executor gets.</summary>
/// <param name="TypeProperties">The evaluated <c>typeProperties</c>.</param>
/// <param name="LinkedServiceParameters">The evaluated arguments of the linked service; null when there are none.</param>
/// <param name="UserProperties">The evaluated user properties by name; null when there are none.</param>
/// <param name="Inputs">The evaluated references of <c>inputs</c>; null when there are none.</param>
/// <param name="Outputs">The evaluated references of <c>outputs</c>; null when there are none.</param>
internal sealed record ResolvedInput(
    JsonObject TypeProperties,
    JsonObject? LinkedServiceParameters = null,
    JsonObject? UserProperties = null,
    JsonArray? Inputs = null,
    JsonArray? Outputs = null)
{
    private const string TypePropertiesMember = "typeProperties";
    private const string LinkedServiceMember = "linkedServiceParameters";
    private const string UserPropertiesMember = "userProperties";
    private const string InputsMember = "inputs";
    private const string OutputsMember = "outputs";

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

        if (Inputs is not null)
        {
            json[InputsMember] = Inputs;
        }

        if (Outputs is not null)
        {
            json[OutputsMember] = Outputs;
        }

        return json;
    }

    /// <summary>The references alone, which this gives away; null when there are none.</summary>
    public JsonObject? ReferencesToJson()
    {
        var json = new JsonObject();
        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            (InputsMember, Inputs), (OutputsMember, Outputs), (LinkedServiceMember, LinkedServiceParameters),
        })
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json.Count > 0 ? json : null;
    }

    public static ResolvedInput FromJson(JsonObject json) => new(
        Take<JsonObject>(json, TypePropertiesMember) ?? [],
        Take<JsonObject>(json, LinkedServiceMember),
        Take<JsonObject>(json, UserPropertiesMember),
        Take<JsonArray>(json, InputsMember),
        Take<JsonArray>(json, OutputsMember));

    private static T? Take<T>(JsonObject json, string member)
        where T : JsonNode
    {
        var value = json[member] as T;
        json.Remove(member);
        return value;
    }
}
