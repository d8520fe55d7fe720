using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Engine.Triggers;

/// <summary>
/// Starts and stops triggers, hands events to them, and answers for their runs. The one way to triggers for the management
/// interface, the command line and tests.
/// </summary>
/// <remarks>
/// Thread-safe. Names ignore case. Every change is durable when the task ends. Definitions stay where they are
/// (<see cref="Auspex.Stores.IDefinitionStore"/>); this keeps what became of them: whether they are started, and their runs.
/// </remarks>
public interface ITriggers
{
    /// <summary>All triggers of a factory in ordinal order of their names; empty for an unknown factory.</summary>
    Task<ImmutableArray<TriggerStatus>> ListAsync(string factory, CancellationToken cancellationToken);

    /// <summary>A trigger as it is now.</summary>
    /// <exception cref="TriggerException">There is no such trigger (<see cref="TriggerError.NotFound"/>).</exception>
    Task<TriggerStatus> GetAsync(string factory, string trigger, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a trigger: from now on it starts pipelines. Starting one that is started changes nothing. A schedule begins
    /// with the first occurrence after now, a tumbling window where it stands (at its <c>startTime</c> the first time), a
    /// storage trigger with blobs that come after now.
    /// </summary>
    /// <exception cref="TriggerException">
    /// There is none (<see cref="TriggerError.NotFound"/>), or its definition cannot work (<see cref="TriggerError.Invalid"/>; the
    /// message has every reason): it stays as it was.
    /// </exception>
    Task StartAsync(string factory, string trigger, CancellationToken cancellationToken);

    /// <summary>
    /// Stops a trigger: it starts nothing more. Pipeline runs that it started go on; windows that wait keep waiting until it
    /// is started again. Stopping one that is stopped changes nothing.
    /// </summary>
    /// <exception cref="TriggerException">There is none (<see cref="TriggerError.NotFound"/>).</exception>
    Task StopAsync(string factory, string trigger, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets what became of a trigger whose definition was deleted: a later one of that name is a new one, whose windows
    /// begin at its <c>startTime</c>. Its runs stay in the history; those that only wait are canceled.
    /// </summary>
    /// <returns>False when nothing was known of it.</returns>
    /// <exception cref="TriggerException">It is started (<see cref="TriggerError.Conflict"/>): stop it first.</exception>
    Task<bool> RemoveAsync(string factory, string trigger, CancellationToken cancellationToken);

    /// <summary>Trigger runs, filtered, ordered and paged.</summary>
    /// <exception cref="TriggerException">
    /// A filter, an order or the continuation token is none that trigger runs have (<see cref="TriggerError.Invalid"/>).
    /// </exception>
    Task<TriggerRunPage> QueryRunsAsync(TriggerRunQuery query, CancellationToken cancellationToken);

    /// <summary>A trigger run; null when there is none.</summary>
    Task<TriggerRun?> FindRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Runs the window of an ended trigger run again, as a new trigger run that obeys dependencies and concurrency like any.
    /// </summary>
    /// <returns>The new trigger run.</returns>
    /// <exception cref="TriggerException">
    /// There is no such run (<see cref="TriggerError.NotFound"/>), it belongs to no tumbling window
    /// (<see cref="TriggerError.Invalid"/>), or a run of this window has not ended (<see cref="TriggerError.Conflict"/>).
    /// </exception>
    Task<TriggerRun> RerunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Cancels a trigger run: one that waits ends at once, one whose pipelines run ends with them.
    /// </summary>
    /// <exception cref="TriggerException">
    /// There is no such run (<see cref="TriggerError.NotFound"/>), or it has ended (<see cref="TriggerError.Conflict"/>).
    /// </exception>
    Task CancelAsync(string factory, string trigger, string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Takes what Event Grid's web hook posts: one event or an array, in Event Grid's or the CloudEvents schema. Each event
    /// goes to every started trigger of the factory that it fits, once however often it is delivered; all are durable when
    /// the task ends. A validation event is answered with its code.
    /// </summary>
    /// <param name="factory">The factory.</param>
    /// <param name="body">The request's body; not changed.</param>
    /// <param name="cancellationToken">Stops between events; those taken stay taken.</param>
    /// <exception cref="TriggerException">
    /// The body is no event, or one lacks what every event has (<see cref="TriggerError.Invalid"/>): none was taken.
    /// </exception>
    Task<EventReceipt> ReceiveEventsAsync(string factory, JsonNode? body, CancellationToken cancellationToken);
}

/// <summary>Whether a trigger starts anything. The names are those of the wire.</summary>
public enum TriggerRuntimeState
{
    /// <summary>It starts nothing.</summary>
    Stopped,

    /// <summary>It starts its pipelines.</summary>
    Started,
}

/// <summary>A trigger as it stands.</summary>
public sealed record TriggerStatus
{
    /// <summary>The factory's name.</summary>
    public required string Factory { get; init; }

    /// <summary>The trigger's name as its definition writes it.</summary>
    public required string Name { get; init; }

    /// <summary>The trigger's type, such as <c>ScheduleTrigger</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it is started; <c>runtimeState</c> on the wire.</summary>
    public required TriggerRuntimeState RuntimeState { get; init; }

    /// <summary>
    /// When it starts something next, as far as time alone decides; null for event triggers, stopped ones and those at their
    /// end.
    /// </summary>
    public DateTimeOffset? NextOccurrence { get; init; }

    /// <summary>Why a started trigger starts nothing at present, in words; null when nothing is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>
    /// <c>getEventSubscriptionStatus</c>: <c>Enabled</c> for a started event trigger, <c>Disabled</c> for a stopped one; null
    /// for a trigger that takes no events.
    /// </summary>
    public string? EventSubscription { get; init; }
}

/// <summary>Where a trigger run stands.</summary>
public enum TriggerRunStatus
{
    /// <summary>A window that is due waits for its turn (<c>maxConcurrency</c>), or for its trigger to be started.</summary>
    Waiting,

    /// <summary>A window waits for windows that it depends on.</summary>
    WaitingOnDependency,

    /// <summary>Its pipelines are being started; a window also while its pipeline runs or waits to be retried.</summary>
    Running,

    /// <summary>The pipelines were started; of a window: its pipeline run succeeded.</summary>
    Succeeded,

    /// <summary>A pipeline could not be started; of a window: its pipeline run failed, retries included.</summary>
    Failed,

    /// <summary>It was canceled, or its pipeline run was; written <c>Cancelled</c> on the wire.</summary>
    Canceled,

    /// <summary>A window waited seven days for what it depends on.</summary>
    TimedOut,
}

/// <summary>One occurrence of a trigger: a time of a schedule, a window, an event.</summary>
public sealed record TriggerRun
{
    /// <summary>Unique in the factory; the same on every host and after every restart. Later occurrences sort first.</summary>
    public required string Id { get; init; }

    /// <summary>The factory's name.</summary>
    public required string Factory { get; init; }

    /// <summary>The trigger's name.</summary>
    public required string Trigger { get; init; }

    /// <summary>The trigger's type.</summary>
    public required string TriggerType { get; init; }

    /// <summary>When the trigger fired; <c>triggerRunTimestamp</c> and <c>properties.TriggerTime</c> on the wire.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The planned time: the schedule's, the window's end with its delay, the event's; <c>properties.ScheduleTime</c>.</summary>
    public required DateTimeOffset ScheduledTime { get; init; }

    /// <summary>Where it stands.</summary>
    public required TriggerRunStatus Status { get; init; }

    /// <summary>Why it failed or what it waits for; empty otherwise.</summary>
    public string Message { get; init; } = string.Empty;

    /// <summary>When any of this changed last.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>The window's start; null when there is no window.</summary>
    public DateTimeOffset? WindowStart { get; init; }

    /// <summary>The window's end, exclusive; null when there is no window.</summary>
    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>0 for a window's first run, one more for each rerun.</summary>
    public int Rerun { get; init; }

    /// <summary>The pipelines with the runs started; for a retried window the latest run.</summary>
    public ImmutableArray<TriggeredRun> Pipelines { get; init; } = [];

    /// <summary>
    /// Each trigger that the window depends on with <c>Succeeded</c> or what it waits for: <c>dependencyStatus</c> on the wire.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Dependencies { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it will not change any more.</summary>
    public bool HasEnded => Status is TriggerRunStatus.Succeeded or TriggerRunStatus.Failed or TriggerRunStatus.Canceled or TriggerRunStatus.TimedOut;

    /// <summary>
    /// What the service's three-valued <c>status</c> says: <c>Succeeded</c>, <c>Failed</c> (canceled and timed out too) or
    /// <c>Inprogress</c>.
    /// </summary>
    public string WireStatus => Status switch
    {
        TriggerRunStatus.Succeeded => "Succeeded",
        TriggerRunStatus.Failed or TriggerRunStatus.Canceled or TriggerRunStatus.TimedOut => "Failed",
        _ => "Inprogress",
    };
}

/// <summary>A pipeline of a trigger run.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="RunId">The run started; null when it could not be, or has not been yet.</param>
public sealed record TriggeredRun(string Pipeline, RunId? RunId);

/// <summary>Which trigger runs to list: the body of <c>queryTriggerRuns</c>.</summary>
public sealed record TriggerRunQuery
{
    /// <summary>The factory.</summary>
    public required string Factory { get; init; }

    /// <summary>Only runs that changed at or after this; null for all.</summary>
    public DateTimeOffset? UpdatedAfter { get; init; }

    /// <summary>Only runs that changed at or before this; null for all.</summary>
    public DateTimeOffset? UpdatedBefore { get; init; }

    /// <summary>All of them must hold.</summary>
    public ImmutableArray<TriggerRunFilter> Filters { get; init; } = [];

    /// <summary>What to order by first; runs that are equal in it follow by time and id in the same direction.</summary>
    public TriggerRunOrder OrderBy { get; init; } = TriggerRunOrder.Timestamp;

    /// <summary>Whether the greatest comes first.</summary>
    public bool Descending { get; init; } = true;

    /// <summary>At most so many, 1 to 1,000.</summary>
    public int Take { get; init; } = 100;

    /// <summary>Where the page before ended (<see cref="TriggerRunPage.ContinuationToken"/>); null for the first page.</summary>
    public string? ContinuationToken { get; init; }
}

/// <summary>A condition of <c>queryTriggerRuns</c>.</summary>
/// <param name="Operand"><c>TriggerName</c>, <c>TriggerRunTimestamp</c> or <c>Status</c>, ignoring case.</param>
/// <param name="Operator"><c>Equals</c>, <c>NotEquals</c>, <c>In</c> or <c>NotIn</c>, ignoring case.</param>
/// <param name="Values">
/// At least one. A status is one of <see cref="TriggerRunStatus"/>, <c>Cancelled</c>, or <c>Inprogress</c> for all that has not
/// ended; a time is ISO 8601.
/// </param>
public sealed record TriggerRunFilter(string Operand, string Operator, ImmutableArray<string> Values);

/// <summary>What trigger runs can be ordered by.</summary>
public enum TriggerRunOrder
{
    /// <summary><c>TriggerRunTimestamp</c>.</summary>
    Timestamp,

    /// <summary><c>TriggerName</c>.</summary>
    TriggerName,

    /// <summary><c>Status</c>, in the order of <see cref="TriggerRunStatus"/>.</summary>
    Status,
}

/// <summary>One page of trigger runs.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="ContinuationToken">For <see cref="TriggerRunQuery.ContinuationToken"/>; null when there are no more.</param>
public sealed record TriggerRunPage(ImmutableArray<TriggerRun> Runs, string? ContinuationToken);

/// <summary>What became of posted events.</summary>
/// <param name="ValidationResponse">
/// The code to answer as <c>{"validationResponse": code}</c> when the body was a subscription's validation; null otherwise.
/// </param>
/// <param name="Started">How many trigger runs the events made; events seen before make none.</param>
public sealed record EventReceipt(string? ValidationResponse, int Started);

/// <summary>Why something asked of triggers was refused.</summary>
public enum TriggerError
{
    /// <summary>No such trigger or trigger run; 404.</summary>
    NotFound,

    /// <summary>The request or the definition cannot work; 400.</summary>
    Invalid,

    /// <summary>Not in the present state; 409 (the service answers 400).</summary>
    Conflict,
}

/// <summary>Something asked of triggers was refused; nothing was changed.</summary>
/// <param name="code">Our stable code.</param>
/// <param name="error">Why.</param>
/// <param name="message">What was found, what was expected and what to do.</param>
public sealed class TriggerException(ErrorCode code, TriggerError error, string message) : AuspexException(code, message)
{
    /// <summary>Why.</summary>
    public TriggerError Error { get; } = error;
}
