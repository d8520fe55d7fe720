using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Auspex.Engine.ControlFlow;

/// <summary>Finds <c>variables('v')</c> in the expressions of a value.</summary>
internal static partial class SelfReference
{
    public static bool Mentions(JsonNode? value, string variable) => value switch
    {
        JsonObject obj => obj.Any(member => Mentions(member.Value, variable)),
        JsonArray array => array.Any(element => Mentions(element, variable)),
        JsonValue text when text.TryGetValue<string>(out var written) => MentionsIn(written, variable),
        _ => false,
    };

    private static bool MentionsIn(string written, string variable)
    {
        var isExpression = written.StartsWith('@') && !written.StartsWith("@@", StringComparison.Ordinal);
        return (isExpression || written.Contains("@{", StringComparison.Ordinal))
            && Reference().Matches(written).Any(match =>
                match.Groups["name"].Value.Replace("''", "'", StringComparison.Ordinal)
                    .Equals(variable, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"\bvariables\s*\(\s*'(?<name>(?:[^']|'')*)'\s*\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
