using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Execution;

/// <summary>Results in memory up to a limit; those not used for longest go first.</summary>
/// <param name="limitInBytes">
/// Of tables by their columns; a model or transform counts as 1 MiB. Default 512 MiB.
/// </param>
public sealed class MemoryResultCache(long limitInBytes = 512L << 20) : IResultCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];
    private long _sizeInBytes;

    /// <inheritdoc/>
    public Task<CachedResult?> FindAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return Task.FromResult<CachedResult?>(null);
            }

            _byUse.Remove(entry);
            _byUse.AddFirst(entry);
            return Task.FromResult<CachedResult?>(entry.Value.Result);
        }
    }

    /// <inheritdoc/>
    public Task PutAsync(string key, CachedResult result, CancellationToken cancellationToken)
    {
        var size = result.Outputs.Values.Sum(SizeOf);
        lock (_lock)
        {
            if (_entries.Remove(key, out var earlier))
            {
                _byUse.Remove(earlier);
                _sizeInBytes -= earlier.Value.SizeInBytes;
            }

            if (size <= limitInBytes)
            {
                _entries[key] = _byUse.AddFirst(new Entry(key, result, size));
                _sizeInBytes += size;
                while (_sizeInBytes > limitInBytes && _byUse.Last is { } oldest)
                {
                    _byUse.RemoveLast();
                    _entries.Remove(oldest.Value.Key);
                    _sizeInBytes -= oldest.Value.SizeInBytes;
                }
            }
        }

        return Task.CompletedTask;
    }

    private static long SizeOf(PortValue value) => value is TableValue { Table: var table }
        ? table.Columns.Sum(SizeOf)
        : 1L << 20;

    private static long SizeOf(Column column) => ((column.Validity?.LongLength ?? 0) * sizeof(ulong)) + column switch
    {
        BooleanColumn => column.Length,
        CategoryColumn => column.Length * (long)sizeof(int),
        StringColumn texts => texts.Data.Length + (texts.Offsets.Length * (long)sizeof(int)),
        _ => column.Length * (long)sizeof(long),
    };

    private sealed record Entry(string Key, CachedResult Result, long SizeInBytes);
}
