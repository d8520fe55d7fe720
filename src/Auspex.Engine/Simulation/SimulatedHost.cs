using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.ControlFlow;
using Auspex.Engine.Hosting;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Engine.Triggers;
using Auspex.Stores;

namespace Auspex.Engine.Simulation;

/// <summary>
/// Runs pipelines and fires triggers with the engine itself under a clock that jumps to whatever is due next: waits, retries
/// and timeouts take no time.
/// </summary>
/// <remarks>
/// The clock moves only while the host has nothing to do, so that the outcome does not depend on the machine's speed. Executors
/// answer at once or sleep by <see cref="SleepAsync"/>; one that waits for anything else stops time. One caller at a time;
/// executors may call from any thread.
/// </remarks>
public sealed class SimulatedHost : IAsyncDisposable
{
    // Leases and looking for edited definitions have no meaning here, and would only fill the clock.
    private static readonly TimeSpan Never = TimeSpan.FromDays(49);

    private readonly LocalRunHost _runs;
    private readonly TriggerHost _triggers;
    private readonly ValueVault _vault;
    private readonly RunLoader _loader;
    private readonly ConcurrentDictionary<RunId, RunPlace> _places = [];
    private readonly ConcurrentDictionary<RunId, JsonObject> _variables = [];

    /// <param name="options">What to work with.</param>
    public SimulatedHost(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Clock = new VirtualClock(options.Start);
        var protector = new PassThroughProtector();
        var engine = new EngineOptions { LeaseDuration = Never * 3, MaxQueuedRuns = 100_000 };
        var factory = new OneFactory(options.Factory);
        _vault = new ValueVault(options.Artifacts, protector, engine.MaxInlineBytes);
        _loader = new RunLoader(options.Journal, _vault);
        _runs = new LocalRunHost(
            options.Journal, options.Artifacts, factory, options.Catalog, protector, engine, Clock, new SimulatedRunIds(options.Seed))
        {
            RunEnded = Keep,
        };
        _triggers = new TriggerHost(options.Triggers, _runs, factory, new TriggerOptions { CheckInterval = Never }, Clock);
    }

    /// <summary>The time of the simulation. Only runs and <see cref="AdvanceToAsync"/> move it.</summary>
    public VirtualClock Clock { get; }

    /// <summary>The runs.</summary>
    public IPipelineRuns Runs => _runs;

    /// <summary>The triggers; all of them rest until they are started.</summary>
    public ITriggers Triggers => _triggers;

    /// <summary>Begins. To be called once, before anything else.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _runs.StartHostAsync(cancellationToken);
        await _triggers.StartHostAsync(cancellationToken);
        await QuietAsync(cancellationToken);
    }

    /// <summary>Runs a pipeline to its end.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="limit">The most time that may pass, by the simulation's clock.</param>
    /// <param name="cancellationToken">Stops the simulation where it is.</param>
    /// <returns>The run; its status says whether it ended within the limit.</returns>
    /// <exception cref="RunRejectedException">The run could not be started.</exception>
    public Task<SimulatedRun> RunAsync(PipelineRunRequest request, TimeSpan limit, CancellationToken cancellationToken) =>
        RunAsync(request, limit, cancelAfter: null, cancellationToken);

    /// <summary>Runs a pipeline to its end, or cancels it and all that it started.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="limit">The most time that may pass, by the simulation's clock.</param>
    /// <param name="cancelAfter">When to cancel it; null for never.</param>
    /// <param name="cancellationToken">Stops the simulation where it is.</param>
    public async Task<SimulatedRun> RunAsync(
        PipelineRunRequest request, TimeSpan limit, TimeSpan? cancelAfter, CancellationToken cancellationToken)
    {
        var end = Clock.GetUtcNow() + limit;
        var cancelAt = Clock.GetUtcNow() + cancelAfter;
        var id = await _runs.StartAsync(request, cancellationToken);
        while (true)
        {
            await QuietAsync(cancellationToken);
            var run = await FindAsync(id, cancellationToken);
            if (run.End is not null)
            {
                return await DescribeAsync(run, cancellationToken);
            }

            if (cancelAt is { } moment && (moment <= Clock.GetUtcNow() || !Clock.AdvanceToNextTimer(moment - Clock.GetUtcNow())))
            {
                cancelAt = null;
                await AdvanceToAsync(moment, cancellationToken);
                await _runs.CancelAsync(id, recursive: true, cancellationToken);
            }
            else if (cancelAt is null && !Clock.AdvanceToNextTimer(end - Clock.GetUtcNow()))
            {
                return await DescribeAsync(run, cancellationToken);
            }
        }
    }

    /// <summary>Lets everything happen up to a moment; one that has passed changes nothing.</summary>
    public async Task AdvanceToAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await QuietAsync(cancellationToken);
        while (Clock.AdvanceToNextTimer(moment - Clock.GetUtcNow()))
        {
            await QuietAsync(cancellationToken);
        }

        if (moment > Clock.GetUtcNow())
        {
            Clock.Advance(moment - Clock.GetUtcNow());
        }

        await QuietAsync(cancellationToken);
    }

    /// <summary>All that is known of a run.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    public async Task<SimulatedRun> DescribeAsync(RunId id, CancellationToken cancellationToken) =>
        await DescribeAsync(await FindAsync(id, cancellationToken), cancellationToken);

    /// <summary>Lets an executor's time pass by the simulation's clock.</summary>
    /// <exception cref="OperationCanceledException">The attempt was stopped meanwhile.</exception>
    public Task SleepAsync(TimeSpan span, CancellationToken cancellationToken) => SleepingAttempt.SleepAsync(_runs.Meter, Clock, span, cancellationToken);

    /// <summary>Where a run that an executor works for stands.</summary>
    public async Task<RunPlace> LocateAsync(RunId id, CancellationToken cancellationToken)
    {
        if (_places.TryGetValue(id, out var known))
        {
            return known;
        }

        var run = await FindAsync(id, cancellationToken);
        var place = new RunPlace(id, "", run.Parameters);
        if (run.Parent is { } parent)
        {
            var above = await LocateAsync(parent.RunId, cancellationToken);
            var caller = (await _runs.ListActivityRunsAsync(parent.RunId, cancellationToken))
                .First(activity => IsCaller(activity) && RunIds.OfChild(activity.Id) == id);
            place = above with { Path = above.PathOf(caller.Path) };
        }

        return _places.GetOrAdd(id, place);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _triggers.DisposeAsync();
        await _runs.DisposeAsync();
    }

    private async Task<SimulatedRun> DescribeAsync(PipelineRun run, CancellationToken cancellationToken)
    {
        var activities = ImmutableArray.CreateBuilder<ActivityRun>();
        var branches = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        var iterations = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        await CollectAsync(run.Id, "");
        return new SimulatedRun
        {
            Run = run,
            Activities = activities.ToImmutable(),
            Variables = _variables.GetValueOrDefault(run.Id)?.DeepClone().AsObject() ?? [],
            Branches = branches.ToImmutable(),
            Iterations = iterations.ToImmutable(),
        };

        async Task CollectAsync(RunId id, string path)
        {
            var place = new RunPlace(run.Id, path, run.Parameters);
            await foreach (var runEvent in _loader.ReadAsync(id, 0, cancellationToken))
            {
                switch (runEvent)
                {
                    case BranchChosen chosen:
                        branches[place.PathOf(chosen.Activity)] = chosen.Branch;
                        break;
                    case LoopStarted started:
                        iterations.TryAdd(place.PathOf(started.Activity), 0);
                        break;
                    case IterationStarted started:
                        iterations[place.PathOf(started.Activity)] = started.Index + 1;
                        break;
                }
            }

            foreach (var activity in await _runs.ListActivityRunsAsync(id, cancellationToken))
            {
                activities.Add(activity with { Path = place.PathOf(activity.Path) });
                if (IsCaller(activity) && await _runs.FindAsync(RunIds.OfChild(activity.Id), cancellationToken) is { } child)
                {
                    await CollectAsync(child.Id, place.PathOf(activity.Path));
                }
            }
        }
    }

    private static bool IsCaller(ActivityRun activity) =>
        activity.Type.Equals(ExecutePipelineExecutor.Type, StringComparison.OrdinalIgnoreCase);

    private async Task<PipelineRun> FindAsync(RunId id, CancellationToken cancellationToken) =>
        await _runs.FindAsync(id, cancellationToken) ?? throw new KeyNotFoundException($"There is no run '{id}'.");

    private Task QuietAsync(CancellationToken cancellationToken) => _runs.Meter.WhenQuietAsync().WaitAsync(cancellationToken);

    private void Keep(RunState state) => _variables[state.Id] = new JsonObject(
        state.Variables.Select(variable => KeyValuePair.Create(variable.Key, variable.Value.Current?.DeepClone())));

    private sealed class OneFactory(FactoryDefinition factory) : IDefinitionStore
    {
        public ImmutableArray<string> FactoryNames => [factory.Name];

        public FactoryDefinition? FindFactory(string name) =>
            name.Equals(factory.Name, StringComparison.OrdinalIgnoreCase) ? factory : null;
    }
}
