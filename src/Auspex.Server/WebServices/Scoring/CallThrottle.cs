namespace Auspex.Server.WebServices.Scoring;

/// <summary>
/// Lets so many calls of an endpoint work at once. A call over the limit waits a little for a place, since scoring a row
/// takes far less time than sending it; only a crowd that does not thin out is refused.
/// </summary>
/// <remarks>
/// Thread-safe, and without a lock as long as nobody waits. The limit is asked for each time, so that a changed one holds
/// at once. First come, first served.
/// </remarks>
internal sealed class CallThrottle(Func<int> limit)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _working;

    // Counted up before a newcomer looks for a place a last time, and read by who leaves after the place is free: one of
    // the two sees the other.
    private int _waitingCount;

    /// <summary>Takes a place if there is one now and nobody waits for it; null otherwise.</summary>
    public IDisposable? TryEnter() => Volatile.Read(ref _waitingCount) == 0 && TryTake() ? new Place(this) : null;

    /// <summary>Takes a place; null when there was none within <paramref name="patience"/>, or too many wait already.</summary>
    public async Task<IDisposable?> TryEnterAsync(
        TimeSpan patience, int mostWaiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (TryEnter() is { } free)
        {
            return free;
        }

        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            Interlocked.Increment(ref _waitingCount);
            if (_waiting.Count == 0 && TryTake())
            {
                Interlocked.Decrement(ref _waitingCount);
                return new Place(this);
            }

            if (_waiting.Count >= mostWaiting)
            {
                Interlocked.Decrement(ref _waitingCount);
                return null;
            }

            place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(patience, clock, cancellationToken);
            return new Place(this);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                    Interlocked.Decrement(ref _waitingCount);
                    if (e is TimeoutException)
                    {
                        return null;
                    }

                    throw;
                }
            }

            // The place came in the same moment: it is ours to use or to pass on.
            if (e is TimeoutException)
            {
                return new Place(this);
            }

            Leave();
            throw;
        }
    }

    private void Leave()
    {
        Interlocked.Decrement(ref _working);
        if (Volatile.Read(ref _waitingCount) == 0)
        {
            return;
        }

        lock (_gate)
        {
            while (_waiting.First is { } first && TryTake())
            {
                _waiting.RemoveFirst();
                Interlocked.Decrement(ref _waitingCount);
                first.Value.SetResult();
            }
        }
    }

    private bool TryTake()
    {
        var working = Volatile.Read(ref _working);
        while (working < limit())
        {
            var found = Interlocked.CompareExchange(ref _working, working + 1, working);
            if (found == working)
            {
                return true;
            }

            working = found;
        }

        return false;
    }

    private sealed class Place(CallThrottle throttle) : IDisposable
    {
        private CallThrottle? _throttle = throttle;

        public void Dispose() => Interlocked.Exchange(ref _throttle, null)?.Leave();
    }
}
