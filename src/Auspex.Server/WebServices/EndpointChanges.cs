using Auspex.Server.Api;
using Auspex.Server.Auth;
using Auspex.Server.WebServices.Models;

namespace Auspex.Server.WebServices;

/// <summary>Creates, changes, refreshes and deletes endpoints; one change of a service at a time.</summary>
internal sealed partial class EndpointChanges(
    WebServiceDirectory directory, EndpointKeys keys, ModelReplacement models, ModelVersions versions, ModelVersionStore store, TimeProvider clock)
{
    private const int MostEndpoints = 10_000;

    /// <summary>Creates an endpoint with the service's present model, or changes the settings of the one of that name.</summary>
    /// <returns>Whether it was created.</returns>
    public async Task<(LiveEndpoint Endpoint, bool Created)> PutAsync(
        LiveService service, string name, EndpointSettings settings, CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        if (service.FindEndpoint(name) is { } present)
        {
            var changed = settings.ApplyTo(present.Current.Document);
            await directory.SaveEndpointAsync(service, changed, present.Current.Model, cancellationToken);
            return (present, false);
        }

        EndpointSettings.CheckName(name);
        if (service.Endpoints.Count >= MostEndpoints)
        {
            throw ServiceErrors.InvalidOperation(
                "TooManyEndpoints", $"The service has {MostEndpoints} endpoints already, the most it can have. Delete some.");
        }

        var now = clock.GetUtcNow();
        var document = keys.Assign(settings.ApplyTo(new EndpointDocument
        {
            Id = WebServicePublisher.NewId(),
            ServiceId = service.Document.Id,
            Name = name,
            CreatedAt = now,
            VersionAt = service.Document.VersionAt,
            Version = service.Document.Version,
            PrimaryKey = "",
            SecondaryKey = "",
            PrimaryKeyHash = "",
            SecondaryKeyHash = "",
        }));
        await directory.SaveEndpointAsync(service, document, model: null, cancellationToken);
        var created = service.Endpoints[document.Id];
        await versions.AddAsync(document, created.Current.Model, ModelVersionReason.Created, [], finding: null, cancellationToken);
        return (created, true);
    }

    /// <summary>Update Resource and settings. Returns when calls see the new model; each answer is wholly the old one's or the new one's.</summary>
    public async Task<LiveEndpoint> PatchAsync(
        LiveService service,
        LiveEndpoint endpoint,
        EndpointSettings settings,
        IReadOnlyList<ResourceUpdate> resources,
        CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        await ApplyAsync(service, endpoint, settings, resources, gate: null, cancellationToken);
        return endpoint;
    }

    /// <summary>Takes the service's present version; false when that changes nothing.</summary>
    public async Task<bool> RefreshAsync(
        LiveService service, LiveEndpoint endpoint, bool overwriteResources, CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        var current = endpoint.Current;
        DemandNotDefault(service, current.Document, "refreshed");
        var replacements = overwriteResources ? [] : current.Document.Replacements;
        if (current.Document.Version == service.Document.Version
            && replacements.Length == current.Document.Replacements.Length)
        {
            return false;
        }

        var model = directory.GetModel(service.Document.Id, service.Document.Version, replacements);
        await ModelReplacement.CheckLoadsAsync(model, cancellationToken);
        var before = await versions.ListAsync(service, endpoint, cancellationToken);
        var document = current.Document with
        {
            Version = service.Document.Version,
            Replacements = replacements,
            VersionAt = clock.GetUtcNow(),
            ServedBefore = ModelVersions.Push(current.Document.ServedBefore, ModelVersions.Serving(before, current.Model)),
        };
        await versions.AddAsync(document, model, ModelVersionReason.Refreshed, before, finding: null, cancellationToken);
        await directory.SaveEndpointAsync(service, document, model, cancellationToken);
        return true;
    }

    /// <summary>Deletes an endpoint; the default one only when it is the last, and then the service with it.</summary>
    public async Task DeleteAsync(LiveService service, LiveEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        if (endpoint.Current.Document.Id != service.Document.DefaultEndpointId)
        {
            await directory.DeleteEndpointAsync(service, endpoint.Current.Document, cancellationToken);
            return;
        }

        if (service.Endpoints.Count > 1)
        {
            throw ServiceErrors.InvalidOperation(
                "DefaultEndpoint",
                $"The default endpoint cannot be deleted while the service has {service.Endpoints.Count - 1} other endpoints. Delete those first.");
        }

        await directory.DeleteServiceAsync(service, cancellationToken);
    }

    private static void DemandNotDefault(LiveService service, EndpointDocument endpoint, string what)
    {
        if (endpoint.Id == service.Document.DefaultEndpointId)
        {
            throw ServiceErrors.InvalidOperation(
                "DefaultEndpoint",
                $"The default endpoint cannot be {what}: it follows what is published. Create another endpoint and use that.");
        }
    }

    private static async Task<IDisposable> BeginAsync(LiveService service, CancellationToken cancellationToken)
    {
        await service.Changes.WaitAsync(cancellationToken);
        return new Change(service.Changes);
    }

    private sealed class Change(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
