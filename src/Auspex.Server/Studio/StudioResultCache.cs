using System.Collections.Concurrent;
using Auspex.Experiments.Execution;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>
/// What the modules of one experiment gave when they last ran. A run that goes on after a crash, or that follows a change, takes from here
/// what is still the same; so there is at most one graph's worth of results per experiment.
/// </summary>
/// <param name="experiment">The experiment's id.</param>
/// <param name="results">Where results are kept.</param>
/// <param name="documents">The documents of those.</param>
internal sealed class StudioResultCache(string experiment, StoredResultCache results, IDocumentStore documents) : IResultCache
{
    private readonly ConcurrentDictionary<string, byte> _used = new(StringComparer.Ordinal);

    public async Task<CachedResult?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var found = await results.FindAsync(IdOf(key), cancellationToken);
        if (found is not null)
        {
            _used.TryAdd(IdOf(key), 0);
        }

        return found;
    }

    public async Task PutAsync(string key, CachedResult result, CancellationToken cancellationToken)
    {
        await results.PutAsync(IdOf(key), result, cancellationToken);
        _used.TryAdd(IdOf(key), 0);
    }

    /// <summary>Forgets what this run neither used nor made.</summary>
    public Task ForgetOthersAsync(CancellationToken cancellationToken) => ForgetAsync(documents, experiment, _used.Keys, cancellationToken);

    /// <summary>Forgets all results of an experiment.</summary>
    public static Task ForgetAsync(IDocumentStore documents, string experiment, CancellationToken cancellationToken) =>
        ForgetAsync(documents, experiment, [], cancellationToken);

    private static async Task ForgetAsync(
        IDocumentStore documents, string experiment, ICollection<string> except, CancellationToken cancellationToken)
    {
        foreach (var document in await documents.ListAsync(StoredResultCache.Collection, Prefix(experiment), cancellationToken))
        {
            if (!except.Contains(document.Id))
            {
                await documents.DeleteAsync(StoredResultCache.Collection, document.Id, cancellationToken);
            }
        }
    }

    private string IdOf(string key) => Prefix(experiment) + key;

    private static string Prefix(string experiment) => experiment.ToLowerInvariant() + "/";
}
