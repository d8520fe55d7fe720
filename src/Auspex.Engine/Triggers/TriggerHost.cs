using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Auspex.Engine.Hosting;
using Auspex.Engine.Runs;
using Auspex.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Auspex.Engine.Triggers;

/// <summary>Fires the triggers of all factories: looks at each when it is due, when something it waits for happened, and now and then.</summary>
/// <remarks>
/// An occurrence is written down before its pipelines are started, in the same transaction that moves its trigger on, and
/// pipelines are started under ids that follow from it. So a host that dies anywhere leaves either no occurrence or one that
/// the next host starts again without effect, and of two hosts on one store one writes it down. Without
/// <see cref="StartHostAsync"/> triggers can be asked and changed, but nothing fires.
/// </remarks>
public sealed partial class TriggerHost : ITriggers, IAsyncDisposable
{
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(5);

    // For pipeline runs that another host drives: nobody tells this one when they end.
    private static readonly TimeSpan RemoteInterval = TimeSpan.FromSeconds(1);

    private readonly ITriggerStore _store;
    private readonly IPipelineRuns _runs;
    private readonly LocalRunHost? _localRuns;
    private readonly IDefinitionStore _definitions;
    private readonly TriggerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly PipelineStarter _starter;
    private readonly BlobPollers _pollers;
    private readonly BusyMeter _meter;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<TriggerKey, bool> _dirty = [];
    private readonly ConcurrentDictionary<RunId, bool> _watched = [];
    private readonly ConcurrentDictionary<TriggerKey, string> _problems = [];
    private readonly Dictionary<TriggerKey, DateTimeOffset> _due = [];
    private readonly HashSet<TriggerKey> _waitingForOthers = [];
    private readonly ITimer _timer;
    private Task _loop = Task.CompletedTask;
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;
    private DateTimeOffset? _lastPass;
    private DateTimeOffset _horizon = DateTimeOffset.MinValue;
    private int _signalled;
    private int _stage;
    private int _isDisposed;

    /// <param name="store">Keeps what became of triggers.</param>
    /// <param name="runs">Starts pipelines.</param>
    /// <param name="definitions">The factories as they are now.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="clock">Null for the system's.</param>
    /// <param name="blobs">Finds the blobs of storage triggers; null for posted events only.</param>
    /// <param name="logger">Null for none.</param>
    public TriggerHost(
        ITriggerStore store,
        IPipelineRuns runs,
        IDefinitionStore definitions,
        TriggerOptions? options = null,
        TimeProvider? clock = null,
        IBlobWatch? blobs = null,
        ILogger<TriggerHost>? logger = null)
    {
        _store = store;
        _runs = runs;
        _localRuns = runs as LocalRunHost;
        _definitions = definitions;
        _options = options ?? new TriggerOptions();
        _clock = clock ?? TimeProvider.System;
        _logger = logger ?? NullLogger<TriggerHost>.Instance;
        _starter = new PipelineStarter(runs, _clock);
        _pollers = new BlobPollers(store, blobs, _options, _clock);
        _meter = _localRuns?.Meter ?? new BusyMeter();
        _timer = _clock.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to fire. Whoever runs the pipelines must run already. To be called once.</summary>
    public Task StartHostAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.CompareExchange(ref _stage, 1, 0) != 0)
        {
            throw new InvalidOperationException("The trigger host was started before.");
        }

        _loop = Task.Run(RunAsync, CancellationToken.None);
        Signal();
        return Task.CompletedTask;
    }

    /// <summary>Fires nothing more; what was begun is ended or left to the next host.</summary>
    public async Task StopHostAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stage, 2) != 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
        if (Interlocked.Exchange(ref _signalled, 1) == 1)
        {
            _meter.Exit();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopHostAsync(CancellationToken.None);

        // A container disposes what it hands out under two names twice.
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _pollers.DisposeAsync();
        await _timer.DisposeAsync();
        _stopping.Dispose();
        _wake.Dispose();
    }

    /// <summary>Looks at a trigger as soon as the loop is free; null when only time has passed.</summary>
    private void Signal(TriggerKey? key = null)
    {
        if (key is { } dirty)
        {
            _dirty[dirty] = true;
        }

        if (_stage == 1 && Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            _meter.Enter();
            _wake.Release();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A worker loop: whatever goes wrong with one look must not end firing.")]
    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Interlocked.Exchange(ref _signalled, 0);
            try
            {
                await PassAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogPassFailed(exception);
                _timer.Change(RetryAfterFailure, Timeout.InfiniteTimeSpan);
            }
            finally
            {
                _meter.Exit();
            }
        }
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();

        // A healthy host passes at least once an interval; a longer gap means that it was down, or the machine asleep.
        if (_lastPass is not { } last || now - last > _options.CheckInterval + _options.MisfireTolerance)
        {
            _horizon = Later(_horizon, now.Minus(_options.MisfireTolerance));
        }

        _lastPass = now;
        var keys = new HashSet<TriggerKey>();
        if (now >= _nextSweep || _nextSweep - now > _options.CheckInterval)
        {
            _nextSweep = now.Plus(_options.CheckInterval);
            _definitions.Refresh();
            await SweepAsync(keys, cancellationToken);
        }

        foreach (var (key, _) in _dirty)
        {
            if (_dirty.TryRemove(key, out _))
            {
                keys.Add(key);
            }
        }

        keys.UnionWith(_due.Where(entry => entry.Value <= now).Select(entry => entry.Key));
        foreach (var key in keys)
        {
            await LookAsync(key, cancellationToken);
        }

        // What passing took counts too: a window may have come due meanwhile.
        now = _clock.GetUtcNow();
        var next = _due.Values.Append(_nextSweep).Min();
        _timer.Change(next <= now ? TimeSpan.Zero : next - now, Timeout.InfiniteTimeSpan);
    }

    private async Task SweepAsync(HashSet<TriggerKey> keys, CancellationToken cancellationToken)
    {
        foreach (var factory in _definitions.FactoryNames)
        {
            foreach (var trigger in _definitions.FindFactory(factory)?.Triggers.Values ?? [])
            {
                keys.Add(new TriggerKey(factory, trigger.Name));
            }
        }

        // Triggers whose definition is gone may still have runs to be ended.
        foreach (var state in await _store.ListAsync(cancellationToken))
        {
            keys.Add(new TriggerKey(state.Factory, state.Trigger));
        }

        foreach (var gone in _due.Keys.Where(key => !keys.Contains(key)).ToArray())
        {
            _due.Remove(gone);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A worker loop: one trigger that cannot be followed must not keep the others from firing.")]
    private async Task LookAsync(TriggerKey key, CancellationToken cancellationToken)
    {
        DateTimeOffset? next;
        try
        {
            next = FindKnown(key) is { } trigger
                ? await AdvanceAsync(trigger, cancellationToken)
                : await EndOrphansAsync(key, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogTriggerFailed(key.Factory, key.Trigger, exception);
            _problems[key] = exception.Message;
            next = _clock.GetUtcNow().Plus(RetryAfterFailure);
        }

        if (next is { } at)
        {
            _due[key] = at;
        }
        else
        {
            _due.Remove(key);
        }
    }

    private KnownTrigger? FindKnown(TriggerKey key) =>
        _definitions.FindFactory(key.Factory) is { } factory && factory.Triggers.TryGetValue(key.Trigger, out var definition)
            ? KnownTrigger.Of(factory, definition)
            : null;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    [LoggerMessage(2030, LogLevel.Error, "Looking at the triggers failed; it is tried again")]
    private partial void LogPassFailed(Exception exception);

    [LoggerMessage(2031, LogLevel.Error, "Trigger {Trigger} of {Factory} could not be followed; it is tried again")]
    private partial void LogTriggerFailed(string factory, string trigger, Exception exception);

    [LoggerMessage(2032, LogLevel.Information, "Trigger {Trigger} of {Factory} is {State}")]
    private partial void LogState(string factory, string trigger, TriggerRuntimeState state);

    [LoggerMessage(2033, LogLevel.Information, "Trigger {Trigger} of {Factory} fired: run {Run}, planned for {Scheduled}")]
    private partial void LogFired(string factory, string trigger, string run, DateTimeOffset scheduled);

    [LoggerMessage(2034, LogLevel.Warning, "Trigger run {Run} of {Trigger} in {Factory} could not start its pipelines: {Message}")]
    private partial void LogNotStarted(string factory, string trigger, string run, string message);
}
