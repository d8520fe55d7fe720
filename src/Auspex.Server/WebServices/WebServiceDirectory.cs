using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Server.Hosting;
using Auspex.Server.WebServices.Models;
using Auspex.Stores;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices;

/// <summary>
/// All web services of this server in memory, and the documents behind them. Calls only read here; changes go through
/// <see cref="WebServicePublisher"/> and <see cref="EndpointChanges"/>.
/// </summary>
/// <remarks>Thread-safe. A change is written first and then seen by callers, as a whole.</remarks>
internal sealed class WebServiceDirectory(IDocumentStore documents, IWebServiceLoader loader, IOptions<WebServiceOptions> options)
{
    private const string Services = "webservices";
    private const string Endpoints = "endpoints";

    private readonly ConcurrentDictionary<string, LiveService> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, LiveService> _byEndpoint = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads everything that is stored; models are loaded when first needed.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var stored in await documents.ListAsync(Services, "", cancellationToken))
        {
            var document = JsonSerializer.Deserialize(stored.Body.Span, StoredJson.Default.ServiceDocument)!;
            _services[document.Id] = new LiveService(document);
        }

        foreach (var stored in await documents.ListAsync(Endpoints, "", cancellationToken))
        {
            var document = JsonSerializer.Deserialize(stored.Body.Span, StoredJson.Default.EndpointDocument)!;
            if (_services.TryGetValue(document.ServiceId, out var service))
            {
                Show(service, document);
            }
        }
    }

    public ImmutableArray<LiveService> List(string workspaceId) =>
        [.. _services.Values
            .Where(service => service.Document.WorkspaceId.Equals(workspaceId, StringComparison.OrdinalIgnoreCase))
            .OrderBy(service => service.Document.CreatedAt)
            .ThenBy(service => service.Document.Id, StringComparer.Ordinal)];

    public LiveService? FindService(string workspaceId, string serviceId) =>
        _services.TryGetValue(serviceId, out var service)
        && service.Document.WorkspaceId.Equals(workspaceId, StringComparison.OrdinalIgnoreCase)
            ? service
            : null;

    public LiveService? FindByName(string workspaceId, string name) =>
        List(workspaceId).FirstOrDefault(service => service.Document.Name.Equals(name, StringComparison.Ordinal));

    /// <summary>The endpoint of a scoring address with its service.</summary>
    public (LiveService Service, LiveEndpoint Endpoint)? FindEndpoint(string endpointId) =>
        _byEndpoint.TryGetValue(endpointId, out var service) && service.Endpoints.TryGetValue(endpointId, out var endpoint)
            ? (service, endpoint)
            : null;

    /// <summary>A handle to a version with replaced models; shares what an endpoint of the service has loaded already.</summary>
    public ModelHandle GetModel(string serviceId, int version, ImmutableArray<AssetReplacement> replacements)
    {
        if (_services.TryGetValue(serviceId, out var service))
        {
            foreach (var endpoint in service.Endpoints.Values)
            {
                if (endpoint.Current.Model is { } model && model.Serves(serviceId, version, replacements))
                {
                    return model;
                }

                if (endpoint.Previous is { } previous && previous.Serves(serviceId, version, replacements))
                {
                    return previous;
                }
            }
        }

        return new ModelHandle(documents, loader, serviceId, version, replacements);
    }

    /// <summary>Writes a new service; its document comes last, so that a crash leaves nothing that a reader could see.</summary>
    public async Task<LiveService> CreateAsync(
        ServiceDocument document, EndpointDocument defaultEndpoint, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(defaultEndpoint, StoredJson.Default.EndpointDocument);
        await documents.PutAsync(Endpoints, StoredId(defaultEndpoint), body, expectedVersion: null, cancellationToken);
        await SaveServiceAsync(document, cancellationToken);
        var service = _services[document.Id];
        Show(service, defaultEndpoint);
        return service;
    }

    public async Task SaveServiceAsync(ServiceDocument document, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(document, StoredJson.Default.ServiceDocument);
        await documents.PutAsync(Services, document.Id, body, expectedVersion: null, cancellationToken);
        _services.GetOrAdd(document.Id, _ => new LiveService(document)).Document = document;
    }

    /// <summary>Writes an endpoint and swaps its state; <paramref name="model"/> null keeps to what the document names.</summary>
    public async Task SaveEndpointAsync(
        LiveService service, EndpointDocument document, ModelHandle? model, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(document, StoredJson.Default.EndpointDocument);
        await documents.PutAsync(Endpoints, StoredId(document), body, expectedVersion: null, cancellationToken);
        Show(service, document, model);
    }

    public async Task DeleteEndpointAsync(
        LiveService service, EndpointDocument document, CancellationToken cancellationToken)
    {
        await documents.DeleteAsync(Endpoints, StoredId(document), cancellationToken);
        await ModelVersionStore.DeleteAllAsync(documents, document.ServiceId, document.Id, cancellationToken);
        _byEndpoint.TryRemove(document.Id, out _);
        service.Endpoints.TryRemove(document.Id, out _);
    }

    /// <summary>Removes a service with its endpoints; the service's document goes first, so that a crash leaves no half.</summary>
    public async Task DeleteServiceAsync(LiveService service, CancellationToken cancellationToken)
    {
        await documents.DeleteAsync(Services, service.Document.Id, cancellationToken);
        _services.TryRemove(service.Document.Id, out _);
        foreach (var endpoint in service.Endpoints.Values)
        {
            await DeleteEndpointAsync(service, endpoint.Current.Document, cancellationToken);
        }

        await ModelHandle.DeletePackagesAsync(documents, service.Document.Id, cancellationToken);
    }

    public Task StorePackageAsync(
        string serviceId, int version, Experiments.WebServices.WebServicePackage package, CancellationToken cancellationToken) =>
        ModelHandle.StorePackageAsync(documents, loader, serviceId, version, package, cancellationToken);

    private void Show(LiveService service, EndpointDocument document, ModelHandle? model = null)
    {
        model ??= GetModel(document.ServiceId, document.Version ?? service.Document.Version, document.Replacements);
        if (service.Endpoints.TryGetValue(document.Id, out var present))
        {
            present.Swap(document, model, options.Value.KeepPreviousModelLoaded);
        }
        else
        {
            service.Endpoints[document.Id] = new LiveEndpoint(document, model);
            _byEndpoint[document.Id] = service;
        }
    }

    private static string StoredId(EndpointDocument document) => $"{document.ServiceId}/{document.Id}";
}
