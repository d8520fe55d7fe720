using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>The functions of ARM templates that exports of factories and hand-written samples use.</summary>
internal static class ArmFunctions
{
    public static bool TryCall(
        string name,
        List<JsonNode?> arguments,
        ArmScope scope,
        out JsonNode? result,
        out string? problem)
    {
        problem = null;
        var first = arguments.Count > 0 ? arguments[0] : null;
        switch (name.ToUpperInvariant())
        {
            case "PARAMETERS":
                problem = scope.TryParameter(first.AsText() ?? string.Empty, out result)
                    ? null
                    : $"the template's parameter '{first.AsText()}' has no value: neither a default nor one in a parameters file";
                break;
            case "VARIABLES":
                problem = scope.TryVariable(first.AsText() ?? string.Empty, out result)
                    ? null
                    : $"the template's variable '{first.AsText()}' has no value here";
                break;
            case "CONCAT":
                result = Concat(arguments);
                break;
            case "STRING":
                result = first.AsText() ?? first?.ToJsonString();
                break;
            case "TOLOWER":
                result = Lower(first.AsText());
                break;
            case "TOUPPER":
                result = first.AsText()?.ToUpperInvariant();
                break;
            case "REPLACE" when arguments.Count == 3 && arguments[1].AsText() is { Length: > 0 } old:
                result = first.AsText()?.Replace(old, arguments[2].AsText(), StringComparison.Ordinal);
                break;
            case "INT" when first.AsInteger() is { } number:
                result = number;
                break;
            case "BOOL" when first.AsBoolean() is { } boolean:
                result = boolean;
                break;
            case "RESOURCEGROUP":
                result = new JsonObject
                {
                    ["id"] = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/auspex",
                    ["name"] = "auspex",
                    ["location"] = "local",
                };
                break;
            case "SUBSCRIPTION":
                result = new JsonObject { ["subscriptionId"] = "00000000-0000-0000-0000-000000000000" };
                break;
            case "RESOURCEID":
                result = "/" + string.Join('/', arguments.Select(argument => argument.AsText()));
                break;
            case "UNIQUESTRING":
                result = UniqueString(arguments);
                break;
            default:
                result = null;
                problem = $"the template function '{name}' is not one that can be evaluated here";
                break;
        }

        return problem is null;
    }

    private static JsonNode Concat(List<JsonNode?> arguments) =>
        arguments.Count > 0 && arguments.All(argument => argument is JsonArray)
            ? new JsonArray([.. arguments.SelectMany(argument => argument!.AsArray()).Select(element => element?.DeepClone())])
            : JsonValue.Create(string.Concat(arguments.Select(argument => argument.AsText() ?? argument?.ToJsonString())));

    // Azure's own hash is not published; any 13 letters that depend on the arguments alone serve.
    private static string UniqueString(List<JsonNode?> arguments)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', arguments.Select(argument => argument.AsText()))));
        return Lower(Convert.ToHexString(bytes))![..13];
    }

    private static string? Lower(string? text) => text is null ? null : CultureInfo.InvariantCulture.TextInfo.ToLower(text);
}
