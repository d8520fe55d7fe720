namespace Auspex.Server.WebServices.Scoring;

/// <summary>
/// Lets so many calls of an endpoint work at once. A call over the limit waits a little for a place, since scoring a row
/// takes far less time than sending it; only a crowd that does not thin out is refused.
/// </summary>
/// <remarks>Thread-safe. The limit is asked for each time, so that a changed one holds at once. First come, first served.</remarks>
internal sealed class CallThrottle(Func<int> limit)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _working;

    /// <summary>Takes a place; null when there was none within <paramref name="patience"/>, or too many wait already.</summary>
    public async Task<IDisposable?> TryEnterAsync(
        TimeSpan patience, int mostWaiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            if (_working < limit())
            {
                _working++;
                return new Place(this);
            }

            if (_waiting.Count >= mostWaiting)
            {
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
        lock (_gate)
        {
            _working--;
            while (_working < limit() && _waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                _working++;
                first.Value.SetResult();
            }
        }
    }

    private sealed class Place(CallThrottle throttle) : IDisposable
    {
        private CallThrottle? _throttle = throttle;

        public void Dispose() => Interlocked.Exchange(ref _throttle, null)?.Leave();
    }
}
