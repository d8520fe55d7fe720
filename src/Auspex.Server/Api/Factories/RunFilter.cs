using System.Globalization;
using System.Text.Json;

namespace Auspex.Server.Api.Factories;

/// <summary>The body of a run query: a window of time, filters that must all hold, an order.</summary>
internal sealed class RunFilter
{
    private static readonly string[] Operators = ["Equals", "NotEquals", "In", "NotIn"];

    private readonly List<Condition> _conditions = [];

    private RunFilter(DateTimeOffset after, DateTimeOffset before) => (After, Before) = (after, before);

    public DateTimeOffset After { get; }

    public DateTimeOffset Before { get; }

    /// <summary>What to order by; null for the natural order.</summary>
    public string? OrderBy { get; private set; }

    public bool IsDescending { get; private set; }

    /// <param name="body">The request's JSON.</param>
    /// <param name="operands">The operands that this query knows.</param>
    /// <exception cref="ServiceErrorException">400: a part is missing or unknown.</exception>
    public static RunFilter Read(JsonElement body, IReadOnlyCollection<string> operands)
    {
        var filter = new RunFilter(ReadTime(body, "lastUpdatedAfter"), ReadTime(body, "lastUpdatedBefore"));
        if (body.Member("filters") is { ValueKind: JsonValueKind.Array } filters)
        {
            foreach (var condition in filters.EnumerateArray())
            {
                filter._conditions.Add(Condition.Read(condition, operands));
            }
        }

        if (body.Member("orderBy") is { ValueKind: JsonValueKind.Array } orders && orders.GetArrayLength() > 0)
        {
            filter.OrderBy = orders[0].Text("orderBy");
            filter.IsDescending = "DESC".Equals(orders[0].Text("order"), StringComparison.OrdinalIgnoreCase);
        }

        return filter;
    }

    /// <summary>Whether a run passes every filter.</summary>
    /// <param name="valueOf">A run's value of an operand as text; null passes whatever is asked of it.</param>
    public bool Matches(Func<string, string?> valueOf) =>
        _conditions.TrueForAll(condition => valueOf(condition.Operand) is not { } value || condition.Holds(value));

    public bool IsInWindow(DateTimeOffset lastUpdated) => lastUpdated >= After && lastUpdated <= Before;

    private static DateTimeOffset ReadTime(JsonElement body, string name) =>
        DateTimeOffset.TryParse(
            body.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw FactoryErrors.BadRequest(
                $"'{name}' is missing or no time; expected both 'lastUpdatedAfter' and 'lastUpdatedBefore' in ISO 8601.");

    private sealed record Condition(string Operand, string Operator, List<string> Values)
    {
        public static Condition Read(JsonElement json, IReadOnlyCollection<string> operands)
        {
            var operand = operands.FirstOrDefault(known => known.Equals(json.Text("operand"), StringComparison.OrdinalIgnoreCase))
                ?? throw FactoryErrors.BadRequest(
                    $"A filter has the operand '{json.Text("operand")}'; expected one of {string.Join(", ", operands)}.");
            var comparison = Array.Find(
                Operators, known => known.Equals(json.Text("operator"), StringComparison.OrdinalIgnoreCase))
                ?? throw FactoryErrors.BadRequest(
                    $"A filter has the operator '{json.Text("operator")}'; expected one of {string.Join(", ", Operators)}.");
            return json.Member("values") is { ValueKind: JsonValueKind.Array } values
                ? new Condition(operand, comparison, [.. values.EnumerateArray().Select(value => value.ToString())])
                : throw FactoryErrors.BadRequest($"The filter on '{operand}' has no 'values'.");
        }

        public bool Holds(string value) =>
            Values.Contains(value, StringComparer.OrdinalIgnoreCase) == (Operator is "Equals" or "In");
    }
}
