using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>What the bodies of linked services, datasets and triggers have in common.</summary>
internal static class ResourceBody
{
    public static string Type(JsonObject body, DefinitionReport report, string what)
    {
        if (body.TextMember("type") is { } type && !string.IsNullOrWhiteSpace(type))
        {
            return type;
        }

        report.Add(
            ErrorCode.MissingMember,
            DiagnosticSeverity.Error,
            body,
            "type",
            $"The {what} has no 'type'. Add the type's name, such as \"AzureBlobStorage\".");
        return string.Empty;
    }

    public static JsonObject TypeProperties(JsonObject body, DefinitionReport report)
    {
        switch (body.Member("typeProperties"))
        {
            case JsonObject json:
                return json;
            case null:
                return [];
            case var node when ArmText.IsExpression(node):
                return [];
            default:
                report.WrongType(body, "typeProperties", "an object");
                return [];
        }
    }
}
