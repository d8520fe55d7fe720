using Auspex.Experiments.Models;

namespace Auspex.Experiments.Execution;

/// <summary>Keeps what nodes gave, by what they were made from.</summary>
/// <remarks>Thread-safe. May forget anything at any time: a result not found is computed again.</remarks>
public interface IResultCache
{
    /// <summary>The result under a key; null when there is none.</summary>
    Task<CachedResult?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keeps a result under a key; the last one stays.</summary>
    Task PutAsync(string key, CachedResult result, CancellationToken cancellationToken);
}

/// <summary>What a node gave.</summary>
/// <param name="ResultId">
/// What downstream keys are made from: equal ids mean equal results. The key itself where it determines the result; a
/// hash of the content, or an id of the one run, where the clock or the world outside took part.
/// </param>
/// <param name="Outputs">Values by output port.</param>
public sealed record CachedResult(string ResultId, IReadOnlyDictionary<string, PortValue> Outputs);
