using System.Security.Cryptography;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Server.Auth;
using Auspex.Server.WebServices.Models;
using Auspex.Stores;

namespace Auspex.Server.WebServices;

/// <summary>Publishes packages as web services.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WebServicePublisher(
    WebServiceDirectory directory,
    IWebServiceLoader loader,
    IArtifactStore artifacts,
    EndpointKeys keys,
    ModelVersions versions,
    TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _creation = new(1, 1);

    /// <summary>
    /// Publishes a package under a name: a new service with a default endpoint, or a new version of the service that has
    /// this name, which its default endpoint serves as soon as this returns. Other endpoints keep what they serve.
    /// </summary>
    /// <exception cref="ServiceErrorException">400: the package does not load; nothing was changed.</exception>
    public async Task<LiveService> PublishAsync(
        string workspaceId, string name, string? description, WebServicePackage package, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 260 || name.Any(char.IsControl))
        {
            throw ServiceErrors.BadArgument("MissingWebServiceId", "A web service needs a name of 1 to 260 printable characters.");
        }

        await CheckAsync(package, cancellationToken);
        await versions.RememberOriginsAsync(package, cancellationToken);
        await _creation.WaitAsync(cancellationToken);
        try
        {
            return directory.FindByName(workspaceId, name) is { } service
                ? await RepublishAsync(service, description, package, cancellationToken)
                : await CreateAsync(workspaceId, name, description, package, cancellationToken);
        }
        finally
        {
            _creation.Release();
        }
    }

    public void Dispose() => _creation.Dispose();

    private async Task CheckAsync(WebServicePackage package, CancellationToken cancellationToken)
    {
        foreach (var artifact in package.Assets.Select(asset => asset.Artifact).Concat(package.DesignTables.Values))
        {
            if (!await artifacts.ExistsAsync(artifact, cancellationToken))
            {
                throw ServiceErrors.PackageError(
                    "ValidationError", $"The package names artifact {artifact}, which was not uploaded. Publish it again.");
            }
        }

        try
        {
            await loader.LoadAsync(package, cancellationToken);
        }
        catch (PackagingException e)
        {
            throw ServiceErrors.PackageError("ValidationError", e.Message);
        }
    }

    private async Task<LiveService> CreateAsync(
        string workspaceId, string name, string? description, WebServicePackage package, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var service = new ServiceDocument(
            Id: NewId(), workspaceId, name, description, now, Version: 1, now, DefaultEndpointId: NewId());
        await directory.StorePackageAsync(service.Id, 1, package, cancellationToken);
        var endpoint = keys.Assign(new EndpointDocument
        {
            Id = service.DefaultEndpointId,
            ServiceId = service.Id,
            Name = "default",
            Description = description,
            CreatedAt = now,
            VersionAt = now,
            ThrottleLevel = "High",
            PrimaryKey = "",
            SecondaryKey = "",
            PrimaryKeyHash = "",
            SecondaryKeyHash = "",
        });
        var live = await directory.CreateAsync(service, endpoint, cancellationToken);
        await versions.AddAsync(
            endpoint, live.Endpoints[endpoint.Id].Current.Model, ModelVersionReason.Published, [], finding: null, cancellationToken);
        return live;
    }

    private async Task<LiveService> RepublishAsync(
        LiveService service, string? description, WebServicePackage package, CancellationToken cancellationToken)
    {
        await service.Changes.WaitAsync(cancellationToken);
        try
        {
            var version = service.Document.Version + 1;
            await directory.StorePackageAsync(service.Document.Id, version, package, cancellationToken);
            var model = directory.GetModel(service.Document.Id, version, []);
            // Loaded before anybody is sent to it, so that no call waits for it.
            await model.GetAsync(cancellationToken);
            var document = service.Document with
            {
                Version = version,
                VersionAt = clock.GetUtcNow(),
                Description = description ?? service.Document.Description,
            };
            var follower = service.Endpoints[document.DefaultEndpointId];
            var before = await versions.ListAsync(service, follower, cancellationToken);
            var endpoint = follower.Current.Document with
            {
                Version = null,
                Replacements = [],
                VersionAt = document.VersionAt,
                ServedBefore = ModelVersions.Push(
                    follower.Current.Document.ServedBefore, ModelVersions.Serving(before, follower.Current.Model)),
            };
            await versions.AddAsync(endpoint, model, ModelVersionReason.Published, before, finding: null, cancellationToken);
            await directory.SaveServiceAsync(document, cancellationToken);
            await directory.SaveEndpointAsync(service, endpoint, model, cancellationToken);
            return service;
        }
        finally
        {
            service.Changes.Release();
        }
    }

    internal static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
