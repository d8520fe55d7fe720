using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Hosting;

/// <summary>Hands durable events and fleeting progress to whoever watches a run. Costs nothing while nobody does.</summary>
internal sealed class RunFeed
{
    private readonly ConcurrentDictionary<RunId, ImmutableList<RunSubscription>> _subscriptions = [];

    public RunSubscription Subscribe(RunId run)
    {
        var subscription = new RunSubscription(this, run);
        _subscriptions.AddOrUpdate(run, _ => [subscription], (_, others) => others.Add(subscription));
        return subscription;
    }

    /// <param name="run">The run.</param>
    /// <param name="after">The number of the event before the first.</param>
    /// <param name="events">Durable events.</param>
    public void Publish(RunId run, long after, IReadOnlyCollection<RunEvent> events)
    {
        if (_subscriptions.TryGetValue(run, out var subscriptions))
        {
            var step = new FeedItem(after, [.. events], null);
            subscriptions.ForEach(subscription => subscription.Offer(step));
        }
    }

    public void PublishProgress(RunId run, AttemptProgress progress)
    {
        if (_subscriptions.TryGetValue(run, out var subscriptions))
        {
            subscriptions.ForEach(subscription => subscription.OfferProgress(new FeedItem(0, [], progress)));
        }
    }

    /// <summary>The run is driven here no more: watchers look at the journal once more and then by themselves.</summary>
    public void Complete(RunId run)
    {
        if (_subscriptions.TryGetValue(run, out var subscriptions))
        {
            subscriptions.ForEach(subscription => subscription.Complete());
        }
    }

    internal void Unsubscribe(RunSubscription subscription)
    {
        while (_subscriptions.TryGetValue(subscription.Run, out var present))
        {
            var left = present.Remove(subscription);
            var done = left.IsEmpty
                ? _subscriptions.TryRemove(KeyValuePair.Create(subscription.Run, present))
                : _subscriptions.TryUpdate(subscription.Run, left, present);
            if (done)
            {
                return;
            }
        }
    }
}

/// <summary>One step of a run's events, or one report of progress.</summary>
internal sealed record FeedItem(long After, ImmutableArray<RunEvent> Events, AttemptProgress? Progress);

/// <summary>One watcher's queue. Events are never dropped; progress is when the watcher is slow.</summary>
internal sealed class RunSubscription(RunFeed feed, RunId run) : IDisposable
{
    private const int MaxWaitingProgress = 64;

    private readonly Channel<FeedItem> _items = Channel.CreateUnbounded<FeedItem>();

    public RunId Run { get; } = run;

    public ChannelReader<FeedItem> Items => _items.Reader;

    public void Offer(FeedItem item) => _items.Writer.TryWrite(item);

    public void OfferProgress(FeedItem item)
    {
        if (_items.Reader.Count < MaxWaitingProgress)
        {
            _items.Writer.TryWrite(item);
        }
    }

    public void Complete() => _items.Writer.TryComplete();

    public void Dispose() => feed.Unsubscribe(this);
}
