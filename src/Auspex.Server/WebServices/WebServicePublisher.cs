using System.Globalization;
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
    private const int LongestName = 260;

    private readonly SemaphoreSlim _creation = new(1, 1);

    /// <summary>
    /// Publishes a package under a name: a new service with a default endpoint, or a new version of the service that has
    /// this name, which its default endpoint serves as soon as this returns. Other endpoints keep what they serve.
    /// </summary>
    /// <exception cref="ServiceErrorException">400: the package does not load; nothing was changed.</exception>
    public async Task<LiveService> PublishAsync(
        string workspaceId, string name, string? description, WebServicePackage package, CancellationToken cancellationToken)
    {
        CheckName(name);
        await CheckAsync(package, cancellationToken);
        await versions.RememberOriginsAsync(package, cancellationToken);
        await _creation.WaitAsync(cancellationToken);
        try
        {
            return directory.FindByName(workspaceId, name) is { } service
                ? await RepublishAsync(service, name, description, package, cancellationToken)
                : await CreateAsync(workspaceId, NewId(), name, description, package, cancellationToken);
        }
        finally
        {
            _creation.Release();
        }
    }

    /// <summary>
    /// Publishes a package under an id that its client chose: a new service, or a new version of the one with this id. A name that another
    /// service has gets a number behind it, since names are unique and clients that publish again choose a new id.
    /// </summary>
    /// <exception cref="ServiceErrorException">400: the package does not load; nothing was changed.</exception>
    public async Task<(LiveService Service, bool IsNew)> PublishAsync(
        string workspaceId, string serviceId, string name, string? description, WebServicePackage package, CancellationToken cancellationToken)
    {
        CheckName(name);
        await CheckAsync(package, cancellationToken);
        await versions.RememberOriginsAsync(package, cancellationToken);
        await _creation.WaitAsync(cancellationToken);
        try
        {
            var free = FindFreeName(workspaceId, serviceId, name);
            return directory.FindService(workspaceId, serviceId) is { } service
                ? (await RepublishAsync(service, free, description, package, cancellationToken), false)
                : (await CreateAsync(workspaceId, serviceId, free, description, package, cancellationToken), true);
        }
        finally
        {
            _creation.Release();
        }
    }

    /// <exception cref="ServiceErrorException">400: it is none for a web service.</exception>
    public static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl))
        {
            throw ServiceErrors.BadArgument("MissingWebServiceId", $"A web service needs a name of 1 to {LongestName} printable characters.");
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

    private string FindFreeName(string workspaceId, string serviceId, string name)
    {
        var taken = directory.List(workspaceId)
            .Where(service => !service.Document.Id.Equals(serviceId, StringComparison.OrdinalIgnoreCase))
            .Select(service => service.Document.Name)
            .ToHashSet(StringComparer.Ordinal);
        var free = name;
        for (var number = 2; taken.Contains(free); number++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $" ({number})");
            free = name[..Math.Min(name.Length, LongestName - suffix.Length)] + suffix;
        }

        return free;
    }

    private async Task<LiveService> CreateAsync(
        string workspaceId, string serviceId, string name, string? description, WebServicePackage package, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var service = new ServiceDocument(
            Id: serviceId, workspaceId, name, description, now, Version: 1, now, DefaultEndpointId: NewId());
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
        LiveService service, string name, string? description, WebServicePackage package, CancellationToken cancellationToken)
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
                Name = name,
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
