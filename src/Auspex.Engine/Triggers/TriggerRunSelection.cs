using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Engine.Triggers;

/// <summary>A query of trigger runs, its filters put together: what a store has to find.</summary>
public sealed record TriggerRunSelection
{
    /// <summary>The factory.</summary>
    public required string Factory { get; init; }

    /// <summary>Changed at or after this; null for all.</summary>
    public DateTimeOffset? UpdatedAfter { get; init; }

    /// <summary>Changed at or before this; null for all.</summary>
    public DateTimeOffset? UpdatedBefore { get; init; }

    /// <summary>Only these triggers', ignoring case; null for all.</summary>
    public ImmutableArray<string>? Triggers { get; init; }

    /// <summary>Not these triggers', ignoring case.</summary>
    public ImmutableArray<string> OtherTriggers { get; init; } = [];

    /// <summary>Only with one of these; null for all.</summary>
    public ImmutableArray<TriggerRunStatus>? Statuses { get; init; }

    /// <summary>Only at one of these moments; null for all.</summary>
    public ImmutableArray<DateTimeOffset>? Timestamps { get; init; }

    /// <summary>Not at these moments.</summary>
    public ImmutableArray<DateTimeOffset> OtherTimestamps { get; init; } = [];

    /// <summary>What comes first in the order; then timestamp, then id (ordinally).</summary>
    public TriggerRunOrder OrderBy { get; init; }

    /// <summary>Whether the greatest comes first.</summary>
    public bool Descending { get; init; }

    /// <summary>At most so many.</summary>
    public int Take { get; init; }

    /// <summary>Only what follows this in the order; null for the first page.</summary>
    public TriggerRunPosition? After { get; init; }

    /// <summary>Reads a query.</summary>
    /// <exception cref="TriggerException">Something in it is none that trigger runs have.</exception>
    internal static TriggerRunSelection Of(TriggerRunQuery query)
    {
        if (query.Take is < 1 or > 1_000)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"Found {query.Take} runs a page, expected 1 to 1,000."));
        }

        var selection = new TriggerRunSelection
        {
            Factory = query.Factory,
            UpdatedAfter = query.UpdatedAfter,
            UpdatedBefore = query.UpdatedBefore,
            OrderBy = query.OrderBy,
            Descending = query.Descending,
            Take = query.Take,
            After = query.ContinuationToken is { Length: > 0 } token ? TriggerRunPosition.Parse(token) : null,
        };
        return query.Filters.Aggregate(selection, Add);
    }

    private static TriggerRunSelection Add(TriggerRunSelection selection, TriggerRunFilter filter)
    {
        var isNegated = filter.Operator.ToUpperInvariant() switch
        {
            "EQUALS" or "IN" => false,
            "NOTEQUALS" or "NOTIN" => true,
            _ => throw Invalid($"Found the operator '{filter.Operator}', expected Equals, NotEquals, In or NotIn."),
        };
        if (filter.Values.IsDefaultOrEmpty)
        {
            throw Invalid($"The filter on '{filter.Operand}' has no values; expected at least one.");
        }

        switch (filter.Operand.ToUpperInvariant())
        {
            case "TRIGGERNAME":
                return isNegated
                    ? selection with { OtherTriggers = selection.OtherTriggers.AddRange(filter.Values) }
                    : selection with { Triggers = Both(selection.Triggers, filter.Values, StringComparer.OrdinalIgnoreCase) };
            case "STATUS":
                var statuses = filter.Values.SelectMany(StatusesOf).Distinct().ToImmutableArray();
                return selection with
                {
                    Statuses = isNegated
                        ? [.. (selection.Statuses ?? [.. Enum.GetValues<TriggerRunStatus>()]).Except(statuses)]
                        : Both(selection.Statuses, statuses, EqualityComparer<TriggerRunStatus>.Default),
                };
            case "TRIGGERRUNTIMESTAMP":
                var moments = filter.Values.Select(Moment).ToImmutableArray();
                return isNegated
                    ? selection with { OtherTimestamps = selection.OtherTimestamps.AddRange(moments) }
                    : selection with { Timestamps = Both(selection.Timestamps, moments, EqualityComparer<DateTimeOffset>.Default) };
            default:
                throw Invalid($"Found the operand '{filter.Operand}', expected TriggerName, TriggerRunTimestamp or Status for trigger runs.");
        }
    }

    private static ImmutableArray<T> Both<T>(ImmutableArray<T>? present, ImmutableArray<T> added, IEqualityComparer<T> comparer) =>
        present is { } some ? [.. some.Intersect(added, comparer)] : added;

    private static IEnumerable<TriggerRunStatus> StatusesOf(string text) => text.ToUpperInvariant() switch
    {
        "INPROGRESS" => [TriggerRunStatus.Waiting, TriggerRunStatus.WaitingOnDependency, TriggerRunStatus.Running],
        "CANCELLED" => [TriggerRunStatus.Canceled],
        _ => Enum.TryParse<TriggerRunStatus>(text, ignoreCase: true, out var status) && Enum.IsDefined(status) && !char.IsAsciiDigit(text[0])
            ? [status]
            : throw Invalid($"Found the status '{text}', expected one of Succeeded, Failed, Inprogress, {string.Join(", ", Enum.GetNames<TriggerRunStatus>())}."),
    };

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUniversalTime()
            : throw Invalid($"Found '{text}' for TriggerRunTimestamp, expected a time such as 2024-01-31T06:00:00Z.");

    private static TriggerException Invalid(string message) => new(ErrorCode.TriggerQuery, TriggerError.Invalid, message);
}

/// <summary>Where a page of trigger runs ended.</summary>
/// <param name="Trigger">The last run's trigger.</param>
/// <param name="Status">Its status.</param>
/// <param name="Timestamp">Its timestamp.</param>
/// <param name="Id">Its id.</param>
public sealed record TriggerRunPosition(string Trigger, TriggerRunStatus Status, DateTimeOffset Timestamp, string Id)
{
    internal static TriggerRunPosition Of(TriggerRun run) => new(run.Trigger, run.Status, run.Timestamp, run.Id);

    /// <summary>The position as a continuation token.</summary>
    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        new JsonArray(Trigger, (int)Status, Timestamp.UtcTicks, Id).ToJsonString()));

    internal static TriggerRunPosition Parse(string token)
    {
        try
        {
            if (JsonNode.Parse(Convert.FromBase64String(token)) is JsonArray { Count: 4 } parts
                && Part(parts, 1).GetValue<int>() is var status && Enum.IsDefined((TriggerRunStatus)status)
                && Part(parts, 2).GetValue<long>() is >= 0 and <= 3_155_378_975_999_999_999 and var ticks)
            {
                return new TriggerRunPosition(
                    Part(parts, 0).GetValue<string>(), (TriggerRunStatus)status, new DateTimeOffset(ticks, TimeSpan.Zero), Part(parts, 3).GetValue<string>());
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // Falls through: whatever is wrong with it, it is none of ours.
        }

        throw new TriggerException(
            ErrorCode.TriggerQuery, TriggerError.Invalid, "The continuation token is none that this server gave; begin with the first page.");
    }

    private static JsonNode Part(JsonArray parts, int index) => parts[index] ?? throw new FormatException("A part is null.");
}
