using System.Collections.Concurrent;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Hosting;

namespace Auspex.Engine.Triggers;

/// <summary>The pollers of all storage triggers of a host: each lists in the background, so that a slow store delays no other trigger.</summary>
internal sealed class BlobPollers(ITriggerStore store, IBlobWatch? blobs, TriggerOptions options, TimeProvider clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TriggerKey, BlobPoller> _pollers = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Lists in the background when it is time.</summary>
    /// <param name="trigger">A started storage trigger.</param>
    /// <param name="look">Called when there is something to look at.</param>
    /// <param name="meter">Counts listing as being busy.</param>
    /// <returns>When to ask again, and why listing does not work; null for neither.</returns>
    public (DateTimeOffset? Next, string? Problem) Poll(KnownTrigger trigger, Action look, BusyMeter meter)
    {
        if (blobs is null)
        {
            return (null, null);
        }

        var poller = _pollers.GetOrAdd(trigger.Key, _ => new BlobPoller(store, blobs, options, clock));
        return poller.Poll(trigger, look, meter, _stopping.Token);
    }

    /// <summary>Lists now, so that blobs that come from here on are told from those that are there.</summary>
    public Task PollNowAsync(KnownTrigger trigger, CancellationToken cancellationToken) => blobs is null
        ? Task.CompletedTask
        : _pollers.GetOrAdd(trigger.Key, _ => new BlobPoller(store, blobs, options, clock)).PollNowAsync(trigger, cancellationToken);

    public void Forget(TriggerKey key)
    {
        if (_pollers.TryRemove(key, out var poller))
        {
            poller.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var (key, poller) in _pollers)
        {
            await poller.Listing;
            Forget(key);
        }

        _stopping.Dispose();
    }

    /// <summary>What a trigger's blobs begin with, as the store writes paths: <c>container/folder/prefix</c>.</summary>
    public static string PrefixOf(BlobEventsTrigger detail) =>
        detail.PathBeginsWith.TrimStart('/').Replace("/blobs/", "/", StringComparison.Ordinal);
}
