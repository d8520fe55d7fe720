using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Auspex.Cli.Testing.Checking;

/// <summary>Compares what was found with what a test expects of it, and says where they differ.</summary>
/// <remarks>
/// An expected object names the members that must be there; others may be. Everything else must be equal, numbers by value.
/// An object of one member that begins with a dollar sign asks for less: <c>{"$any": true}</c>, <c>{"$absent": true}</c>,
/// <c>{"$contains": "text"}</c>, <c>{"$matches": "regular expression"}</c>, <c>{"$count": 3}</c>.
/// </remarks>
internal static class JsonDifference
{
    private const int MostDifferences = 12;
    private const int LongestText = 160;

    private static readonly JsonSerializerOptions ForPeople = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Lines such as <c>$.rows: found 3, expected 4</c>; empty when all is as expected.</summary>
    public static List<string> Find(JsonNode? expected, JsonNode? found)
    {
        var differences = new List<string>();
        Compare(expected, found, "$", differences);
        if (differences.Count > MostDifferences)
        {
            var more = differences.Count - MostDifferences;
            differences.RemoveRange(MostDifferences, more);
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"and {more} more differences"));
        }

        return differences;
    }

    /// <summary>Whether all is as expected.</summary>
    public static bool Fits(JsonNode? expected, JsonNode? found)
    {
        var differences = new List<string>();
        Compare(expected, found, "$", differences);
        return differences.Count == 0;
    }

    /// <summary>A value as a message shows it, shortened where it is long.</summary>
    public static string Show(JsonNode? value)
    {
        var text = value is null ? "null" : value.ToJsonString(ForPeople);
        return text.Length <= LongestText ? text : text[..LongestText] + "...";
    }

    private static void Compare(JsonNode? expected, JsonNode? found, string path, List<string> differences)
    {
        if (expected is JsonObject { Count: 1 } single && single.First() is { Key: ['$', ..] and var name, Value: var operand }
            && Matcher(name, operand, found) is { } matched)
        {
            if (!matched.Holds)
            {
                differences.Add($"{path}: found {Show(found)}, expected {matched.Expected}");
            }

            return;
        }

        switch (expected, found)
        {
            case (JsonObject wanted, JsonObject given):
                foreach (var (member, value) in wanted)
                {
                    CompareMember(value, given, member, path, differences);
                }

                break;
            case (JsonArray wanted, JsonArray given):
                if (wanted.Count != given.Count)
                {
                    differences.Add(string.Create(CultureInfo.InvariantCulture,
                        $"{path}: found {given.Count} elements, expected {wanted.Count}: found {Show(given)}"));
                    break;
                }

                for (var index = 0; index < wanted.Count; index++)
                {
                    Compare(wanted[index], given[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), differences);
                }

                break;
            default:
                if (!AreEqual(expected, found))
                {
                    differences.Add($"{path}: found {Show(found)}, expected {Show(expected)}");
                }

                break;
        }
    }

    private static void CompareMember(JsonNode? expected, JsonObject found, string member, string path, List<string> differences)
    {
        var at = member.All(character => char.IsLetterOrDigit(character) || character is '_' or '-') ? $"{path}.{member}" : $"{path}['{member}']";
        if (expected is JsonObject { Count: 1 } absent && absent["$absent"] is JsonValue)
        {
            if (found.ContainsKey(member))
            {
                differences.Add($"{at}: found {Show(found[member])}, expected no such member");
            }
        }
        else if (found.TryGetPropertyValue(member, out var value))
        {
            Compare(expected, value, at, differences);
        }
        else
        {
            var there = found.Count == 0 ? "it has no members" : $"there are {string.Join(", ", found.Select(entry => entry.Key).Take(12))}";
            differences.Add($"{at}: found nothing, expected {Show(expected)} ({there})");
        }
    }

    private static (bool Holds, string Expected)? Matcher(string name, JsonNode? operand, JsonNode? found) => (name, operand) switch
    {
        ("$any", JsonValue) => (true, ""),
        ("$absent", JsonValue) => (found is null, "nothing"),
        ("$contains", JsonValue part) when Text(part) is { } text => found switch
        {
            JsonValue value => (Text(value)?.Contains(text, StringComparison.Ordinal) == true, $"text that contains '{text}'"),
            JsonArray elements => (elements.Any(element => Fits(part, element)), $"an element '{text}'"),
            _ => (false, $"text that contains '{text}'"),
        },
        ("$matches", JsonValue pattern) when Text(pattern) is { } text => (
            found is JsonValue value && Text(value) is { } given
                && Regex.IsMatch(given, text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            $"text that matches '{text}'"),
        ("$count", JsonValue number) when number.GetValueKind() == JsonValueKind.Number => (
            found is JsonArray elements && AreEqual(number, JsonValue.Create(elements.Count)), $"{number.ToJsonString()} elements"),
        _ => null,
    };

    private static string? Text(JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        if (left is not JsonValue || right is not JsonValue)
        {
            return JsonNode.DeepEquals(left, right);
        }

        return (left.GetValueKind(), right.GetValueKind()) is (JsonValueKind.Number, JsonValueKind.Number)
            ? NumbersAreEqual(left.ToJsonString(), right.ToJsonString())
            : JsonNode.DeepEquals(left, right);
    }

    private static bool NumbersAreEqual(string left, string right)
    {
        const NumberStyles Style = NumberStyles.Float;
        return decimal.TryParse(left, Style, CultureInfo.InvariantCulture, out var first)
            && decimal.TryParse(right, Style, CultureInfo.InvariantCulture, out var second)
                ? first == second
                : double.Parse(left, Style, CultureInfo.InvariantCulture).Equals(double.Parse(right, Style, CultureInfo.InvariantCulture));
    }
}
