using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Server.Hosting;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Models;

/// <summary>The documents of model versions.</summary>
internal sealed class ModelVersionStore(IDocumentStore documents)
{
    private const string Collection = "modelversions";

    /// <summary>An endpoint's versions, the oldest first.</summary>
    public async Task<ImmutableArray<ModelVersionDocument>> ListAsync(
        string serviceId, string endpointId, CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(Collection, $"{serviceId}/{endpointId}/", cancellationToken)).Select(Read)];

    /// <summary>The versions of all endpoints.</summary>
    public async Task<ImmutableArray<ModelVersionDocument>> ListAllAsync(CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(Collection, "", cancellationToken)).Select(Read)];

    /// <summary>One version; null when there is none of that number.</summary>
    public async Task<ModelVersionDocument?> FindAsync(
        string serviceId, string endpointId, int number, CancellationToken cancellationToken) =>
        await documents.GetAsync(Collection, Id(serviceId, endpointId, number), cancellationToken) is { } document ? Read(document) : null;

    public Task PutAsync(ModelVersionDocument version, CancellationToken cancellationToken) => documents.PutAsync(
        Collection,
        Id(version.ServiceId, version.EndpointId, version.Number),
        JsonSerializer.SerializeToUtf8Bytes(version, StoredJson.Default.ModelVersionDocument),
        expectedVersion: 0,
        cancellationToken);

    public Task DeleteAsync(ModelVersionDocument version, CancellationToken cancellationToken) =>
        documents.DeleteAsync(Collection, Id(version.ServiceId, version.EndpointId, version.Number), cancellationToken);

    /// <summary>Forgets the versions of an endpoint, or with null of a whole service.</summary>
    public static async Task DeleteAllAsync(
        IDocumentStore documents, string serviceId, string? endpointId, CancellationToken cancellationToken)
    {
        var prefix = endpointId is null ? $"{serviceId}/" : $"{serviceId}/{endpointId}/";
        foreach (var document in await documents.ListAsync(Collection, prefix, cancellationToken))
        {
            await documents.DeleteAsync(Collection, document.Id, cancellationToken);
        }
    }

    private static ModelVersionDocument Read(Document document) =>
        JsonSerializer.Deserialize(document.Body.Span, StoredJson.Default.ModelVersionDocument)!;

    private static string Id(string serviceId, string endpointId, int number) => $"{serviceId}/{endpointId}/{number:D8}";
}
