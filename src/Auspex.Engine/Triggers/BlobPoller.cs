using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Hosting;

namespace Auspex.Engine.Triggers;

/// <summary>Finds what changed among a trigger's blobs by comparing lists with what it has seen, which is durable.</summary>
/// <remarks>
/// <para>
/// A blob's run and its being seen are one transaction: none is missed or doubled by a crash, and what came while the host was down
/// is found when it lists again. Times of change are not asked: a file that is moved into a folder keeps its own.
/// </para>
/// <para>What was seen is kept in memory too, some 200 bytes a blob, and read again when another host has moved the trigger on.</para>
/// </remarks>
internal sealed class BlobPoller(ITriggerStore store, IBlobWatch blobs, TriggerOptions options, TimeProvider clock) : IDisposable
{
    // Bounds one transaction; also how much a crash makes a host list again.
    private const int MostAtOnce = 200;

    private static readonly TimeSpan SettleInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, string> _unsettled = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _known;
    private long _knownVersion;
    private IDisposable? _watch;
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private volatile bool _isHinted;
    private volatile bool _isListing;
    private volatile string? _problem;

    /// <summary>The list being made, or the last one.</summary>
    public Task Listing { get; private set; } = Task.CompletedTask;

    public (DateTimeOffset? Next, string? Problem) Poll(KnownTrigger trigger, Action look, BusyMeter meter, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        if (_isListing)
        {
            return (null, _problem);
        }

        if (now < _next && !_isHinted && _next - now <= options.BlobPollInterval)
        {
            return (_next, _problem);
        }

        _isHinted = false;
        _next = now.Plus(options.BlobPollInterval);
        _isListing = true;
        meter.Enter();
        Listing = Task.Run(() => ListAsync(trigger, look, meter, stopping), CancellationToken.None);
        return (null, _problem);
    }

    public async Task PollNowAsync(KnownTrigger trigger, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await CompareAsync(trigger, cancellationToken);
            _problem = null;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _watch?.Dispose();

    [SuppressMessage("Design", "CA1031", Justification = "A worker: whatever keeps a store from being listed is told as the trigger's problem, and tried again.")]
    private async Task ListAsync(KnownTrigger trigger, Action look, BusyMeter meter, CancellationToken stopping)
    {
        try
        {
            await PollNowAsync(trigger, stopping);
            if (_unsettled.Count > 0)
            {
                _next = clock.GetUtcNow().Plus(SettleInterval < options.BlobPollInterval ? SettleInterval : options.BlobPollInterval);
            }

            _watch ??= blobs.Open(trigger.Factory, trigger.Definition, (BlobEventsTrigger)trigger.Detail!)
                ?.Watch(BlobPollers.PrefixOf((BlobEventsTrigger)trigger.Detail!), () =>
                {
                    _isHinted = true;
                    look();
                });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next host lists again.
        }
        catch (Exception exception)
        {
            _problem = $"The blobs of trigger '{trigger.Definition.Name}' could not be listed: {exception.Message}";
        }
        finally
        {
            _isListing = false;
            look();
            meter.Exit();
        }
    }

    private async Task CompareAsync(KnownTrigger trigger, CancellationToken cancellationToken)
    {
        var detail = (BlobEventsTrigger)trigger.Detail!;
        if (blobs.Open(trigger.Factory, trigger.Definition, detail) is not { } source)
        {
            return;
        }

        // Before the list: what another host deals with while it is made changes the version, and the list is made again.
        var state = await store.FindAsync(trigger.Factory.Name, trigger.Definition.Name, cancellationToken);
        if (state is not { RuntimeState: TriggerRuntimeState.Started })
        {
            return;
        }

        var known = await ReadKnownAsync(state, cancellationToken);
        var found = new List<WatchedBlob>();
        await foreach (var blob in source.ListAsync(BlobPollers.PrefixOf(detail), cancellationToken))
        {
            if (BlobEvents.Fits(detail, blob.Path))
            {
                found.Add(blob);
            }
        }

        var changed = found
            .Where(blob => known.GetValueOrDefault(blob.Path) != blob.ETag)
            .OrderBy(blob => blob.LastModified).ThenBy(blob => blob.Path, StringComparer.Ordinal)
            .ToList();
        if (!state.KnowsBlobs)
        {
            await LearnAsync(state, known, changed);
            return;
        }

        var present = found.Select(blob => blob.Path).ToHashSet(StringComparer.Ordinal);
        var gone = known.Keys.Where(path => !present.Contains(path)).Order(StringComparer.Ordinal).ToList();
        var settled = source.ShowsWholeBlobs ? changed : Settled(changed);
        await FireAsync(trigger, detail, state, known, settled, gone);
    }

    // What was there when the trigger was started starts nothing.
    private async Task LearnAsync(TriggerState state, Dictionary<string, string> known, List<WatchedBlob> all)
    {
        var version = await store.ApplyAsync(new TriggerChange
        {
            State = state with { KnowsBlobs = true },
            ForgetBlobs = true,
            BlobsSeen = [.. all.Select(blob => new KnownBlob(blob.Path, blob.ETag))],
        });
        if (version is not null)
        {
            known.Clear();
            all.ForEach(blob => known[blob.Path] = blob.ETag);
            _knownVersion = state.Version + 1;
        }
    }

    private async Task FireAsync(
        KnownTrigger trigger, BlobEventsTrigger detail, TriggerState state, Dictionary<string, string> known, List<WatchedBlob> changed, List<string> gone)
    {
        var steps = changed.Select(blob => (blob.Path, Blob: (WatchedBlob?)blob)).Concat(gone.Select(path => (Path: path, Blob: (WatchedBlob?)null)));
        foreach (var chunk in steps.Chunk(MostAtOnce))
        {
            var now = clock.GetUtcNow();
            var current = state;
            var change = new TriggerChange
            {
                State = state,
                NewRuns =
                [
                    .. chunk
                        .Where(step => step.Blob is { } blob ? detail.OnCreated && !(detail.IgnoreEmptyBlobs && blob.SizeInBytes == 0) : detail.OnDeleted)
                        .Select(step => NewRun(trigger, current, step.Path, step.Blob, now)),
                ],
                BlobsSeen = [.. chunk.Where(step => step.Blob is not null).Select(step => new KnownBlob(step.Path, step.Blob!.Value.ETag))],
                BlobsGone = [.. chunk.Where(step => step.Blob is null).Select(step => step.Path)],
            };
            if (await store.ApplyAsync(change) is null)
            {
                // Somebody else moved the trigger on: the next list is compared with what is known then.
                return;
            }

            state = state with { Version = state.Version + 1 };
            _knownVersion = state.Version;
            foreach (var (path, blob) in chunk)
            {
                if (blob is { } seen)
                {
                    known[path] = seen.ETag;
                }
                else
                {
                    known.Remove(path);
                }
            }
        }
    }

    private static StoredTriggerRun NewRun(KnownTrigger trigger, TriggerState state, string path, WatchedBlob? blob, DateTimeOffset now)
    {
        var moment = blob?.LastModified ?? now;

        // The version is this transaction's alone: the same file may come, go and come again looking just the same.
        var occurrence = string.Create(CultureInfo.InvariantCulture, $"poll/{state.Version}/{path}");
        return OccurrenceStepper.NewRun(trigger, state, moment, moment, occurrence, now) with { Body = BlobEvents.BodyOf(path) };
    }

    private List<WatchedBlob> Settled(List<WatchedBlob> changed)
    {
        var settled = changed.Where(blob => _unsettled.GetValueOrDefault(blob.Path) == blob.ETag).ToList();
        _unsettled.Clear();
        foreach (var blob in changed.Except(settled))
        {
            _unsettled[blob.Path] = blob.ETag;
        }

        return settled;
    }

    private async Task<Dictionary<string, string>> ReadKnownAsync(TriggerState state, CancellationToken cancellationToken)
    {
        if (_known is null || _knownVersion != state.Version)
        {
            _known = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (path, etag) in await store.ListBlobsAsync(state.Factory, state.Trigger, cancellationToken))
            {
                _known[path] = etag;
            }

            _knownVersion = state.Version;
        }

        return _known;
    }
}
