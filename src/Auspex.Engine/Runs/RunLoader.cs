using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>Reads a run back from its journal.</summary>
internal sealed class RunLoader(IRunJournal journal, ValueVault vault)
{
    private const int PageSize = 1_000;

    // The whole journal of most runs that wait for something; many of them are read at once.
    private const int FirstPageSize = 64;

    private readonly PlanCache _plans = new();

    /// <summary>Folds the whole journal and loads every value that the run may still need.</summary>
    /// <param name="run">The run.</param>
    /// <param name="verify">Whether to check each decision in the journal against the decider (<see cref="RunReplayer"/>).</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The state; null when the run is unknown.</returns>
    /// <exception cref="JournalDivergenceException">The journal does not fit.</exception>
    public Task<RunState?> LoadAsync(RunId run, bool verify, CancellationToken cancellationToken) =>
        LoadAsync(run, FirstPage.None, verify, cancellationToken);

    /// <summary>The beginnings of several journals, for <see cref="LoadAsync(RunId, FirstPage, bool, CancellationToken)"/>.</summary>
    public async Task<ImmutableArray<FirstPage>> ReadFirstPagesAsync(ImmutableArray<RunId> runs, CancellationToken cancellationToken) =>
        [.. (await journal.ReadManyAsync(runs, FirstPageSize, cancellationToken)).Select(entries => new FirstPage(entries, FirstPageSize))];

    /// <summary>Folds a journal whose beginning was read already, as <see cref="LoadAsync(RunId, bool, CancellationToken)"/> does.</summary>
    public async Task<RunState?> LoadAsync(RunId run, FirstPage first, bool verify, CancellationToken cancellationToken)
    {
        RunState? state = null;
        await foreach (var runEvent in ReadAsync(run, 0, first, cancellationToken))
        {
            if (state is null)
            {
                var created = First(run, runEvent);
                state = new RunState(created, await PlanAsync(created, cancellationToken));
            }
            else if (verify)
            {
                RunReplayer.Step(state, runEvent);
            }
            else
            {
                state.Apply(runEvent);
            }
        }

        if (state is null)
        {
            return null;
        }

        if (verify)
        {
            RunReplayer.CheckEnd(state);
        }

        foreach (var value in state.ReadableValues().Append(state.Created.Parameters).Append(state.Created.GlobalParameters))
        {
            await vault.LoadAsync(value, cancellationToken);
        }

        if (state.Created.SecureParameters is { } secure)
        {
            await vault.LoadAsync(secure, cancellationToken);
        }

        return state;
    }

    /// <summary>Folds the journal into what people see of its activities.</summary>
    /// <returns>The history and the number of the last event in it; null when the run is unknown.</returns>
    public async Task<(RunHistory History, long Sequence)?> LoadHistoryAsync(RunId run, CancellationToken cancellationToken)
    {
        RunHistory? history = null;
        long sequence = 0;
        await foreach (var runEvent in ReadAsync(run, 0, cancellationToken))
        {
            sequence++;
            if (history is null)
            {
                var created = First(run, runEvent);
                history = new RunHistory(created, await PlanAsync(created, cancellationToken));
            }
            else
            {
                history.Apply(runEvent);
            }
        }

        return history is null ? null : (history, sequence);
    }

    /// <summary>Folds the journal of a run that has ended into what a run that repeats it may take over.</summary>
    /// <returns>Null when the run is unknown.</returns>
    public async Task<RecordedRun?> LoadRecordedAsync(RunId run, CancellationToken cancellationToken)
    {
        RecordedRun? recorded = null;
        await foreach (var runEvent in ReadAsync(run, 0, cancellationToken))
        {
            if (recorded is null)
            {
                var created = First(run, runEvent);
                recorded = new RecordedRun(created, await PlanAsync(created, cancellationToken));
            }
            else
            {
                recorded.Apply(runEvent);
            }
        }

        return recorded;
    }

    /// <summary>The events after a number, page by page.</summary>
    public IAsyncEnumerable<RunEvent> ReadAsync(RunId run, long after, CancellationToken cancellationToken) =>
        ReadAsync(run, after, FirstPage.None, cancellationToken);

    private async IAsyncEnumerable<RunEvent> ReadAsync(
        RunId run, long after, FirstPage first, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (page, size) = first;
        while (true)
        {
            foreach (var entry in page)
            {
                if (entry.Sequence != after + 1)
                {
                    throw new JournalDivergenceException(run, entry.Sequence, FormattableString.Invariant($"expected event {after + 1}"));
                }

                after = entry.Sequence;
                yield return JournalCodec.Decode(run, entry);
            }

            if (page.Length < size)
            {
                yield break;
            }

            (page, size) = (await journal.ReadAsync(run, after, PageSize, cancellationToken), PageSize);
        }
    }

    private async Task<PipelinePlan> PlanAsync(RunCreated created, CancellationToken cancellationToken)
    {
        await vault.LoadAsync(created.Definition, cancellationToken);
        return _plans.GetOrAdd(created.Pipeline, created.Definition.Utf8, () => Plan(created));
    }

    private static PipelinePlan Plan(RunCreated created)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        if (created.Definition.ParseObject() is not { } source
            || PipelineLoader.Load(source, file: null, diagnostics) is not { } definition)
        {
            throw new JournalDivergenceException(created.RunId, 1, "its definition is no pipeline any more");
        }

        try
        {
            return PipelinePlan.For(definition with { Name = created.Pipeline });
        }
        catch (RunRejectedException exception)
        {
            throw new JournalDivergenceException(created.RunId, 1, exception.Message, exception);
        }
    }

    /// <param name="Entries">A journal's first events.</param>
    /// <param name="Size">How many were asked for; where there are as many, more may follow.</param>
    public readonly record struct FirstPage(ImmutableArray<JournalEntry> Entries, int Size)
    {
        /// <summary>Nothing was read yet.</summary>
        public static FirstPage None { get; } = new([], 0);
    }

    private static RunCreated First(RunId run, RunEvent runEvent) => runEvent as RunCreated
        ?? throw new JournalDivergenceException(run, 1, $"found {runEvent.GetType().Name}, expected RunCreated");
}
