using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Definitions.Validation;

/// <summary>Values written out whose type is right and with which the activity fails all the same.</summary>
internal static class LiteralRules
{
    public static void Check(ActivityPlace place, DefinitionReport report)
    {
        var properties = place.Activity.TypeProperties;
        if (place.Is("Wait") && properties.IntegerMember("waitTimeInSeconds") is < 0 and var seconds)
        {
            report.Add(
                ErrorCode.UnknownValue,
                DiagnosticSeverity.Error,
                properties,
                "waitTimeInSeconds",
                string.Create(CultureInfo.InvariantCulture, $"Found {seconds} for 'waitTimeInSeconds', expected a whole number of seconds, 0 or more."));
        }

        if ((place.Is("WebActivity") || place.Is("WebHook")) && Literal(properties.Member("url")) is { } url && !IsWebAddress(url))
        {
            // Addresses hold keys: no more than how it begins is shown.
            var scheme = url.IndexOf("://", StringComparison.Ordinal);
            var found = scheme is > 0 and < 12 ? $"an address that begins with {url[..(scheme + 3)]}" : "an address without http:// or https://";
            report.Add(
                ErrorCode.UnknownValue,
                DiagnosticSeverity.Error,
                properties,
                "url",
                $"Found {found} for 'url', expected one that begins with https:// or http://.");
        }
    }

    private static bool IsWebAddress(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>A text that stands for itself; null for expressions, templates' placeholders, and nothing.</summary>
    private static string? Literal(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Trim() is { Length: > 0 } text
        && !ExpressionParser.IsExpression(text) && !ArmText.IsExpression(text)
            ? text
            : null;
}
