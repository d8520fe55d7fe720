using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Auth;
using Auspex.Server.Studio;
using Auspex.Server.WebServices;
using Auspex.Stores;

namespace Auspex.Server.Api.Studio;

/// <summary>Experiments of the Studio interface: list, get, save, run, outputs, publication.</summary>
internal sealed class StudioExperimentEndpoints(
    StudioCall calls, StudioExperiments experiments, StudioDownloads downloads, IArtifactStore artifacts, ServerIdentity identity)
{
    private const string Root = "/api/workspaces/{workspace}/experiments";

    private static readonly string[] OfOneOnly = ["Graph", "WebService", "NodeStatuses", StudioOutputs.Ports, StudioOutputs.Logs, StudioOutputs.Views, StudioOutputs.Report];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, (RequestDelegate)ListAsync);
        routes.MapPost(Root, context => SaveAsync(context, null));
        routes.MapGet(Root + "/{id}", (RequestDelegate)GetAsync);
        routes.MapPost(Root + "/{id}", context => SaveAsync(context, ScoringCall.RouteText(context, "id")));
        routes.MapDelete(Root + "/{id}", (RequestDelegate)DeleteAsync);
        routes.MapPost(Root + "/{id}/cancel", (RequestDelegate)CancelAsync);
        routes.MapGet(Root + "/{id}/report", (RequestDelegate)ReportAsync);
        routes.MapGet(Root + "/{id}/annotations", (RequestDelegate)AnnotationsAsync);
        routes.MapGet(Root + "/{id}/outputdata/{node}/{port}", (RequestDelegate)OutputAsync);
        routes.MapPost(Root + "/{id}/webservice", (RequestDelegate)PublishAsync);
        routes.MapGet(Root + "/{id}/webservice", (RequestDelegate)PublicationAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        var list = await experiments.ListAsync(context.RequestAborted);
        foreach (var experiment in list)
        {
            foreach (var member in OfOneOnly)
            {
                experiment.Remove(member);
            }
        }

        await StudioJson.AnswerAsync(context, new JsonArray([.. list]));
    }

    private async Task GetAsync(HttpContext context)
    {
        calls.Demand(context, Role.Contributor);
        var experiment = await experiments.ShowAsync(ScoringCall.RouteText(context, "id"), context.RequestAborted);
        ShowOutputs(context, experiment);
        await StudioJson.AnswerAsync(context, experiment);
    }

    private async Task SaveAsync(HttpContext context, string? id)
    {
        calls.Demand(context, Role.Contributor);
        var saved = await experiments.SaveAsync(
            id, await StudioCall.ReadAsync(context), context.Request.Headers.IfMatch.ToString(), context.RequestAborted);
        await StudioJson.AnswerAsync(context, new JsonObject
        {
            ["ExperimentId"] = saved["ExperimentId"]!.DeepClone(),
            ["Etag"] = saved["Etag"]!.DeepClone(),
        });
    }

    private async Task DeleteAsync(HttpContext context)
    {
        calls.Demand(context, Role.Contributor);
        await experiments.DeleteAsync(ScoringCall.RouteText(context, "id"), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task CancelAsync(HttpContext context)
    {
        calls.Demand(context, Role.Operator);
        await experiments.CancelAsync(ScoringCall.RouteText(context, "id"), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task ReportAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        var experiment = await experiments.GetAsync(ScoringCall.RouteText(context, "id"), context.RequestAborted);
        var report = experiment.ObjectMember(StudioOutputs.Report)
            ?? throw ServiceErrors.NotFound("OutputNotFound", "The experiment has no report. Run it first.");
        await StudioAssetEndpoints.WriteAsync(context, artifacts, new ArtifactId((string)report["artifact"]!), isPage: true);
    }

    private async Task AnnotationsAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        await experiments.GetAsync(ScoringCall.RouteText(context, "id"), context.RequestAborted);
        await StudioJson.AnswerAsync(context, new JsonArray());
    }

    private async Task OutputAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        var output = await experiments.GetOutputAsync(
            ScoringCall.RouteText(context, "id"),
            ScoringCall.RouteText(context, "node"),
            ScoringCall.RouteText(context, "port"),
            context.RequestAborted);
        await StudioAssetEndpoints.WriteAsync(context, artifacts, new ArtifactId((string)output["artifact"]!));
    }

    private async Task PublishAsync(HttpContext context)
    {
        calls.Demand(context, Role.Contributor);
        var updates = context.Request.Query["updateExistingWebService"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
        await StudioJson.AnswerAsync(
            context, await experiments.PublishAsync(ScoringCall.RouteText(context, "id"), updates, context.RequestAborted));
    }

    private async Task PublicationAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        await StudioJson.AnswerAsync(
            context, await experiments.GetPublicationAsync(ScoringCall.RouteText(context, "id"), context.RequestAborted));
    }

    private void ShowOutputs(HttpContext context, JsonObject experiment)
    {
        var outputs = experiment.ObjectMember(StudioOutputs.Ports) ?? [];
        var logs = experiment.ObjectMember(StudioOutputs.Logs) ?? [];
        var views = experiment.ObjectMember(StudioOutputs.Views) ?? [];
        var server = PublicAddresses.Server(context);
        JsonObject Address(JsonNode kept, string name) => downloads.Sign(
            server, identity.WorkspaceId, new ArtifactId((string)kept["artifact"]!), name, (long)kept["size"]!);

        foreach (var status in (experiment.ArrayMember("NodeStatuses") ?? []).OfType<JsonObject>())
        {
            var ports = outputs.ObjectMember(status.TextMember("NodeId") ?? "") ?? [];
            status["OutputEndpoints"] = new JsonArray([.. ports.Select(port => Address(port.Value!, port.Key))]);
            status["MetadataOutputEndpoints"] = new JsonObject(
                (views.ObjectMember(status.TextMember("NodeId") ?? "") ?? []).Select(view => KeyValuePair.Create<string, JsonNode?>(
                    view.Key, new JsonArray(new JsonObject { ["Key"] = "visualization", ["Value"] = Address(view.Value!, "visualization") }))));
            var said = logs.ObjectMember(status.TextMember("NodeId") ?? "") ?? [];
            status["StandardOutEndpoint"] = said["output"] is { } output ? Address(output, "stdout") : null;
            status["StandardErrorEndpoint"] = said["error"] is { } error ? Address(error, "stderr") : null;
        }

        // An address that a browser can open, as none of the others is for people.
        experiment["ReportEndpoint"] = experiment.ObjectMember(StudioOutputs.Report) is { } report ? Address(report, StudioDownloads.Page) : null;
        foreach (var member in (ReadOnlySpan<string>)[StudioOutputs.Ports, StudioOutputs.Logs, StudioOutputs.Views, StudioOutputs.Report])
        {
            experiment.Remove(member);
        }

    }
}
