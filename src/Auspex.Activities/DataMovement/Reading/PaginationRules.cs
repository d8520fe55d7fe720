using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Activities.Datasets.Files;
using Auspex.Definitions;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>What to ask a REST service next.</summary>
/// <param name="Address">The address.</param>
/// <param name="Headers">The headers.</param>
internal sealed record PageRequest(string Address, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>How the pages of a REST service follow each other: <c>paginationRules</c> of a source.</summary>
internal sealed partial class PaginationRules
{
    private const string Query = "QueryParameters.";
    private const string Header = "Headers.";
    private const string End = "EndCondition:";

    private readonly List<(string Key, string Value)> _rules = [];
    private readonly List<(string Path, string Value)> _ends = [];
    private readonly PropertyReader _source;
    private int _mostRequests = int.MaxValue;
    private bool _followsLinks = true;

    private PaginationRules(PropertyReader source) => _source = source;

    /// <summary>Reads the rules; without any there is one page, unless the answer's Link header names a next one.</summary>
    public static PaginationRules Read(JsonObject? json, PropertyReader source)
    {
        var rules = new PaginationRules(source);
        foreach (var (key, node) in json ?? [])
        {
            var value = node.AsText() ?? "";
            switch (key)
            {
                case var _ when key.StartsWith(End, StringComparison.OrdinalIgnoreCase):
                    rules._ends.Add((key[End.Length..], value));
                    break;
                case var _ when key.Equals("MaxRequestNumber", StringComparison.OrdinalIgnoreCase):
                    rules._mostRequests = (int)(node.AsInteger() ?? int.MaxValue);
                    break;
                case var _ when key.Equals("SupportRFC5988", StringComparison.OrdinalIgnoreCase):
                    rules._followsLinks = node.AsBoolean() ?? true;
                    break;
                default:
                    rules._rules.Add((key, value));
                    break;
            }
        }

        return rules;
    }

    /// <summary>The first request: ranges begin in it.</summary>
    public PageRequest First(PageRequest request) => Ranges(request, 0) ?? request;

    /// <summary>The request after a page; null when it was the last.</summary>
    public PageRequest? Next(PageRequest request, int page, JsonNode? body, HttpResponseMessage response)
    {
        if (page + 1 >= _mostRequests || IsEnd(body))
        {
            return null;
        }

        if (_rules.Count == 0)
        {
            return _followsLinks && LinkOf(response) is { } link ? request with { Address = HttpRequests.Join(Base(request.Address), link) } : null;
        }

        var next = request;
        foreach (var (key, value) in _rules.Where(rule => !IsRange(rule.Value)))
        {
            if (ValueOf(value, body, response) is not { Length: > 0 } found)
            {
                return null;
            }

            next = Apply(next, key, found);
        }

        return _rules.Exists(rule => IsRange(rule.Value)) ? Ranges(next, page + 1) : next;
    }

    /// <summary>Whether an <c>EndCondition</c> says that nothing more comes: the page itself holds nothing then.</summary>
    public bool IsEnd(JsonNode? body) => _ends.Exists(end =>
    {
        var found = JsonPath.Parse(end.Path, _source.Activity, _source.At("paginationRules")).Select(body);
        return end.Value.ToUpperInvariant() switch
        {
            "EMPTY" => found is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || found.AsText() is "",
            "NONEXIST" => found is null,
            "EXIST" => found is not null,
            _ => end.Value.StartsWith("Const:", StringComparison.OrdinalIgnoreCase) && found.AsText() == end.Value["Const:".Length..],
        };
    });

    private PageRequest? Ranges(PageRequest request, int page)
    {
        foreach (var (key, value) in _rules.Where(rule => IsRange(rule.Value)))
        {
            var match = Range().Match(value);
            var start = Number(match, 1);
            var step = match.Groups[3].Length == 0 ? 1 : Number(match, 3);
            var at = start + (step * page);
            if (match.Groups[2].Length > 0 && (step >= 0 ? at > Number(match, 2) : at < Number(match, 2)))
            {
                return null;
            }

            request = Apply(request, key, at.ToString(CultureInfo.InvariantCulture));
        }

        return request;
    }

    private PageRequest Apply(PageRequest request, string key, string value)
    {
        if (key.Equals("AbsoluteUrl", StringComparison.OrdinalIgnoreCase))
        {
            return request with { Address = HttpRequests.Join(Base(request.Address), value) };
        }

        if (key.StartsWith(Query, StringComparison.OrdinalIgnoreCase))
        {
            return request with { Address = WithQuery(request.Address, key[Query.Length..].Trim('{', '}'), value) };
        }

        if (key.StartsWith(Header, StringComparison.OrdinalIgnoreCase))
        {
            var name = key[Header.Length..];
            return request with
            {
                Headers =
                [
                    .. request.Headers.Where(header => !header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)),
                    KeyValuePair.Create(name, value),
                ],
            };
        }

        // A name in braces stands in the address itself.
        return request.Address.Contains("{" + key + "}", StringComparison.Ordinal)
            ? request with { Address = request.Address.Replace("{" + key + "}", value, StringComparison.Ordinal) }
            : throw _source.Wrong("paginationRules", "AbsoluteUrl, QueryParameters.NAME, Headers.NAME, EndCondition:PATH, MaxRequestNumber or SupportRFC5988");
    }

    private string? ValueOf(string rule, JsonNode? body, HttpResponseMessage response)
    {
        if (rule.StartsWith(Header, StringComparison.OrdinalIgnoreCase))
        {
            var name = rule[Header.Length..];
            return response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
                ? values.First()
                : null;
        }

        return JsonPath.Parse(rule.StartsWith('$') || rule.StartsWith('[') ? rule : "$." + rule, _source.Activity, _source.At("paginationRules"))
            .Select(body).AsText();
    }

    private static string? LinkOf(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var values))
        {
            return null;
        }

        var match = NextLink().Match(string.Join(",", values));
        return match.Success ? match.Groups[1].Value : null;
    }

    private static string Base(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : address;

    private static string WithQuery(string address, string name, string value)
    {
        var mark = address.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? address : address[..mark];
        var kept = mark < 0 ? [] : address[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => !Uri.UnescapeDataString(part.Split('=')[0]).Equals(name, StringComparison.Ordinal));
        return $"{path}?{string.Join('&', kept.Append($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}"))}";
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static bool IsRange(string value) => Range().IsMatch(value);

    [GeneratedRegex("^RANGE:(-?[0-9]{1,18}):(-?[0-9]{0,18}):(-?[0-9]{0,18})$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Range();

    [GeneratedRegex("<([^>]+)>\\s*;[^,]*rel=\"?next\"?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NextLink();
}
