namespace Auspex.Engine.Runs;

/// <summary>The plans of the definitions read last: thousands of runs that a host takes up are of few pipelines.</summary>
/// <remarks>Thread-safe. By the very bytes of the definition, so that it never gives a plan of another.</remarks>
internal sealed class PlanCache
{
    // Far more than the pipelines that a factory runs at once; beyond, it begins anew.
    private const int MaxPlans = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, PipelinePlan> _plans = [];

    public PipelinePlan GetOrAdd(string pipeline, ReadOnlyMemory<byte> definition, Func<PipelinePlan> create)
    {
        var key = new Key(pipeline, definition);
        lock (_lock)
        {
            if (_plans.TryGetValue(key, out var known))
            {
                return known;
            }
        }

        var plan = create();
        lock (_lock)
        {
            if (_plans.Count >= MaxPlans)
            {
                _plans.Clear();
            }

            _plans[key] = plan;
        }

        return plan;
    }

    private readonly record struct Key(string Pipeline, ReadOnlyMemory<byte> Definition)
    {
        public bool Equals(Key other) =>
            string.Equals(Pipeline, other.Pipeline, StringComparison.Ordinal) && Definition.Span.SequenceEqual(other.Definition.Span);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(Pipeline, StringComparer.Ordinal);
            hash.AddBytes(Definition.Span);
            return hash.ToHashCode();
        }
    }
}
