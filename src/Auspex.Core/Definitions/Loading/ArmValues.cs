using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Resolves the ARM expressions in a piece of JSON.</summary>
internal static class ArmValues
{
    /// <summary>
    /// A copy with every expression replaced by its value. One that has no value stays as it is written and is handed to
    /// <paramref name="unresolved"/> with the reason; a reference to a resource whose name is a parameter without a value becomes
    /// a reference to a resource of the parameter's name, so that an overlay can supply it.
    /// </summary>
    public static JsonNode? Resolve(
        JsonNode? node,
        ArmScope scope,
        Action<JsonNode, string> unresolved,
        string? member = null)
    {
        switch (node)
        {
            case JsonObject json:
                var members = new JsonObject();
                foreach (var (name, value) in json)
                {
                    members[name] = Resolve(value, scope, unresolved, name);
                }

                return members;
            case JsonArray array:
                return new JsonArray([.. array.Select(element => Resolve(element, scope, unresolved))]);
            case not null when node.GetValueKind() == JsonValueKind.String:
                return ResolveText(node, node.GetValue<string>(), scope, unresolved, member);
            default:
                return node?.DeepClone();
        }
    }

    private static JsonNode? ResolveText(
        JsonNode node,
        string text,
        ArmScope scope,
        Action<JsonNode, string> unresolved,
        string? member)
    {
        if (!ArmText.IsExpression(text))
        {
            return JsonValue.Create(ArmText.Unescape(text));
        }

        if (new ArmExpression(text, scope).TryEvaluate(out var value, out var problem))
        {
            return value?.DeepClone();
        }

        if (string.Equals(member, "referenceName", StringComparison.OrdinalIgnoreCase)
            && ArmText.OnlyParameter(text) is { } parameter && scope.Declares(parameter))
        {
            return JsonValue.Create(parameter);
        }

        unresolved(node, problem ?? "it is not understood");
        return JsonValue.Create(text);
    }
}
