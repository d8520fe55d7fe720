using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Experiments.Import;

/// <summary>
/// A New web service's definition (<c>Microsoft.MachineLearning/webServices</c>) in one spelling: files and clients write its
/// members in any case, and parameter values as text or as <c>{value, certificateThumbprint}</c>.
/// </summary>
public static class ServiceDefinition
{
    private static readonly Shape Any = new([]);
    private static readonly Shape Location = new(new() { ["uri"] = Any, ["credentials"] = Any });
    private static readonly Shape Ports = new([]) { Values = new Shape(new() { ["type"] = Any }) };
    private static readonly Shape Value = new(new() { ["value"] = Any, ["certificateThumbprint"] = Any });
    private static readonly Shape Values = new([]) { Values = Value };

    private static readonly Shape Column = new(new()
    {
        ["type"] = Any,
        ["format"] = Any,
        ["enum"] = Any,
        ["x-ms-isnullable"] = Any,
        ["x-ms-isordered"] = Any,
    });

    private static readonly Shape Table = new(new()
    {
        ["title"] = Any,
        ["description"] = Any,
        ["type"] = Any,
        ["format"] = Any,
        ["properties"] = new Shape([]) { Values = Column },
    });

    private static readonly Shape Tables = new(new()
    {
        ["title"] = Any,
        ["description"] = Any,
        ["type"] = Any,
        ["properties"] = new Shape([]) { Values = Table },
    });

    private static readonly Shape Asset = new(new()
    {
        ["name"] = Any,
        ["id"] = Any,
        ["type"] = Any,
        ["locationInfo"] = Location,
        ["inputPorts"] = Ports,
        ["outputPorts"] = Ports,
        ["metadata"] = Any,
        ["parameters"] = Any,
    });

    private static readonly Shape Package = new(new()
    {
        ["nodes"] = new Shape([])
        {
            Values = new Shape(new() { ["assetId"] = Any, ["inputId"] = Any, ["outputId"] = Any, ["parameters"] = Values }),
        },
        ["edges"] = new Shape([])
        {
            Items = new Shape(new() { ["sourceNodeId"] = Any, ["sourcePortId"] = Any, ["targetNodeId"] = Any, ["targetPortId"] = Any }),
        },
        ["graphParameters"] = new Shape([])
        {
            Values = new Shape(new()
            {
                ["description"] = Any,
                ["type"] = Any,
                ["links"] = new Shape([]) { Items = new Shape(new() { ["nodeId"] = Any, ["parameterKey"] = Any }) },
            }),
        },
    });

    private static readonly Shape Properties = new(new()
    {
        ["packageType"] = Any,
        ["title"] = Any,
        ["description"] = Any,
        ["createdOn"] = Any,
        ["modifiedOn"] = Any,
        ["provisioningState"] = Any,
        ["keys"] = new Shape(new() { ["primary"] = Any, ["secondary"] = Any }),
        ["readOnly"] = Any,
        ["swaggerLocation"] = Any,
        ["exposeSampleData"] = Any,
        ["realtimeConfiguration"] = new Shape(new() { ["maxConcurrentCalls"] = Any }),
        ["diagnostics"] = new Shape(new() { ["level"] = Any, ["expiry"] = Any }),
        ["storageAccount"] = new Shape(new() { ["name"] = Any, ["key"] = Any }),
        ["machineLearningWorkspace"] = new Shape(new() { ["id"] = Any }),
        ["commitmentPlan"] = new Shape(new() { ["id"] = Any }),
        ["input"] = Tables,
        ["output"] = Tables,
        ["exampleRequest"] = new Shape(new() { ["inputs"] = Any, ["globalParameters"] = Any }),
        ["assets"] = new Shape([]) { Values = Asset },
        ["parameters"] = Values,
        ["payloadsInBlobStorage"] = Any,
        ["payloadsLocation"] = Location,
        ["package"] = Package,
    });

    /// <summary>A copy of a definition's <c>properties</c> with every member that is known in its own spelling.</summary>
    public static JsonObject Normalize(JsonObject properties) => (JsonObject)Properties.Normalize(properties)!;

    /// <summary>
    /// A parameter's value: text, the <c>value</c> of an object, or text that a client took apart into an object of characters
    /// by index; null when there is none.
    /// </summary>
    public static string? TextOf(JsonNode? value) => value switch
    {
        null => null,
        JsonObject json when json.MemberName("value") is not null => TextOf(json.Member("value")),
        JsonObject json => Join(json),
        JsonValue when value.GetValueKind() is JsonValueKind.True => "True",
        JsonValue when value.GetValueKind() is JsonValueKind.False => "False",
        _ => value.AsText(),
    };

    /// <summary>Whether a parameter's value is encrypted for a certificate that nobody here has.</summary>
    public static bool IsEncrypted(JsonNode? value) =>
        value is JsonObject json && json.TextMember("certificateThumbprint") is { Length: > 0 };

    private static string? Join(JsonObject json)
    {
        var text = new StringBuilder();
        for (var i = 0; i < json.Count; i++)
        {
            if (json[i.ToString(System.Globalization.CultureInfo.InvariantCulture)].AsText() is not { } character)
            {
                return null;
            }

            text.Append(character);
        }

        return text.ToString();
    }

    private sealed class Shape(Dictionary<string, Shape> members)
    {
        private readonly FrozenDictionary<string, KeyValuePair<string, Shape>> _members =
            members.ToFrozenDictionary(member => member.Key, member => member, StringComparer.OrdinalIgnoreCase);

        /// <summary>What each member of a map looks like.</summary>
        public Shape? Values { get; init; }

        /// <summary>What each element of an array looks like.</summary>
        public Shape? Items { get; init; }

        public JsonNode? Normalize(JsonNode? node)
        {
            switch (node)
            {
                case JsonArray array when Items is not null:
                    return new JsonArray([.. array.Select(Items.Normalize)]);
                case JsonObject json when this != Any:
                    var copy = new JsonObject();
                    foreach (var (name, value) in json)
                    {
                        var isKnown = _members.TryGetValue(name, out var known);
                        var shape = isKnown ? known.Value : Values ?? Any;
                        copy[isKnown ? known.Key : name] = shape.Normalize(value);
                    }

                    return copy;
                default:
                    return node?.DeepClone();
            }
        }
    }
}
