using System.Collections.Immutable;
using System.Threading.Channels;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;

namespace Auspex.Engine.Runs;

/// <summary>Drives one run: decide, journal, act, wait, and over again, one step at a time.</summary>
/// <remarks>
/// <para>
/// The state runs ahead of the journal within a step; whatever leaves this class (an attempt handed to an executor, an
/// answer, an update to a watcher) waits until the step's events are durable. A crash in between loses nothing that
/// anybody has seen: the next host decides it anew.
/// </para>
/// <para>Everything outside reaches the loop as a message; nothing else touches the state.</para>
/// </remarks>
internal sealed partial class RunDriver : IDisposable
{
    // Long enough that a light pipeline is one append, short enough that a cancel is noticed inside a busy loop.
    private const int MaxEventsPerStep = 256;

    private readonly RunHostServices _services;
    private readonly RunState _state;
    private readonly RunContext _context;
    private readonly Channel<DriverMessage> _inbox =
        Channel.CreateUnbounded<DriverMessage>(new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource _firstStep = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<RunEvent> _unwritten = [];
    private readonly List<Action> _onceDurable = [];
    private long _written;
    private bool _hostStopping;

    /// <param name="services">The host's.</param>
    /// <param name="state">The run as its journal says, or about to be created.</param>
    /// <param name="unwritten">Events already folded into <paramref name="state"/> that the journal does not have.</param>
    public RunDriver(RunHostServices services, RunState state, IReadOnlyCollection<RunEvent> unwritten)
    {
        _services = services;
        _state = state;
        _context = new RunContext(state, services.Clock);
        _unwritten.AddRange(unwritten);
        _written = state.Sequence - unwritten.Count;
    }

    public RunState State => _state;

    /// <summary>The number of the last durable event.</summary>
    public long WrittenSequence => Volatile.Read(ref _written);

    /// <summary>Ends when the run's creation is durable; fails as the append failed.</summary>
    public Task FirstStep => _firstStep.Task;

    public void Post(DriverMessage message)
    {
        _services.Meter.Enter();
        if (!_inbox.Writer.TryWrite(message))
        {
            // The loop has ended; whoever waits for an answer learns so.
            _services.Meter.Exit();
            Refuse(message);
        }
    }

    /// <summary>Drives the run until it has ended, the host stops or the journal moves. To be called once; the meter is entered before and after.</summary>
    /// <returns>Whether the run has ended.</returns>
    /// <exception cref="JournalConflictException">Somebody else appended.</exception>
    public async Task<bool> RunAsync()
    {
        var entered = 1;
        try
        {
            ResumeInFlight();
            while (true)
            {
                var isBusy = await AdvanceAsync();
                await WriteAsync();
                _firstStep.TrySetResult();
                if (_state.HasEnded || (_hostStopping && _running.Count == 0))
                {
                    return _state.HasEnded;
                }

                Dispatch();
                SetTimer();
                if (!isBusy)
                {
                    for (; entered > 0; entered--)
                    {
                        _services.Meter.Exit();
                    }

                    await _inbox.Reader.WaitToReadAsync();
                }

                while (_unwritten.Count < MaxEventsPerStep && _inbox.Reader.TryRead(out var message))
                {
                    entered++;
                    await HandleAsync(message);
                }
            }
        }
        catch (Exception exception)
        {
            _firstStep.TrySetException(exception);
            throw;
        }
        finally
        {
            await CloseAsync();

            // One stays entered: the caller has something to do with the run yet.
            for (; entered > 1; entered--)
            {
                _services.Meter.Exit();
            }
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Decides and carries out until the run waits for something; true when it stopped for its step being full.</summary>
    private async ValueTask<bool> AdvanceAsync()
    {
        while (!_hostStopping)
        {
            if (_unwritten.Count >= MaxEventsPerStep)
            {
                return true;
            }

            var commands = RunDecider.Decide(_state);
            if (commands.IsEmpty)
            {
                return false;
            }

            var before = _state.Sequence;
            foreach (var command in commands)
            {
                await CarryOutAsync(command);
            }

            if (_state.Sequence == before)
            {
                throw new InvalidOperationException($"Run {_state.Id}: {commands[0]} was carried out and changed nothing.");
            }
        }

        return false;
    }

    private async Task HandleAsync(DriverMessage message)
    {
        switch (message)
        {
            case DriverMessage.PlaceFree when _state.Status == RunStatus.Queued:
                Emit(new RunStarted(Now));
                break;
            case DriverMessage.Cancel cancel:
                HandleCancel(cancel);
                break;
            case DriverMessage.AttemptEnded ended:
                await HandleAttemptEndedAsync(ended);
                break;
            case DriverMessage.SaveCheckpoint save:
                await HandleCheckpointAsync(save);
                break;
            case DriverMessage.TimeCame:
                HandleTimers();
                break;
            case DriverMessage.HostStopping:
                _hostStopping = true;
                StopAttempts(AttemptStopReason.HostStopping, _ => true);
                break;
            case DriverMessage.JournalMoved:
                throw new JournalConflictException(_state.Id, _written);
        }
    }

    private void HandleCancel(DriverMessage.Cancel cancel)
    {
        if (_state.HasEnded)
        {
            cancel.Answer.TrySetResult(false);
            return;
        }

        if (!_state.CancelRequested || (cancel.Recursive && !_state.CancelIsRecursive))
        {
            Emit(new RunCancelRequested(Now, cancel.Recursive));
        }

        _onceDurable.Add(() =>
        {
            cancel.Answer.TrySetResult(true);
            StopAttempts(AttemptStopReason.RunCanceled, _ => true);
        });
    }

    private void HandleTimers()
    {
        while (_state.NextTimer() is { } next && next.DueAt <= Now)
        {
            Emit(new TimerFired(Now, next.Activity.Path));
            if (next.Activity.StopsInner)
            {
                _onceDurable.Add(() => StopAttempts(
                    AttemptStopReason.RunCanceled, activity => _state.IsStopping(activity.Scope)));
            }
        }

        _timerDueAt = null;
    }

    private DateTimeOffset Now => _services.Clock.GetUtcNow();

    private void Emit(RunEvent runEvent)
    {
        _state.Apply(runEvent);
        _unwritten.Add(runEvent);
        if (runEvent is ActivityStarted started && _state.Find(started.Activity) is { Phase: AttemptPhase.InFlight } activity)
        {
            _toDispatch.Add(activity);
        }
    }

    /// <summary>Makes the step's events durable, then lets out what waited for it.</summary>
    private async Task WriteAsync()
    {
        if (_unwritten.Count > 0)
        {
            var append = new RunAppend
            {
                Run = _state.Id,
                ExpectedSequence = _written,
                Events = [.. _unwritten.Select(JournalCodec.Encode)],
                Summary = _unwritten.Exists(ChangesSummary) ? await RunSummaries.OfAsync(_state, _services.Vault, Now) : null,
                Lease = _services.NewLease(),
            };
            await AppendAsync(append);
            _services.Feed.Publish(_state.Id, _written, _unwritten);
            Volatile.Write(ref _written, _written + _unwritten.Count);
            _unwritten.Clear();
        }

        if (_onceDurable.Count > 0)
        {
            var actions = _onceDurable.ToImmutableArray();
            _onceDurable.Clear();
            foreach (var action in actions)
            {
                action();
            }
        }
    }

    private Task AppendAsync(RunAppend append) => append.ExpectedSequence == 0
        ? _services.Journal.AppendAsync(append) // Whoever starts the run waits for the answer and learns of a failure.
        : _services.StoreRetry.RunAsync(() => _services.Journal.AppendAsync(append));

    private static bool ChangesSummary(RunEvent runEvent) => runEvent
        is RunCreated or RunStarted or RunCancelRequested or RunSucceeded or RunFailed or RunCanceled;

    private static void Refuse(DriverMessage message)
    {
        switch (message)
        {
            case DriverMessage.Cancel cancel:
                cancel.Answer.TrySetResult(false);
                break;
            case DriverMessage.SaveCheckpoint save:
                save.Answer.TrySetCanceled();
                break;
        }
    }
}
