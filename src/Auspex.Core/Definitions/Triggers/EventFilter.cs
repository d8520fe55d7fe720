using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Triggers;

/// <summary>A condition on a member of an event, in Event Grid's words (<c>advancedFilters</c>).</summary>
/// <param name="Key">The member, such as <c>subject</c> or <c>data.customer.id</c>; names ignore case.</param>
/// <param name="Operator">One of <see cref="Operators"/>.</param>
/// <param name="Values">
/// What the member is compared with; any of them will do, and none of them for the operators with <c>Not</c>. Ranges are arrays of
/// two numbers.
/// </param>
public sealed record EventFilter(string Key, string Operator, ImmutableArray<JsonNode> Values)
{
    /// <summary>The operators by name.</summary>
    public static ImmutableArray<string> Operators { get; } =
    [
        "BoolEquals", "IsNotNull", "IsNullOrUndefined", "NumberGreaterThan", "NumberGreaterThanOrEquals", "NumberIn",
        "NumberInRange", "NumberLessThan", "NumberLessThanOrEquals", "NumberNotIn", "NumberNotInRange", "StringBeginsWith",
        "StringContains", "StringEndsWith", "StringIn", "StringNotBeginsWith", "StringNotContains", "StringNotEndsWith",
        "StringNotIn",
    ];

    /// <summary>
    /// Whether an event passes. Text compares ignoring case; a member that is an array passes when one of its elements does,
    /// for the operators with <c>Not</c> when all do. A member that is absent passes only where its absence is what is asked.
    /// </summary>
    public bool Accepts(JsonObject source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var found = Find(source);
        var isNegative = Operator.Contains("Not", StringComparison.Ordinal) && Operator != "IsNotNull";
        return Operator switch
        {
            "IsNotNull" => found is not null,
            "IsNullOrUndefined" => found is null,
            _ when found is JsonArray several => isNegative
                ? several.All(element => AcceptsOne(element, isNegative))
                : several.Any(element => AcceptsOne(element, isNegative)),
            _ => AcceptsOne(found, isNegative),
        };
    }

    private bool AcceptsOne(JsonNode? found, bool isNegative)
    {
        // Event Grid: a key that is not there, or is of another type, passes what it is only not supposed to be.
        var comparison = Comparison();
        return isNegative ? !Values.Any(value => comparison(found, value)) : Values.Any(value => comparison(found, value));
    }

    private Func<JsonNode?, JsonNode, bool> Comparison() => Operator switch
    {
        "BoolEquals" => static (found, value) => found.AsBoolean() is { } flag && IsOfKind(found, JsonValueKind.True, JsonValueKind.False) && flag == value.AsBoolean(),
        "NumberIn" or "NumberNotIn" => static (found, value) => Compare(found, value) == 0,
        "NumberLessThan" => static (found, value) => Compare(found, value) < 0,
        "NumberLessThanOrEquals" => static (found, value) => Compare(found, value) <= 0,
        "NumberGreaterThan" => static (found, value) => Compare(found, value) > 0,
        "NumberGreaterThanOrEquals" => static (found, value) => Compare(found, value) >= 0,
        "NumberInRange" or "NumberNotInRange" => static (found, value) =>
            value is JsonArray { Count: 2 } range && Compare(found, range[0]) >= 0 && Compare(found, range[1]) <= 0,
        "StringIn" or "StringNotIn" => static (found, value) => Test(found, value, string.Equals),
        "StringBeginsWith" or "StringNotBeginsWith" => static (found, value) => Test(found, value, static (text, part, how) => text.StartsWith(part, how)),
        "StringEndsWith" or "StringNotEndsWith" => static (found, value) => Test(found, value, static (text, part, how) => text.EndsWith(part, how)),
        "StringContains" or "StringNotContains" => static (found, value) => Test(found, value, static (text, part, how) => text.Contains(part, how)),
        _ => static (_, _) => false,
    };

    private static bool Test(JsonNode? found, JsonNode value, Func<string, string, StringComparison, bool> test) =>
        IsOfKind(found, JsonValueKind.String, JsonValueKind.String) && value.AsText() is { } part
        && test(found!.GetValue<string>(), part, StringComparison.OrdinalIgnoreCase);

    private static int? Compare(JsonNode? found, JsonNode? value) =>
        found?.GetValueKind() == JsonValueKind.Number && value?.GetValueKind() == JsonValueKind.Number
            ? Number(found).CompareTo(Number(value))
            : null;

    private static double Number(JsonNode node) =>
        double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsOfKind(JsonNode? node, JsonValueKind one, JsonValueKind other) =>
        node?.GetValueKind() is { } kind && (kind == one || kind == other);

    // Names of members may hold dots themselves: the longest that is there goes first.
    private JsonNode? Find(JsonObject source)
    {
        JsonNode? at = source;
        var rest = Key;
        while (rest.Length > 0)
        {
            if (at is not JsonObject json)
            {
                return null;
            }

            var length = rest.Length;
            while (length > 0 && json.MemberName(rest[..length]) is null)
            {
                length = rest.LastIndexOf('.', length - 1);
            }

            if (length <= 0)
            {
                return null;
            }

            at = json.Member(rest[..length]);
            rest = length == rest.Length ? string.Empty : rest[(length + 1)..];
        }

        return at;
    }
}
