using System.Collections.Immutable;
using Auspex.Server.Auth;

namespace Auspex.Server.Api.Factories;

/// <summary>An operation of the management interface.</summary>
/// <param name="Name">As the client library calls it: group and method.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Below a factory when it begins with <c>~</c>, else the whole path.</param>
/// <param name="SynapsePath">The path in the data plane of a Synapse workspace; null when it is not there.</param>
/// <param name="Role">The least role of the caller.</param>
internal sealed record FactoryOperation(string Name, string Method, string Path, string? SynapsePath, Role Role)
{
    /// <summary>Where a factory is.</summary>
    public const string FactoryPath =
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}";

    /// <summary>What a caller should know; empty for nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether only the Synapse interface has it.</summary>
    public bool IsSynapseOnly => Path.Length == 0;

    /// <summary>The path as routes have it.</summary>
    public string FullPath => Path.StartsWith('~') ? FactoryPath + Path[1..] : Path;

    /// <summary>All operations, which the routes are made of and <c>docs/compat/management-api.md</c> lists.</summary>
    public static ImmutableArray<FactoryOperation> All { get; } =
    [
        Get("operations.list", "/providers/Microsoft.DataFactory/operations"),
        Get("factories.list", "/subscriptions/{subscription}/providers/Microsoft.DataFactory/factories")
            with { Note = "lists every factory of this server, whatever the subscription" },
        Get("factories.listByResourceGroup", "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories")
            with { Note = "as above, whatever the group" },
        Put("factories.createOrUpdate", "~") with { Note = "makes a git folder in the data folder" },
        new("factories.update", "PATCH", "~", null, Role.Contributor),
        Get("factories.get", "~"),
        Delete("factories.delete", "~") with { Note = "refused for the factory given at the start" },
        .. ManagedKind.OfFactory.SelectMany(Definitions),
        .. ManagedKind.OfWorkspace.Except(ManagedKind.OfFactory).SelectMany(Definitions),
        Get("globalParameters.listByFactory", "~/globalParameters"),
        Get("globalParameters.get", "~/globalParameters/{name}"),
        Put("globalParameters.createOrUpdate", "~/globalParameters/{name}"),
        Delete("globalParameters.delete", "~/globalParameters/{name}"),
        new("integrationRuntimes.update", "PATCH", "~/integrationRuntimes/{name}", null, Role.Contributor)
            { Note = "accepted; this host is updated by hand" },
        Post("integrationRuntimes.getStatus", "~/integrationRuntimes/{name}/getStatus", Role.Reader),
        Post("integrationRuntimes.getConnectionInfo", "~/integrationRuntimes/{name}/getConnectionInfo", Role.Contributor),
        Post("integrationRuntimes.getMonitoringData", "~/integrationRuntimes/{name}/monitoringData", Role.Reader),
        Post("integrationRuntimes.listAuthKeys", "~/integrationRuntimes/{name}/listAuthKeys", Role.Contributor)
            with { Note = "no other node can register with them" },
        Post("integrationRuntimes.regenerateAuthKey", "~/integrationRuntimes/{name}/regenerateAuthKey", Role.Contributor),
        Post("integrationRuntimes.start", "~/integrationRuntimes/{name}/start", Role.Contributor) with { Note = "always started" },
        Post("integrationRuntimes.stop", "~/integrationRuntimes/{name}/stop", Role.Contributor) with { Note = "refused" },
        Post("pipelines.createRun", "~/pipelines/{name}/createRun", Role.Operator, "/pipelines/{name}/createRun"),
        Post("pipelineRuns.queryByFactory", "~/queryPipelineRuns", Role.Reader, "/queryPipelineRuns"),
        Get("pipelineRuns.get", "~/pipelineruns/{run}", "/pipelineruns/{run}"),
        Post("pipelineRuns.cancel", "~/pipelineruns/{run}/cancel", Role.Operator, "/pipelineruns/{run}/cancel"),
        Post(
            "activityRuns.queryByPipelineRun",
            "~/pipelineruns/{run}/queryActivityruns",
            Role.Reader,
            "/pipelines/{name}/pipelineruns/{run}/queryActivityruns"),
        Trigger("triggers.start", "start") with { Note = "answers 200: it is done at once" },
        Trigger("triggers.stop", "stop") with { Note = "answers 200: it is done at once" },
        Trigger("triggers.subscribeToEvents", "subscribeToEvents") with { Note = "nothing is provisioned: answers Enabled" },
        Trigger("triggers.unsubscribeFromEvents", "unsubscribeFromEvents"),
        Trigger("triggers.getEventSubscriptionStatus", "getEventSubscriptionStatus") with { Role = Role.Reader },
        Post("triggers.queryByFactory", "~/querytriggers", Role.Reader),
        Post("triggerRuns.queryByFactory", "~/queryTriggerRuns", Role.Reader, "/queryTriggerRuns"),
        Trigger("triggerRuns.rerun", "triggerRuns/{run}/rerun"),
        Trigger("triggerRuns.cancel", "triggerRuns/{run}/cancel"),
        new("operationResults.get", "GET", "", "/operationResults/{operation}", Role.Reader),
    ];

    private static IEnumerable<FactoryOperation> Definitions(ManagedKind kind)
    {
        var isOfFactory = ManagedKind.OfFactory.Contains(kind);
        var isOfWorkspace = ManagedKind.OfWorkspace.Contains(kind);
        return
        [
            Make("listByFactory", "GET", "", Role.Reader),
            Make("get", "GET", "/{name}", Role.Reader),
            Make("createOrUpdate", "PUT", "/{name}", Role.Contributor),
            Make("delete", "DELETE", "/{name}", Role.Contributor),
            .. isOfWorkspace ? [new($"{kind.Group}.rename", "POST", "", $"/{kind.Segment}/{{name}}/rename", Role.Contributor)] : (FactoryOperation[])[],
        ];

        FactoryOperation Make(string method, string verb, string rest, Role role) => new(
            $"{kind.Group}.{method}",
            verb,
            isOfFactory ? $"~/{kind.Segment}{rest}" : "",
            isOfWorkspace ? $"/{kind.Segment}{rest}" : null,
            role)
        { Note = kind.Note };
    }

    private static FactoryOperation Trigger(string name, string rest) =>
        Post(name, $"~/triggers/{{name}}/{rest}", Role.Operator, $"/triggers/{{name}}/{rest}");

    private static FactoryOperation Get(string name, string path, string? synapse = null) => new(name, "GET", path, synapse, Role.Reader);

    private static FactoryOperation Put(string name, string path) => new(name, "PUT", path, null, Role.Contributor);

    private static FactoryOperation Delete(string name, string path) => new(name, "DELETE", path, null, Role.Contributor);

    private static FactoryOperation Post(string name, string path, Role role, string? synapse = null) =>
        new(name, "POST", path, synapse, role);
}
