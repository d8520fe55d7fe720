using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Models;
using Auspex.Stores;

namespace Auspex.Experiments.Execution;

/// <summary>
/// Results on disk: values as artifacts, and a document per key that lists them. Nodes that give an untrained model are
/// not kept; they run again, which costs nothing.
/// </summary>
/// <param name="documents">Holds the lists, in collection <c>experiment-results</c>.</param>
/// <param name="values">Holds the values.</param>
/// <param name="front">A cache in memory that is asked first and takes everything; null for none.</param>
public sealed partial class StoredResultCache(
    IDocumentStore documents, ArtifactValues values, MemoryResultCache? front = null) : IResultCache
{
    /// <summary>The collection of the lists; ids are keys.</summary>
    public const string Collection = "experiment-results";

    /// <inheritdoc/>
    public async Task<CachedResult?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (front is not null && await front.FindAsync(key, cancellationToken) is { } near)
        {
            return near;
        }

        if (await documents.GetAsync(Collection, key, cancellationToken) is not { } document)
        {
            return null;
        }

        CachedResult result;
        try
        {
            result = await LoadAsync(document, cancellationToken);
        }
        catch (Exception exception) when (exception is AuspexException or IOException or JsonException)
        {
            // Cleaned away, damaged, or of another release: the node runs again.
            return null;
        }

        if (front is not null)
        {
            await front.PutAsync(key, result, cancellationToken);
        }

        return result;
    }

    /// <inheritdoc/>
    public async Task PutAsync(string key, CachedResult result, CancellationToken cancellationToken)
    {
        if (front is not null)
        {
            await front.PutAsync(key, result, cancellationToken);
        }

        var outputs = ImmutableArray.CreateBuilder<StoredOutput>(result.Outputs.Count);
        foreach (var (port, value) in result.Outputs.OrderBy(output => output.Key, StringComparer.Ordinal))
        {
            if (ArtifactValues.KindOf(value) is not { } kind)
            {
                return;
            }

            outputs.Add(new StoredOutput(port, kind, (await values.SaveAsync(value, cancellationToken)).Value));
        }

        // The list comes last: whoever sees it finds every value.
        var list = new ResultList(result.ResultId, outputs.DrainToImmutable());
        await documents.PutAsync(
            Collection, key, JsonSerializer.SerializeToUtf8Bytes(list, ListJson.Default.ResultList), null, cancellationToken);
    }

    private async Task<CachedResult> LoadAsync(Document document, CancellationToken cancellationToken)
    {
        var list = JsonSerializer.Deserialize(document.Body.Span, ListJson.Default.ResultList)
            ?? throw new JsonException("The list of a kept result is null.");
        var outputs = new Dictionary<string, PortValue>(StringComparer.Ordinal);
        foreach (var output in list.Outputs)
        {
            outputs[output.Port] = await values.LoadAsync(output.Kind, new ArtifactId(output.Artifact), cancellationToken);
        }

        return new CachedResult(list.ResultId, outputs);
    }

    /// <summary>The document of a key.</summary>
    internal sealed record ResultList(string ResultId, ImmutableArray<StoredOutput> Outputs);

    /// <summary>A stored value.</summary>
    internal sealed record StoredOutput(string Port, AssetKind Kind, string Artifact);

    /// <summary>Serialization of the documents.</summary>
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(ResultList))]
    internal sealed partial class ListJson : JsonSerializerContext;
}
