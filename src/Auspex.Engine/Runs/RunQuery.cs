using System.Collections.Immutable;

namespace Auspex.Engine.Runs;

/// <summary>Which runs to list.</summary>
/// <param name="Factory">Only this factory's; null for all.</param>
/// <param name="Pipeline">Only this pipeline's; null for all.</param>
/// <param name="Status">Only runs with this status; null for all.</param>
/// <param name="Take">At most so many, 1 to 1,000.</param>
/// <param name="Before">Only runs created before this one; null for all.</param>
public sealed record RunQuery(
    string? Factory = null, string? Pipeline = null, RunStatus? Status = null, int Take = 100, RunId? Before = null)
{
    /// <summary>Only runs that changed in this time; null for all.</summary>
    public RunWindow? Window { get; init; }

    /// <summary>Further conditions, all of which must hold.</summary>
    public ImmutableArray<RunCondition> Conditions { get; init; } = [];

    /// <summary>The order; runs that are equal in it are in that of their creation.</summary>
    public RunOrder OrderBy { get; init; } = RunOrder.Start;

    /// <summary>Whether the least or oldest come first.</summary>
    public bool IsAscending { get; init; }

    /// <summary>Only runs after this place of the order: where the page before ended; null for the first page.</summary>
    public RunCursor? From { get; init; }
}

/// <summary>A time in which runs changed. A run that has not ended changes all the time.</summary>
/// <param name="After">The first moment.</param>
/// <param name="Before">The last moment.</param>
/// <param name="Now">The present, which is when open runs changed last.</param>
public sealed record RunWindow(DateTimeOffset After, DateTimeOffset Before, DateTimeOffset Now)
{
    /// <summary>Whether open runs lie in the window.</summary>
    public bool HasOpen => After <= Now && Now <= Before;
}

/// <summary>What a condition looks at.</summary>
public enum RunField
{
    /// <summary>The pipeline's name, ignoring case.</summary>
    Pipeline,

    /// <summary>The status, as a <see cref="RunStatus"/>.</summary>
    Status,

    /// <summary>When it was started.</summary>
    Start,

    /// <summary>When it ended; a run that has not is equal to no time.</summary>
    End,

    /// <summary>The group's id.</summary>
    Group,

    /// <summary>Whether it is the latest of its group: <c>true</c> or <c>false</c>.</summary>
    IsLatest,
}

/// <summary>A condition on runs.</summary>
/// <param name="Field">What it looks at.</param>
/// <param name="IsIn">Whether the value must be among <paramref name="Values"/>; false: must not be.</param>
/// <param name="Values">
/// Values as text: names, members of <see cref="RunStatus"/>, UTC ticks as digits, ids, <c>true</c>.
/// </param>
public sealed record RunCondition(RunField Field, bool IsIn, ImmutableArray<string> Values);

/// <summary>What runs are ordered by.</summary>
public enum RunOrder
{
    /// <summary>When they were started.</summary>
    Start,

    /// <summary>When they ended; those that have not come as the latest.</summary>
    End,

    /// <summary>The pipeline's name.</summary>
    Pipeline,

    /// <summary>The status' name.</summary>
    Status,
}

/// <summary>A place in an order of runs: behind one of them.</summary>
/// <param name="Value">The run's value in the order as text, see <see cref="Of"/>.</param>
/// <param name="Run">The run.</param>
public sealed record RunCursor(string Value, RunId Run)
{
    private static readonly RunStatus[] ByName =
        [RunStatus.Canceling, RunStatus.Canceled, RunStatus.Failed, RunStatus.InProgress, RunStatus.Queued, RunStatus.Succeeded];

    /// <summary>The place behind a run.</summary>
    public static RunCursor Of(PipelineRun run, RunOrder order)
    {
        ArgumentNullException.ThrowIfNull(run);
        var value = order switch
        {
            RunOrder.Pipeline => run.Pipeline,
            RunOrder.Status => Digits(Rank(run.Status)),
            RunOrder.End => Digits(Seen(run.End)),
            _ => string.Empty,
        };
        return new RunCursor(value, run.Id);
    }

    /// <summary>The place of a status in the order of the names on the wire.</summary>
    public static int Rank(RunStatus status) => Array.IndexOf(ByName, status);

    /// <summary>An end as a number to order by: later than any for a run that has none.</summary>
    public static long Seen(DateTimeOffset? end) => end?.UtcTicks ?? long.MaxValue;

    private static string Digits(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
