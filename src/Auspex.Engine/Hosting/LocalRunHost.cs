using System.Collections.Concurrent;
using System.Collections.Immutable;
using Auspex.Engine.ControlFlow;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Auspex.Engine.Hosting;

/// <summary>Runs pipelines in this process: takes up what an earlier process left, drives what is started, leaves the rest in order.</summary>
/// <remarks>
/// Every open run is leased to one host. A host that dies loses its leases when they end, and whichever host renews next
/// takes its runs; a host that stops gives them up at once. Two hosts on one journal are safe: the second to append
/// conflicts and lets go. <c>concurrency</c> is kept per host.
/// </remarks>
public sealed partial class LocalRunHost : IPipelineRuns, IAsyncDisposable
{
    private readonly IRunJournal _journal;
    private readonly TimeProvider _clock;
    private readonly RunIds _ids;
    private readonly EngineOptions _options;
    private readonly ILogger _logger;
    private readonly ValueVault _vault;
    private readonly RunLoader _loader;
    private readonly RunFeed _feed = new();
    private readonly PipelineGate _gate;
    private readonly RunHostServices _services;
    private readonly ExecutePipelineExecutor _executePipeline;
    private readonly ConcurrentDictionary<RunId, LiveRun> _live = [];

    // Runs that this release cannot follow: leased, so that nobody tries in vain, and left until somebody cancels them.
    private readonly ConcurrentDictionary<RunId, bool> _stuck = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _leases = Task.CompletedTask;
    private int _stage;

    /// <param name="journal">Keeps the runs.</param>
    /// <param name="artifacts">Keeps values too large for the journal.</param>
    /// <param name="definitions">The factories as they are when an attempt starts.</param>
    /// <param name="catalog">The executors.</param>
    /// <param name="protector">Encrypts secrets in the journal.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="clock">Null for the system's.</param>
    /// <param name="ids">Null for <see cref="RunIds.Unique"/>.</param>
    /// <param name="logger">Null for none.</param>
    public LocalRunHost(
        IRunJournal journal,
        IArtifactStore artifacts,
        IDefinitionStore definitions,
        ActivityCatalog catalog,
        ISecretProtector protector,
        EngineOptions? options = null,
        TimeProvider? clock = null,
        RunIds? ids = null,
        ILogger<LocalRunHost>? logger = null)
    {
        _journal = journal;
        _clock = clock ?? TimeProvider.System;
        _ids = ids ?? RunIds.Unique;
        _options = options ?? new EngineOptions();
        _logger = logger ?? NullLogger<LocalRunHost>.Instance;
        _gate = new PipelineGate(_options.MaxQueuedRuns);
        _vault = new ValueVault(artifacts, protector, _options.MaxInlineBytes);
        _loader = new RunLoader(journal, _vault);
        _executePipeline = new ExecutePipelineExecutor(this);
        var retry = new StoreRetry(_clock, _logger, _stopping.Token);
        _services = new RunHostServices
        {
            Journal = journal,
            Vault = new ValueVault(artifacts, protector, _options.MaxInlineBytes, retry),
            StoreRetry = retry,
            Definitions = definitions,
            Catalog = catalog,
            FindExecutor = type => type.Equals(ExecutePipelineExecutor.Type, StringComparison.OrdinalIgnoreCase)
                ? _executePipeline
                : catalog.Find(type),
            Attempts = new AttemptRunner(_clock, _options.StopGracePeriod, _logger),
            Options = _options,
            Clock = _clock,
            Meter = Meter,
            Feed = _feed,
            Owner = _ids.NewHost(),
            CancelChildren = CancelChildrenAsync,
            Logger = _logger,
        };
    }

    /// <summary>What the host has to do at this moment.</summary>
    internal BusyMeter Meter { get; } = new();

    /// <summary>Tells the final state of each run that ends here, for whoever compares it with its journal.</summary>
    internal Action<RunState>? RunEnded { get; set; }

    /// <summary>Takes up the open runs that nobody owns and begins to accept new ones. To be called once.</summary>
    public async Task StartHostAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _stage, 1, 0) != 0)
        {
            throw new InvalidOperationException("The run host was started before.");
        }

        await TakeUpAsync(cancellationToken);
        _leases = KeepLeasesAsync(_stopping.Token);
    }

    /// <summary>Stops accepting runs, leaves running attempts to the next host, and gives the runs up.</summary>
    public async Task StopHostAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stage, 2) != 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        while (!_live.IsEmpty)
        {
            foreach (var live in _live.Values)
            {
                live.Driver?.Post(new DriverMessage.HostStopping());
            }

            await Task.WhenAll(_live.Values.Select(live => live.Task)).WaitAsync(cancellationToken);

            // A run that was being started just now has its task in a moment.
            await Task.Yield();
        }

        await _leases.WaitAsync(cancellationToken);
        await _journal.ReleaseAllAsync(_services.Owner, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopHostAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    /// <inheritdoc/>
    public Task<RunId> StartAsync(PipelineRunRequest request, CancellationToken cancellationToken) =>
        StartAsync(request, secureParameters: false, cancellationToken);

    /// <param name="request">What to run.</param>
    /// <param name="secureParameters">Whether to keep all arguments secret.</param>
    /// <param name="cancellationToken">Stops the attempt to start before anything is written.</param>
    internal async Task<RunId> StartAsync(
        PipelineRunRequest request, bool secureParameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_stage != 1)
        {
            throw new RunRejectedException(ErrorCode.HostNotRunning, "The run host does not run; no run was started. Start it, or try again later.");
        }

        if (request.RunId is { } known)
        {
            if (_live.TryGetValue(known, out var live))
            {
                await live.Accepted.Task.WaitAsync(cancellationToken);
                return known;
            }

            if (await _journal.FindAsync(known, cancellationToken) is not null)
            {
                return known;
            }
        }

        var plan = PipelinePlan.For(request.Pipeline);
        var (created, kept) = request.Recovery is { } recovery
            ? await RecoverAsync(request, recovery, plan, secureParameters, cancellationToken)
            : (await CreateAsync(request, secureParameters), []);
        return await BeginAsync(created, plan, kept);
    }

    /// <inheritdoc/>
    public async Task<PipelineRun?> FindAsync(RunId id, CancellationToken cancellationToken) =>
        await _journal.FindAsync(id, cancellationToken) is { } summary
            ? await RunSummaries.ToRunAsync(summary, _vault, _journal, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<ImmutableArray<ActivityRun>> ListActivityRunsAsync(RunId id, CancellationToken cancellationToken) =>
        await _loader.LoadHistoryAsync(id, cancellationToken) is var (history, _)
            ? await history.ListAsync(_vault, cancellationToken)
            : [];

    /// <inheritdoc/>
    public async Task<ImmutableArray<PipelineRun>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Take, 1_000);
        var summaries = await _journal.ListAsync(query, cancellationToken);
        var runs = ImmutableArray.CreateBuilder<PipelineRun>(summaries.Length);
        foreach (var summary in summaries)
        {
            runs.Add(await RunSummaries.ToRunAsync(summary, _vault, _journal, cancellationToken));
        }

        return runs.MoveToImmutable();
    }

    /// <summary>Whether there is a run of this id.</summary>
    internal async Task<bool> IsKnownAsync(RunId run, CancellationToken cancellationToken) =>
        await _journal.FindAsync(run, cancellationToken) is not null;

    /// <summary>The parent's side of a run that an ExecutePipeline of <paramref name="run"/> starts.</summary>
    internal ParentRun? ParentOf(RunId run) => _live.TryGetValue(run, out var live)
        ? new ParentRun(live.Created.Pipeline, run, live.Created.Depth)
        : null;

    private async Task<RunCreated> CreateAsync(PipelineRunRequest request, bool secureParameters)
    {
        var depth = request.Parent is { } parent ? parent.Depth + 1 : 0;
        if (depth > _options.MaxPipelineDepth)
        {
            throw new RunRejectedException(ErrorCode.PipelineDepth, FormattableString.Invariant(
                $"Pipeline '{request.Pipeline.Name}' would be executed {depth} pipelines deep, at most {_options.MaxPipelineDepth} are allowed. Break the recursion, or raise Auspex:Engine:MaxPipelineDepth."));
        }

        var parameters = ParameterBinding.Bind(request.Pipeline, request.Parameters, secureParameters);
        // Data Factory has no SecureString among global parameters, so passwords stand in them as plain text.
        var globals = _services.Definitions.FindFactory(request.Factory)?.GlobalParameters ?? [];
        return new RunCreated(
            _clock.GetUtcNow(),
            request.RunId ?? _ids.NewRun(),
            request.Factory,
            request.Pipeline.Name,
            await _vault.StoreAsync(request.Pipeline.Source, isSecret: false),
            await _vault.StoreAsync(parameters.Open, isSecret: false),
            parameters.Secure is { } secure ? await _vault.StoreAsync(secure, isSecret: true) : null,
            await _vault.StoreAsync(globals, isSecret: globals.Count > 0),
            request.TriggerType,
            request.TriggerName,
            request.Parent?.Pipeline,
            request.Parent?.RunId,
            depth,
            EngineBehavior.Current)
        {
            TriggerId = request.TriggerId,
        };
    }

    private async Task<RunId> BeginAsync(RunCreated created, PipelinePlan plan, IReadOnlyCollection<RunEvent> kept)
    {
        var live = new LiveRun(created, plan.Definition.Concurrency);
        if (_live.GetOrAdd(created.RunId, live) is var present && present != live)
        {
            await present.Accepted.Task;
            return created.RunId;
        }

        try
        {
            var state = new RunState(created, plan);
            List<RunEvent> events = [created, .. kept];
            foreach (var runEvent in kept)
            {
                state.Apply(runEvent);
            }

            if (_gate.Enter(created.Factory, created.Pipeline, plan.Definition.Concurrency, created.RunId))
            {
                var started = new RunStarted(_clock.GetUtcNow());
                state.Apply(started);
                events.Add(started);
            }

            Drive(live, state, events);
            await live.Driver!.FirstStep;
        }
        catch (JournalConflictException)
        {
            // Another host created a run of this very id: there is one, as asked.
        }
        catch (AuspexException exception)
        {
            _live.TryRemove(KeyValuePair.Create(created.RunId, live));
            live.LetGo();
            live.Accepted.TrySetException(exception);
            _ = live.Accepted.Task.Exception;
            throw;
        }

        live.Accepted.TrySetResult();
        LogAccepted(created.RunId, created.Pipeline, created.Factory);
        return created.RunId;
    }

    [LoggerMessage(2002, LogLevel.Information, "Run {Run} of pipeline {Pipeline} in {Factory} was accepted")]
    private partial void LogAccepted(RunId run, string pipeline, string factory);
}
