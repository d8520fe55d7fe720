using Auspex.Engine.Triggers;
using Auspex.Server.Auth;
using Auspex.Server.Factories;

namespace Auspex.Server.Api.Factories;

/// <summary>
/// Maps the operations of <see cref="FactoryOperation.All"/>, each in its ARM form and, where there is one, in that of a Synapse
/// workspace, and does what all of them have in common: version, caller, errors in Azure's form.
/// </summary>
internal sealed class FactoryRoutes(
    ManagementAccess access,
    ServerIdentity identity,
    ServerFactories factories,
    FactoryEndpoints factoryEndpoints,
    ResourceEndpoints resources,
    GlobalParameterEndpoints globalParameters,
    IntegrationRuntimeEndpoints integrationRuntimes,
    PipelineRunEndpoints runs,
    TriggerEndpoints triggers)
{
    private static readonly string[] FactoryVersions = ["2018-06-01", "2017-09-01-preview"];

    private static readonly string[] WorkspaceVersions =
        ["2020-12-01", "2019-06-01-preview", "2019-11-01-preview", "2021-06-01-preview", "2021-11-01-preview"];

    public void Map(IEndpointRouteBuilder routes)
    {
        var handlers = new Dictionary<string, Func<FactoryCall, Task>>(StringComparer.Ordinal);
        factoryEndpoints.Add(handlers);
        resources.Add(handlers);
        globalParameters.Add(handlers);
        integrationRuntimes.Add(handlers);
        runs.Add(handlers);
        triggers.Add(handlers);
        foreach (var operation in FactoryOperation.All)
        {
            var handler = handlers[operation.Name];
            if (!operation.IsSynapseOnly)
            {
                routes.MapMethods(operation.FullPath, [operation.Method], context => RunAsync(context, operation, handler, isSynapse: false));
            }

            if (operation.SynapsePath is { } path)
            {
                routes.MapMethods(path, [operation.Method], context => RunAsync(context, operation, handler, isSynapse: true));
            }
        }
    }

    private async Task RunAsync(HttpContext context, FactoryOperation operation, Func<FactoryCall, Task> handler, bool isSynapse)
    {
        // Clients of Azure find one request in the logs of both sides by this.
        context.Response.Headers["x-ms-correlation-request-id"] = context.Response.Headers[RequestIdMiddleware.HeaderName];
        try
        {
            access.Demand(context, operation.Role);
            CheckVersion(context, isSynapse ? WorkspaceVersions : FactoryVersions);
            await handler(isSynapse ? WorkspaceCall(context) : FactoryCallOf(context));
        }
        catch (Exception e) when (ErrorMapping.TryMap(e) is { } known)
        {
            throw FactoryErrors.From(known);
        }
        catch (TriggerException e)
        {
            throw FactoryErrors.From(e);
        }
        catch (Storage.Definitions.DefinitionNotEditableException e)
        {
            throw FactoryErrors.Conflict("DefinitionNotEditable", e.Message);
        }
    }

    private FactoryCall FactoryCallOf(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var subscription = values["subscription"] as string ?? "";
        var group = values["group"] as string ?? identity.ResourceGroup;
        var factory = values["factory"] as string ?? "";
        return new FactoryCall(
            context,
            factory,
            $"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}",
            IsSynapse: false);
    }

    // The host name's first part is the workspace; under any other host name there is the server's own factory.
    private FactoryCall WorkspaceCall(HttpContext context)
    {
        var label = context.Request.Host.Host.Split('.')[0];
        var name = factories.FindFactory(label)?.Name ?? identity.FactoryName;
        return new FactoryCall(
            context,
            name,
            $"/subscriptions/{identity.SubscriptionId}/resourceGroups/{identity.ResourceGroup}/providers/Microsoft.Synapse/workspaces/{name}",
            IsSynapse: true);
    }

    private static void CheckVersion(HttpContext context, string[] known)
    {
        var version = context.Request.Query["api-version"].ToString();
        if (version.Length == 0)
        {
            throw FactoryErrors.MissingVersion();
        }

        if (!known.Contains(version, StringComparer.OrdinalIgnoreCase))
        {
            throw FactoryErrors.UnknownVersion(version, known);
        }
    }
}
