using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Server.Api.Factories;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>
/// Long-running operations: all are over when the first answer is sent. A caller that asks for it by <c>Prefer:
/// respond-async</c> still gets an address to poll, as does whoever makes regional properties.
/// </summary>
internal sealed class ArmOperations(OperationResults results, TimeProvider clock)
{
    private static readonly (string Name, string Resource, string Operation)[] Known =
    [
        ("webServices/read", "Web Services", "Read web services"),
        ("webServices/write", "Web Services", "Create or update web services"),
        ("webServices/delete", "Web Services", "Delete web services"),
        ("webServices/listKeys/action", "Web Services", "List the keys of a web service"),
        ("webServices/createRegionalBlob/action", "Web Services", "Create regional properties"),
        ("workspaces/read", "Workspaces", "Read workspaces"),
        ("workspaces/write", "Workspaces", "Create or update workspaces"),
        ("workspaces/delete", "Workspaces", "Delete workspaces"),
        ("workspaces/listWorkspaceKeys/action", "Workspaces", "List the keys of a workspace"),
        ("workspaces/resyncStorageKeys/action", "Workspaces", "Resync the storage keys of a workspace"),
        ("commitmentPlans/read", "Commitment Plans", "Read commitment plans"),
        ("commitmentPlans/write", "Commitment Plans", "Create or update commitment plans"),
        ("commitmentPlans/delete", "Commitment Plans", "Delete commitment plans"),
    ];

    public static Task ListAsync(ArmCall call) => call.AnswerAsync(new JsonObject
    {
        ["value"] = new JsonArray([.. Known.Select(operation => new JsonObject
        {
            ["name"] = "Microsoft.MachineLearning/" + operation.Name,
            ["display"] = new JsonObject
            {
                ["provider"] = "Microsoft Azure Machine Learning",
                ["resource"] = operation.Resource,
                ["operation"] = operation.Operation,
                ["description"] = operation.Operation + ".",
            },
        })]),
    });

    public Task GetAsync(ArmCall call)
    {
        var id = call.Context.Request.RouteValues["id"] as string ?? "";
        return results.TryFind(id, out var status) && status is not null
            ? call.AnswerAsync(status.DeepClone())
            : throw FactoryErrors.NotFound("OperationNotFound", $"There is no operation '{ServiceErrors.Shorten(id)}', or it is long over.");
    }

    /// <summary>Whether the caller wants to poll.</summary>
    public static bool IsWanted(ArmCall call) =>
        call.Context.Request.Headers["Prefer"].ToString().Contains("respond-async", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names an operation that is over in the answer's <c>Azure-AsyncOperation</c>.</summary>
    public void Announce(ArmCall call, string resource)
    {
        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        var status = new JsonObject
        {
            ["status"] = "Succeeded",
            ["provisioningState"] = "Succeeded",
            ["startTime"] = now,
            ["endTime"] = now,
            ["percentComplete"] = 100,
            ["properties"] = new JsonObject { ["resourceId"] = call.IdOf(resource) },
        };
        var id = results.Add(status);
        var path = $"/subscriptions/{call.Subscription}/providers/Microsoft.MachineLearning/locations/local/operationsStatus/{id}";
        status["id"] = path;
        status["name"] = id;
        call.Context.Response.Headers["Azure-AsyncOperation"] =
            $"{WebServices.PublicAddresses.Server(call.Context)}{path}?api-version={call.Version}";
    }
}
