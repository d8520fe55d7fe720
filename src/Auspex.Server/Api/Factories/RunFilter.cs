using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Server.Api.Factories;

/// <summary>The body of a run query: a window of time, filters that must all hold, an order, where to go on.</summary>
internal sealed record RunFilter
{
    private const int MostBodyBytes = 1 << 20;
    private const int MostValues = 1000;

    private static readonly string[] Operators = ["Equals", "NotEquals", "In", "NotIn"];

    public required DateTimeOffset After { get; init; }

    public required DateTimeOffset Before { get; init; }

    public ImmutableArray<RunFilterCondition> Conditions { get; init; } = [];

    /// <summary>What to order by, as the query's kind spells it; null for the natural order.</summary>
    public string? OrderBy { get; init; }

    public bool IsAscending { get; init; }

    /// <summary>What an answer gave as the place to go on at; null for the first page.</summary>
    public string? ContinuationToken { get; init; }

    /// <param name="call">The call, whose body is read.</param>
    /// <param name="operands">The operands that filters of this query may have.</param>
    /// <param name="orders">What this query may be ordered by.</param>
    /// <exception cref="ServiceErrorException">400: a part is missing, malformed or unknown.</exception>
    public static async Task<RunFilter> ReadAsync(FactoryCall call, string[] operands, string[] orders)
    {
        var body = await FactoryBody.ReadAsync(call, MostBodyBytes);
        var (orderBy, isAscending) = ReadOrder(body, orders);
        return new RunFilter
        {
            After = ReadTime(body, "lastUpdatedAfter"),
            Before = ReadTime(body, "lastUpdatedBefore"),
            Conditions = [.. ReadList(body, "filters").Select(filter => ReadCondition(filter, operands))],
            OrderBy = orderBy,
            IsAscending = isAscending,
            ContinuationToken = body.Member("continuationToken") switch
            {
                null => null,
                JsonValue value when value.TryGetValue<string>(out var token) => token.Length > 0 ? token : null,
                _ => throw FactoryErrors.BadRequest("'continuationToken' is no text.", "continuationToken"),
            },
        };
    }

    /// <summary>Whether a run passes every filter.</summary>
    /// <param name="valueOf">A run's value of an operand as text; null passes whatever is asked of it.</param>
    public bool Matches(Func<string, string?> valueOf) => Conditions.All(
        condition => valueOf(condition.Operand) is not { } value
            || condition.Values.Contains(value, StringComparer.OrdinalIgnoreCase) == condition.IsIn);

    public bool IsInWindow(DateTimeOffset lastUpdated) => lastUpdated >= After && lastUpdated <= Before;

    /// <summary>A time as filters' values are brought to, so that texts of equal times are equal.</summary>
    public static string TextOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static DateTimeOffset ReadTime(JsonObject body, string name) =>
        TryReadTime(body.TextMember(name), out var time)
            ? time
            : throw FactoryErrors.BadRequest(
                $"'{name}' is missing or no time; expected both 'lastUpdatedAfter' and 'lastUpdatedBefore' in ISO 8601.", name);

    private static bool TryReadTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static IEnumerable<JsonObject> ReadList(JsonObject body, string name) => body.Member(name) switch
    {
        null => [],
        JsonArray array => array.Select(entry => entry as JsonObject
            ?? throw FactoryErrors.BadRequest($"An element of '{name}' is no object.", name)),
        _ => throw FactoryErrors.BadRequest($"'{name}' is no array.", name),
    };

    private static RunFilterCondition ReadCondition(JsonObject json, string[] operands)
    {
        var operand = ReadKnown(json, "operand", operands);
        var comparison = ReadKnown(json, "operator", Operators);
        if (json.Member("values") is not JsonArray { Count: > 0 and <= MostValues } values || values.Any(value => value.AsText() is null))
        {
            throw FactoryErrors.BadRequest($"The filter on '{operand}' needs 'values': an array of 1 to {MostValues} texts.", "values");
        }

        var isTime = operand.EndsWith("Start", StringComparison.Ordinal)
            || operand.EndsWith("End", StringComparison.Ordinal)
            || operand.EndsWith("Timestamp", StringComparison.Ordinal);
        return new RunFilterCondition(
            operand,
            comparison is "Equals" or "In",
            [.. values.Select(value => isTime ? ReadTimeValue(operand, value.AsText()!) : value.AsText()!)]);
    }

    private static string ReadTimeValue(string operand, string text) => TryReadTime(text, out var time)
        ? TextOf(time)
        : throw FactoryErrors.BadRequest($"The filter on '{operand}' has a value that is no time in ISO 8601.", "values");

    private static (string? OrderBy, bool IsAscending) ReadOrder(JsonObject body, string[] orders)
    {
        var given = ReadList(body, "orderBy").ToArray();
        return given switch
        {
            [] => (null, false),
            [var order] => (
                ReadKnown(order, "orderBy", orders),
                order.Member("order") is not null && ReadKnown(order, "order", ["ASC", "DESC"]) == "ASC"),
            _ => throw FactoryErrors.BadRequest("'orderBy' has more than one element; expected one.", "orderBy"),
        };
    }

    private static string ReadKnown(JsonObject json, string member, string[] known)
    {
        var text = json.TextMember(member);
        return Array.Find(known, candidate => candidate.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw FactoryErrors.BadRequest(
                $"'{member}' is '{ServiceErrors.Shorten(text ?? "")}'; expected one of {string.Join(", ", known)}.", member);
    }
}

/// <summary>One filter.</summary>
/// <param name="Operand">What it looks at, as the service spells it.</param>
/// <param name="IsIn">Whether the value must be among <paramref name="Values"/>; false: must not be.</param>
/// <param name="Values">The values; times as <see cref="RunFilter.TextOf"/> writes them.</param>
internal sealed record RunFilterCondition(string Operand, bool IsIn, ImmutableArray<string> Values);
