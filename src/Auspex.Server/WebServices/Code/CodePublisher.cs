using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Code;

/// <summary>Publishes functions of Python and R as web services, each under the id that its client chose.</summary>
internal sealed class CodePublisher(WebServicePublisher publisher, ArtifactValues values, ModuleServices services, ServerIdentity identity)
{
    /// <summary>Publishes a new service, or a new version of the one that has this id.</summary>
    /// <returns>The service, and whether it is new.</returns>
    /// <exception cref="ServiceErrorException">400: the code does not load, or no interpreter is there; nothing was changed.</exception>
    public async Task<(LiveService Service, bool IsNew)> PublishAsync(
        string serviceId, CodePublication publication, CancellationToken cancellationToken)
    {
        WebServicePublisher.CheckName(publication.Name);
        await CheckAsync(publication.Bundle, cancellationToken);
        var package = await publication.Bundle.PackageAsync(publication.Name, values, cancellationToken);
        return await publisher.PublishAsync(
            identity.WorkspaceId, serviceId, publication.Name, publication.Description, package, cancellationToken);
    }

    private async Task CheckAsync(CodeBundle bundle, CancellationToken cancellationToken)
    {
        try
        {
            await bundle.CheckAsync(services, cancellationToken);
        }
        catch (PackagingException e)
        {
            throw ServiceErrors.PackageError("ValidationError", e.Message);
        }
        catch (ModuleException e)
        {
            throw ServiceErrors.PackageError(e.Number == 102 ? "FormatError" : "RuntimesError", e.Message);
        }
    }
}
