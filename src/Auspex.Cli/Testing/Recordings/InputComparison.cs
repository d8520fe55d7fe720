using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Cli.Testing.Checking;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>Compares an input with the recorded one: everything must be there on both sides and equal.</summary>
/// <remarks>
/// Two things may differ since they are made anew in every run: times that lie within seconds of each other
/// (<c>utcNow()</c>), and ids that no definition holds (<c>guid()</c>).
/// </remarks>
internal sealed partial class InputComparison(string definitions)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>Lines such as <c>$.url: found "a", recorded "b"</c>; empty when they are equal.</summary>
    public List<string> Find(JsonNode? found, JsonNode? recorded)
    {
        var differences = new List<string>();
        Compare(found, recorded, "$", differences);
        return differences;
    }

    private void Compare(JsonNode? found, JsonNode? recorded, string path, List<string> differences)
    {
        switch (found, recorded)
        {
            case (JsonObject now, JsonObject then):
                foreach (var name in now.Select(member => member.Key).Union(then.Select(member => member.Key)))
                {
                    var at = $"{path}.{name}";
                    if (!then.ContainsKey(name))
                    {
                        differences.Add($"{at}: found {JsonDifference.Show(now[name])}, recorded nothing");
                    }
                    else if (!now.ContainsKey(name))
                    {
                        differences.Add($"{at}: found nothing, recorded {JsonDifference.Show(then[name])}");
                    }
                    else
                    {
                        Compare(now[name], then[name], at, differences);
                    }
                }

                break;
            case (JsonArray now, JsonArray then) when now.Count == then.Count:
                for (var index = 0; index < now.Count; index++)
                {
                    Compare(now[index], then[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), differences);
                }

                break;
            default:
                if (!JsonNode.DeepEquals(found, recorded) && !IsMadeAnew(found, recorded))
                {
                    differences.Add($"{path}: found {JsonDifference.Show(found)}, recorded {JsonDifference.Show(recorded)}");
                }

                break;
        }
    }

    private bool IsMadeAnew(JsonNode? found, JsonNode? recorded)
    {
        if (found?.GetValueKind() != JsonValueKind.String || recorded?.GetValueKind() != JsonValueKind.String)
        {
            return false;
        }

        var (now, then) = (found.GetValue<string>(), recorded.GetValue<string>());
        var (nowParts, thenParts) = (Volatile().Matches(now), Volatile().Matches(then));
        if (nowParts.Count != thenParts.Count || nowParts.Count == 0 || Volatile().Replace(now, "\0") != Volatile().Replace(then, "\0"))
        {
            return false;
        }

        return nowParts.Zip(thenParts).All(pair => pair.First.Value == pair.Second.Value || MayDiffer(pair.First.Value, pair.Second.Value));
    }

    private bool MayDiffer(string found, string recorded) => IsTime(found, out var now) && IsTime(recorded, out var then)
        ? (now - then).Duration() <= Tolerance
        : Guid.TryParse(found, out _) && Guid.TryParse(recorded, out _) && !definitions.Contains(found, StringComparison.OrdinalIgnoreCase);

    private static bool IsTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    [GeneratedRegex(
        "\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?(?:Z|[+-]\\d{2}:\\d{2})?|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Volatile();
}
