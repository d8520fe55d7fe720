using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.Hosting;

/// <summary>Keeps each pipeline within its <c>concurrency</c>: first come, first served, and a bounded queue.</summary>
/// <remarks>
/// Counts the runs of this host. Queued runs stand in the journal like any other; their order after a restart is that of
/// their creation. Thread-safe.
/// </remarks>
internal sealed class PipelineGate(int maxQueued)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Factory, string Pipeline), Places> _places = [];

    /// <summary>Takes a place or a position in the queue.</summary>
    /// <returns>Whether the run may start now.</returns>
    /// <exception cref="RunRejectedException">The queue is full.</exception>
    public bool Enter(string factory, string pipeline, int? concurrency, RunId run)
    {
        if (concurrency is null)
        {
            return true;
        }

        lock (_lock)
        {
            var places = PlacesOf(factory, pipeline);
            places.Limit = concurrency.Value;
            if (places.Running.Count < places.Limit && places.Queue.Count == 0)
            {
                places.Running.Add(run);
                return true;
            }

            if (places.Queue.Count >= maxQueued)
            {
                throw new RunRejectedException(ErrorCode.RunQueueFull, FormattableString.Invariant(
                    $"Pipeline '{pipeline}' has {places.Running.Count} runs in progress and {places.Queue.Count} queued, as many as its concurrency of {places.Limit} and the queue's limit of {maxQueued} allow. Wait for some to end or cancel them."));
            }

            places.Queue.AddLast(run);
            return false;
        }
    }

    /// <summary>Puts a run of an earlier host back where it was.</summary>
    public void Restore(string factory, string pipeline, int? concurrency, RunId run, bool isRunning)
    {
        if (concurrency is null)
        {
            return;
        }

        lock (_lock)
        {
            var places = PlacesOf(factory, pipeline);
            places.Limit = concurrency.Value;
            if (isRunning)
            {
                places.Running.Add(run);
            }
            else if (!places.Queue.Contains(run))
            {
                places.Queue.AddLast(run);
            }
        }
    }

    /// <summary>Gives up a run's place or position.</summary>
    public void Leave(string factory, string pipeline, RunId run)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(Key(factory, pipeline), out var places) && !places.Running.Remove(run))
            {
                places.Queue.Remove(run);
            }
        }
    }

    /// <summary>Hands the free places of a pipeline to the runs that have waited longest.</summary>
    public IReadOnlyList<RunId> Admit(string factory, string pipeline)
    {
        lock (_lock)
        {
            var admitted = new List<RunId>();
            var key = Key(factory, pipeline);
            if (!_places.TryGetValue(key, out var places))
            {
                return admitted;
            }

            while (places.Running.Count < places.Limit && places.Queue.First is { } first)
            {
                places.Queue.RemoveFirst();
                places.Running.Add(first.Value);
                admitted.Add(first.Value);
            }

            if (places.Running.Count == 0 && places.Queue.Count == 0)
            {
                _places.Remove(key);
            }

            return admitted;
        }
    }

    private Places PlacesOf(string factory, string pipeline)
    {
        if (!_places.TryGetValue(Key(factory, pipeline), out var places))
        {
            _places.Add(Key(factory, pipeline), places = new Places());
        }

        return places;
    }

    private static (string Factory, string Pipeline) Key(string factory, string pipeline) =>
        (factory.ToUpperInvariant(), pipeline.ToUpperInvariant());

    private sealed class Places
    {
        public int Limit { get; set; }

        public HashSet<RunId> Running { get; } = [];

        public LinkedList<RunId> Queue { get; } = new();
    }
}
