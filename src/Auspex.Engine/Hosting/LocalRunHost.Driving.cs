using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Microsoft.Extensions.Logging;

namespace Auspex.Engine.Hosting;

public sealed partial class LocalRunHost
{
    // Few questions for thousands of runs, and still work for every processor where there are a hundred.
    private const int RunsReadAtOnce = 32;

    private void Drive(LiveRun live, RunState state, IReadOnlyCollection<RunEvent> unwritten)
    {
        var driver = new RunDriver(_services, state, unwritten);
        live.SetDriver(driver);
        Meter.Enter();
        live.Task = Task.Run(() => DriveToEndAsync(live, driver));
        if (_stopping.IsCancellationRequested)
        {
            driver.Post(new DriverMessage.HostStopping());
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The end of a worker loop: whatever stops one run must not stop the host.")]
    private async Task DriveToEndAsync(LiveRun live, RunDriver driver)
    {
        var run = live.Created.RunId;
        try
        {
            while (true)
            {
                try
                {
                    if (await driver.RunAsync())
                    {
                        EngineInstruments.OnRunEnded(driver.State);
                        RunEnded?.Invoke(driver.State);
                        LogEnded(run, live.Created.Pipeline, driver.State.Status);
                    }

                    return;
                }
                catch (JournalConflictException) when (driver.WrittenSequence > 0)
                {
                    // Somebody else appended: a cancel from outside, or a host that took over.
                    if (await ReloadAsync(live) is not { } reloaded)
                    {
                        LogLost(run);
                        return;
                    }

                    driver.Dispose();
                    driver = reloaded;
                    live.SetDriver(driver);
                }
            }
        }
        catch (JournalConflictException)
        {
            LogExists(run);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            LogStopped(run);
        }
        catch (Exception exception)
        {
            // Before anything was written, whoever starts the run gets the exception instead.
            if (driver.WrittenSequence > 0)
            {
                LogStuck(run, exception);
                _stuck.TryAdd(run, true);
            }
        }
        finally
        {
            driver.Dispose();
            LetGo(live);
            Meter.Exit();
        }
    }

    /// <summary>The run as it is stored now, if this host still owns it.</summary>
    private async Task<RunDriver?> ReloadAsync(LiveRun live)
    {
        var owned = await _journal.RenewLeasesAsync(_services.NewLease(), _stopping.Token);
        if (!owned.Any(leased => leased.Run == live.Created.RunId))
        {
            return null;
        }

        var state = await _loader.LoadAsync(live.Created.RunId, verify: true, _stopping.Token);
        return state is null or { HasEnded: true } ? null : new RunDriver(_services, state, []);
    }

    private void LetGo(LiveRun live)
    {
        var (factory, pipeline, run) = (live.Created.Factory, live.Created.Pipeline, live.Created.RunId);
        _live.TryRemove(KeyValuePair.Create(run, live));
        if (live.Concurrency is not null && !_stuck.ContainsKey(run))
        {
            _gate.Leave(factory, pipeline, run);
            Admit(factory, pipeline);
        }

        _feed.Complete(run);
        live.LetGo();
    }

    private void Admit(string factory, string pipeline)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        foreach (var admitted in _gate.Admit(factory, pipeline))
        {
            if (_live.TryGetValue(admitted, out var waiting))
            {
                waiting.GivePlace();
            }
        }
    }

    /// <summary>Takes the runs that nobody owns, and drives them on from where they stand.</summary>
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        var leased = await _journal.AcquireLeasesAsync(_services.NewLease(), _clock.GetUtcNow(), cancellationToken);
        if (leased.IsEmpty)
        {
            return;
        }

        var chunks = leased.Select(run => run.Run).Chunk(RunsReadAtOnce).ToArray();
        var states = new List<RunState?>[chunks.Length];
        await Parallel.ForAsync(0, chunks.Length, cancellationToken, async (index, stop) => states[index] = await LoadAsync([.. chunks[index]], stop));
        var taken = new List<(LiveRun Live, RunState State)>(leased.Length);
        foreach (var state in states.SelectMany(chunk => chunk))
        {
            if (state is { HasEnded: false })
            {
                var live = new LiveRun(state.Created, state.Plan.Definition.Concurrency);
                if (_live.TryAdd(state.Id, live))
                {
                    taken.Add((live, state));
                }
            }
        }

        LogTakenOver(taken.Count);

        // All are known before the first goes on: a parent finds the child it waits for.
        foreach (var (live, state) in taken)
        {
            Resume(live, state);
        }
    }

    private void Resume(LiveRun live, RunState state)
    {
        var created = state.Created;
        _gate.Restore(created.Factory, created.Pipeline, live.Concurrency, state.Id, state.Status != RunStatus.Queued);
        LogTakenUp(state.Id, created.Pipeline, state.Sequence);
        live.Accepted.TrySetResult();
        if (live.Concurrency is null && state.Status == RunStatus.Queued)
        {
            live.GivePlace();
        }

        Drive(live, state, []);

        Admit(created.Factory, created.Pipeline);
    }

    /// <summary>Thousands of runs are read in as many questions as there are chunks of them.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "One run that cannot be read must not keep the host from the others.")]
    private async Task<List<RunState?>> LoadAsync(ImmutableArray<RunId> runs, CancellationToken cancellationToken)
    {
        ImmutableArray<RunLoader.FirstPage> pages;
        try
        {
            pages = await _loader.ReadFirstPagesAsync(runs, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // They are leased already. One of them may be to blame: each for itself, so that it takes none of the others with it.
            pages = [.. Enumerable.Repeat(RunLoader.FirstPage.None, runs.Length)];
        }

        var states = new List<RunState?>(runs.Length);
        for (var index = 0; index < runs.Length; index++)
        {
            states.Add(await LoadAsync(runs[index], pages[index], cancellationToken));
        }

        return states;
    }

    [SuppressMessage("Design", "CA1031", Justification = "One run that cannot be read must not keep the host from the others.")]
    private async Task<RunState?> LoadAsync(RunId run, RunLoader.FirstPage first, CancellationToken cancellationToken)
    {
        try
        {
            return await _loader.LoadAsync(run, first, verify: true, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogStuck(run, exception);
            _stuck.TryAdd(run, true);
            return null;
        }
    }

    /// <summary>Renews this host's leases, notices what others did to its runs, and takes up runs of hosts that died.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A store that fails now may work at the next renewal; the loop goes on.")]
    private async Task KeepLeasesAsync(CancellationToken hostStopping)
    {
        // A timer that counts as work from the moment it fires: a clock moved by hand waits for what it set off.
        var ticks = Channel.CreateBounded<bool>(1);
        var interval = _options.LeaseDuration / 3;
        await using var timer = _clock.CreateTimer(_ => Tick(), null, interval, interval);
        try
        {
            while (await ticks.Reader.WaitToReadAsync(hostStopping))
            {
                ticks.Reader.TryRead(out _);
                try
                {
                    await CheckLeasesAsync(hostStopping);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    LogLeasesFailed(exception);
                }
                finally
                {
                    Meter.Exit();
                }
            }
        }
        catch (OperationCanceledException) when (hostStopping.IsCancellationRequested)
        {
            // The host stops, and with it this loop.
        }

        void Tick()
        {
            Meter.Enter();
            if (hostStopping.IsCancellationRequested || !ticks.Writer.TryWrite(true))
            {
                Meter.Exit();
            }
        }
    }

    private async Task CheckLeasesAsync(CancellationToken hostStopping)
    {
        var drivers = _live.Values.Where(live => live.Driver is not null)
            .Select(live => (live.Created.RunId, live.Driver!.WrittenSequence, Driver: live.Driver!))
            .ToList();
        var renewed = await _journal.RenewLeasesAsync(_services.NewLease(), hostStopping);
        var owned = renewed.ToDictionary(leased => leased.Run, leased => leased.Sequence);
        foreach (var (run, before, driver) in drivers)
        {
            // Read before the renewal and after: an append of our own in between is no news.
            if (before > 0 && driver.WrittenSequence == before && (!owned.TryGetValue(run, out var stored) || stored != before))
            {
                driver.Post(new DriverMessage.JournalMoved());
            }
        }

        await TakeUpAsync(hostStopping);
    }

    [LoggerMessage(2003, LogLevel.Information, "Run {Run} of pipeline {Pipeline} ended: {Status}")]
    private partial void LogEnded(RunId run, string pipeline, RunStatus status);

    [LoggerMessage(2010, LogLevel.Information, "{Count} runs of an earlier host go on here")]
    private partial void LogTakenOver(int count);

    [LoggerMessage(2004, LogLevel.Debug, "Run {Run} of pipeline {Pipeline} is taken up after event {Sequence}")]
    private partial void LogTakenUp(RunId run, string pipeline, long sequence);

    [LoggerMessage(2005, LogLevel.Warning, "Run {Run} is driven by another host now")]
    private partial void LogLost(RunId run);

    [LoggerMessage(2006, LogLevel.Error, "Run {Run} stops where it is; cancel it, or start a release that can follow its journal")]
    private partial void LogStuck(RunId run, Exception exception);

    [LoggerMessage(2007, LogLevel.Error, "Leases could not be renewed")]
    private partial void LogLeasesFailed(Exception exception);

    [LoggerMessage(2008, LogLevel.Debug, "Run {Run} is left to the next host")]
    private partial void LogStopped(RunId run);

    [LoggerMessage(2009, LogLevel.Debug, "Run {Run} exists already")]
    private partial void LogExists(RunId run);
}
