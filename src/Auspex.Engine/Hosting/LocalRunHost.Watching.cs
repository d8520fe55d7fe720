using System.Runtime.CompilerServices;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Hosting;

public sealed partial class LocalRunHost
{
    // For runs that another host drives: nobody tells this one when they move.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(RunId id, bool recursive, CancellationToken cancellationToken)
    {
        if (_live.TryGetValue(id, out var live) && live.Driver is { } driver)
        {
            var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            driver.Post(new DriverMessage.Cancel(recursive, answer));
            if (await answer.Task.WaitAsync(cancellationToken))
            {
                return true;
            }

            // Its driver had just ended: the journal says whether the run has.
        }

        return await CancelFromOutsideAsync(id, recursive, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PipelineRun> WaitAsync(RunId id, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_live.TryGetValue(id, out var live))
            {
                var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                live.OnLetGo(() => letGo.TrySetResult());
                await letGo.Task.WaitAsync(cancellationToken);
            }

            var summary = await _journal.FindAsync(id, cancellationToken)
                ?? throw new KeyNotFoundException($"There is no run '{id}'.");
            if (!summary.IsOpen)
            {
                return await RunSummaries.ToRunAsync(summary, _vault, _journal, cancellationToken);
            }

            if (!_live.ContainsKey(id))
            {
                await Task.Delay(PollInterval, _clock, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunUpdate> WatchAsync(
        RunId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Subscribed before the journal is read, so that nothing falls in between.
        using var subscription = _feed.Subscribe(id);
        var isDriven = _live.ContainsKey(id);
        if (await _loader.LoadHistoryAsync(id, cancellationToken) is not var (history, sequence)
            || await FindAsync(id, cancellationToken) is not { } run)
        {
            yield break;
        }

        yield return new RunUpdate(run, null, null);
        foreach (var activityRun in await history.ListAsync(_vault, cancellationToken))
        {
            yield return new RunUpdate(null, activityRun, null);
        }

        while (isDriven && await subscription.Items.WaitToReadAsync(cancellationToken))
        {
            while (subscription.Items.TryRead(out var item))
            {
                if (item.Progress is { } progress)
                {
                    yield return new RunUpdate(null, null, progress);
                    continue;
                }

                if (item.After > sequence)
                {
                    // A step of another host lies in between; the journal has it.
                    isDriven = false;
                    break;
                }

                foreach (var runEvent in item.Events.Skip((int)Math.Min(sequence - item.After, item.Events.Length)))
                {
                    sequence++;
                    if (await UpdateAsync(history, runEvent, cancellationToken) is { } update)
                    {
                        yield return update;
                    }
                }
            }
        }

        // Driven elsewhere, or let go here: what the journal still tells.
        while (true)
        {
            await foreach (var runEvent in _loader.ReadAsync(id, sequence, cancellationToken))
            {
                sequence++;
                if (await UpdateAsync(history, runEvent, cancellationToken) is { } update)
                {
                    yield return update;
                }
            }

            if (await _journal.FindAsync(id, cancellationToken) is not { IsOpen: true })
            {
                yield break;
            }

            await Task.Delay(PollInterval, _clock, cancellationToken);
        }
    }

    /// <summary>Calls back once when this host lets go of a run, mostly since it ended; false when it does not drive it.</summary>
    internal bool TryOnLetGo(RunId id, Action action)
    {
        if (!_live.TryGetValue(id, out var live))
        {
            return false;
        }

        live.OnLetGo(action);
        return true;
    }

    /// <summary>Waits as <see cref="WaitAsync"/> does, without counting as busy: whoever wakes it up counts.</summary>
    internal async Task<PipelineRun> WaitParkedAsync(RunId id, CancellationToken cancellationToken)
    {
        var woken = 0;
        void Wake()
        {
            if (Interlocked.Exchange(ref woken, 1) == 0)
            {
                Meter.Enter();
            }
        }

        if (_live.TryGetValue(id, out var live))
        {
            live.OnLetGo(Wake);
        }
        else
        {
            woken = 1;
            Meter.Enter();
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => Wake(), null);
        Meter.Exit();
        try
        {
            return await WaitAsync(id, cancellationToken);
        }
        finally
        {
            Wake();
        }
    }

    private async Task<RunUpdate?> UpdateAsync(RunHistory history, RunEvent runEvent, CancellationToken cancellationToken)
    {
        if (history.Apply(runEvent) is { } changed)
        {
            return new RunUpdate(null, await history.GetAsync(changed, _vault, cancellationToken), null);
        }

        return runEvent is RunStarted or RunCancelRequested or RunSucceeded or RunFailed or RunCanceled
            && await FindAsync(history.Created.RunId, cancellationToken) is { } run
                ? new RunUpdate(run, null, null)
                : null;
    }

    private async Task CancelChildrenAsync(RunId parent)
    {
        foreach (var child in await _journal.ListOpenChildrenAsync(parent, _stopping.Token))
        {
            await CancelAsync(child, recursive: true, _stopping.Token);
        }
    }

    /// <summary>Cancels a run that this host does not drive: its owner notices, or, where none can drive it, it ends here.</summary>
    private async Task<bool> CancelFromOutsideAsync(RunId id, bool recursive, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            if (await _journal.FindAsync(id, cancellationToken) is not { IsOpen: true } summary)
            {
                return false;
            }

            var isStuck = _stuck.ContainsKey(id);
            var sequence = await LastSequenceAsync(id, cancellationToken);
            var now = _clock.GetUtcNow();
            List<RunEvent> events = [new RunCancelRequested(now, recursive)];
            if (isStuck)
            {
                // No decision of this release fits the journal; the one thing it can still say is that it is over.
                events.Add(new RunCanceled(now));
            }

            try
            {
                await _journal.AppendAsync(new RunAppend
                {
                    Run = id,
                    ExpectedSequence = sequence,
                    Events = [.. events.Select(JournalCodec.Encode)],
                    Summary = summary with
                    {
                        Status = isStuck ? RunStatus.Canceled : RunStatus.Canceling,
                        Updated = now,
                        End = isStuck ? now : null,
                    },
                });
                if (isStuck && _stuck.TryRemove(id, out _))
                {
                    _gate.Leave(summary.Factory, summary.Pipeline, id);
                    Admit(summary.Factory, summary.Pipeline);
                }

                return true;
            }
            catch (JournalConflictException) when (tries < 10)
            {
                // Its owner appended in the meantime; look again.
            }
        }
    }

    private async Task<long> LastSequenceAsync(RunId id, CancellationToken cancellationToken)
    {
        long sequence = 0;
        while (true)
        {
            var page = await _journal.ReadAsync(id, sequence, 1_000, cancellationToken);
            if (page.IsEmpty)
            {
                return sequence;
            }

            sequence = page[^1].Sequence;
        }
    }
}
