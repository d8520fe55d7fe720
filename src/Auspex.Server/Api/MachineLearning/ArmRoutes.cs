using Auspex.Server.Api.Factories;
using Auspex.Server.Auth;
using Auspex.Server.WebServices.Resources;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>
/// The resource interface of <c>Microsoft.MachineLearning</c>: web services, workspaces and commitment plans, and what all
/// of them have in common: version, caller, errors in Azure's form.
/// </summary>
internal sealed class ArmRoutes(
    ManagementAccess access,
    ServerIdentity identity,
    WebServiceResourceEndpoints webServices,
    WorkspaceEndpoints workspaces,
    CommitmentPlanEndpoints plans,
    ArmOperations operations)
{
    private const string Provider = "/providers/Microsoft.MachineLearning";
    private const string InGroup = "/subscriptions/{subscription}/resourceGroups/{group}" + Provider;
    private const string InSubscription = "/subscriptions/{subscription}" + Provider;

    private static readonly string[] WebServiceVersions = ["2017-01-01", "2016-05-01-preview"];
    private static readonly string[] WorkspaceVersions = ["2019-10-01", "2016-04-01"];
    private static readonly string[] PlanVersions = ["2016-05-01-preview"];
    private static readonly string[] AllVersions = [.. WebServiceVersions, .. WorkspaceVersions];

    public void Map(IEndpointRouteBuilder routes)
    {
        Add("GET", Provider + "/operations", Role.Reader, "", AllVersions, ArmOperations.ListAsync);
        Add("GET", InSubscription + "/locations/{location}/operationsStatus/{id}", Role.Reader, "", AllVersions, operations.GetAsync);

        AddCrud(ArmKind.WebServices, WebServiceVersions, webServices.ListAsync, webServices.GetAsync, webServices.PutAsync, webServices.PatchAsync, webServices.DeleteAsync);
        var one = $"{InGroup}/{ArmKind.WebServices}/{{name}}";
        Add("GET", one + "/listKeys", Role.Contributor, ArmKind.WebServices, WebServiceVersions, webServices.ListKeysAsync);
        Add("POST", one + "/listKeys", Role.Contributor, ArmKind.WebServices, WebServiceVersions, webServices.ListKeysAsync);
        Add("POST", one + "/CreateRegionalBlob", Role.Contributor, ArmKind.WebServices, WebServiceVersions, webServices.CreateRegionalAsync);

        AddCrud(ArmKind.Workspaces, WorkspaceVersions, workspaces.ListAsync, workspaces.GetAsync, workspaces.PutAsync, workspaces.PatchAsync, workspaces.DeleteAsync);
        one = $"{InGroup}/{ArmKind.Workspaces}/{{name}}";
        Add("POST", one + "/listWorkspaceKeys", Role.Contributor, ArmKind.Workspaces, WorkspaceVersions, workspaces.ListKeysAsync);
        Add("POST", one + "/resyncStorageKeys", Role.Contributor, ArmKind.Workspaces, WorkspaceVersions, workspaces.ResyncAsync);

        AddCrud(ArmKind.CommitmentPlans, PlanVersions, plans.ListAsync, plans.GetAsync, plans.PutAsync, plans.PatchAsync, plans.DeleteAsync);
        one = $"{InGroup}/{ArmKind.CommitmentPlans}/{{name}}";
        Add("GET", one + "/commitmentAssociations", Role.Reader, ArmKind.CommitmentPlans, PlanVersions, plans.ListAssociationsAsync);
        Add("GET", one + "/commitmentAssociations/{association}", Role.Reader, ArmKind.CommitmentPlans, PlanVersions, plans.GetAssociationAsync);
        Add("POST", one + "/commitmentAssociations/{association}/move", Role.Contributor, ArmKind.CommitmentPlans, PlanVersions, plans.MoveAssociationAsync);
        Add("GET", one + "/usageHistory", Role.Reader, ArmKind.CommitmentPlans, PlanVersions, plans.ListUsageAsync);
        Add("GET", InSubscription + "/skus", Role.Reader, ArmKind.CommitmentPlans, PlanVersions, CommitmentPlanEndpoints.ListSkusAsync);

        void AddCrud(
            string kind,
            string[] versions,
            Func<ArmCall, Task> list,
            Func<ArmCall, Task> get,
            Func<ArmCall, Task> put,
            Func<ArmCall, Task> patch,
            Func<ArmCall, Task> delete)
        {
            Add("GET", $"{InSubscription}/{kind}", Role.Reader, kind, versions, list);
            Add("GET", $"{InGroup}/{kind}", Role.Reader, kind, versions, list);
            Add("GET", $"{InGroup}/{kind}/{{name}}", Role.Reader, kind, versions, get);
            Add("PUT", $"{InGroup}/{kind}/{{name}}", Role.Contributor, kind, versions, put);
            Add("PATCH", $"{InGroup}/{kind}/{{name}}", Role.Contributor, kind, versions, patch);
            Add("DELETE", $"{InGroup}/{kind}/{{name}}", Role.Contributor, kind, versions, delete);
        }

        void Add(string method, string path, Role role, string kind, string[] versions, Func<ArmCall, Task> handler) =>
            routes.MapMethods(path, [method], context => RunAsync(context, role, kind, versions, handler));
    }

    private async Task RunAsync(HttpContext context, Role role, string kind, string[] versions, Func<ArmCall, Task> handler)
    {
        context.Response.Headers["x-ms-correlation-request-id"] = context.Response.Headers[RequestIdMiddleware.HeaderName];
        try
        {
            access.Demand(context, role);
            var version = context.Request.Query["api-version"].ToString();
            if (version.Length == 0)
            {
                throw FactoryErrors.MissingVersion();
            }

            if (!versions.Contains(version, StringComparer.OrdinalIgnoreCase))
            {
                throw FactoryErrors.UnknownVersion(version, versions);
            }

            var values = context.Request.RouteValues;
            await handler(new ArmCall(
                context,
                kind,
                values["subscription"] as string ?? identity.SubscriptionId,
                values["group"] as string ?? identity.ResourceGroup,
                values["name"] as string ?? "",
                version));
        }
        catch (Exception e) when (ErrorMapping.TryMap(e) is { } known)
        {
            throw FactoryErrors.From(known);
        }
    }
}
