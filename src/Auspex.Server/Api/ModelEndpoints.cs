using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Auspex.Server.Auth;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Models;

namespace Auspex.Server.Api;

/// <summary>
/// Versions of models, <c>/api/auspex/models</c>, and the gated update of an endpoint. Ours alone: the original forgot what an update
/// replaced.
/// </summary>
internal sealed class ModelEndpoints(
    WebServiceDirectory directory,
    EndpointChanges changes,
    ModelVersions versions,
    ModelComparison comparison,
    ManagementEndpoints management,
    ManagementAccess access,
    ServerIdentity identity)
{
    private const int MostBodyBytes = 4 << 20;
    private const string Root = "/api/auspex/models/{service}/{endpoint}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/auspex/models", (RequestDelegate)ListAllAsync);
        routes.MapGet(Root, (RequestDelegate)ListAsync);
        routes.MapGet(Root + "/{version:int}", (RequestDelegate)GetAsync);
        routes.MapGet(Root + "/compare", (RequestDelegate)CompareAsync);
        routes.MapPost(Root + "/{version:int}/promote", (RequestDelegate)PromoteAsync);
        routes.MapPut(Root + "/challengers", (RequestDelegate)ChallengeAsync);
        routes.MapPost(Root + "/rollback", (RequestDelegate)RollBackAsync);
        routes.MapPatch("/workspaces/{workspace}/webservices/{service}/endpoints/{endpoint}/gated", (RequestDelegate)UpdateAsync);
    }

    private async Task ListAllAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var all = new List<(LiveService Service, LiveEndpoint Endpoint, ImmutableArray<ModelVersionDocument> Versions)>();
        foreach (var service in directory.List(identity.WorkspaceId))
        {
            foreach (var endpoint in service.ListEndpoints())
            {
                all.Add((service, endpoint, await versions.ListAsync(service, endpoint, context.RequestAborted)));
            }
        }

        await AnswerAsync(context, all);
    }

    private async Task ListAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var (service, endpoint) = Find(context);
        await AnswerAsync(context, [(service, endpoint, await versions.ListAsync(service, endpoint, context.RequestAborted))]);
    }

    private async Task GetAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var (service, endpoint) = Find(context);
        var all = await versions.ListAsync(service, endpoint, context.RequestAborted);
        var version = FindVersion(all, ScoringCall.RouteText(context, "version"), endpoint);
        await AnswerAsync(context, service, endpoint, version, all);
    }

    private async Task CompareAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var (service, endpoint) = Find(context);
        var all = await versions.ListAsync(service, endpoint, context.RequestAborted);
        var first = FindVersion(all, context.Request.Query["from"].ToString(), endpoint);
        var second = FindVersion(all, context.Request.Query["to"].ToString(), endpoint);
        var assets = await comparison.CompareAsync(first, second, context.RequestAborted);
        await Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("service", service.Document.Name);
            writer.WriteString("endpoint", endpoint.Current.Document.Name);
            writer.WriteNumber("from", first.Number);
            writer.WriteNumber("to", second.Number);
            ModelComparison.Write(writer, assets);
            writer.WriteEndObject();
        });
    }

    private async Task PromoteAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        var (service, endpoint) = Find(context);
        var number = int.Parse(ScoringCall.RouteText(context, "version"), CultureInfo.InvariantCulture);
        var version = await changes.PromoteAsync(service, endpoint, number, context.RequestAborted);
        await AnswerAsync(context, service, endpoint, version, [version]);
    }

    private async Task RollBackAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        var (service, endpoint) = Find(context);
        var version = await changes.RollBackAsync(service, endpoint, context.RequestAborted);
        await AnswerAsync(context, service, endpoint, version, [version]);
    }

    // The whole list, so that putting it twice is as good as once.
    private async Task ChallengeAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        var (service, endpoint) = Find(context);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var given = (body?.RootElement ?? default).Member("versions");
        if (given.ValueKind != JsonValueKind.Array || !given.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out _)))
        {
            throw ServiceErrors.RequestBodyInvalid("The body has no 'versions'; expected an array of version numbers such as [2, 3], or [] for none.");
        }

        await changes.ChallengeAsync(service, endpoint, [.. given.EnumerateArray().Select(number => number.GetInt32()).Distinct()], context.RequestAborted);
        await AnswerAsync(context, [(service, endpoint, await versions.ListAsync(service, endpoint, context.RequestAborted))]);
    }

    // A way of its own and not a member of the usual update: a server that knows no gates answers 404 instead of passing over it.
    private async Task UpdateAsync(HttpContext context)
    {
        var (service, endpoint, _) = management.OpenEndpoint(context, Role.Contributor);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var json = body?.RootElement ?? default;
        var resources = ManagementEndpoints.ReadResources(json.Member("Resources"));
        if (resources.Count == 0)
        {
            throw ServiceErrors.RequestBodyInvalid("A gated update has no 'Resources'; expected an array of {\"Name\", \"Location\"}.");
        }

        var (version, finding) = await changes.UpdateAsync(
            service, endpoint, resources, ModelGate.Read(json.Member("Gate")), context.RequestAborted);
        await Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("modelVersion", version.Number);
            Write(writer, finding);
            writer.WriteEndObject();
        });
    }

    private (LiveService Service, LiveEndpoint Endpoint) Find(HttpContext context)
    {
        var name = ScoringCall.RouteText(context, "service");
        var service = directory.FindByName(identity.WorkspaceId, name)
            ?? directory.FindService(identity.WorkspaceId, name)
            ?? throw ServiceErrors.NotFound(
                "WebServiceNotFound",
                $"There is no web service '{ServiceErrors.Shorten(name)}'. There are: "
                + $"{string.Join(", ", directory.List(identity.WorkspaceId).Select(known => known.Document.Name).Take(20))}.");
        return (service, ManagementEndpoints.FindEndpoint(context, service));
    }

    private static ModelVersionDocument FindVersion(ImmutableArray<ModelVersionDocument> all, string text, LiveEndpoint endpoint) =>
        (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? all.FirstOrDefault(version => version.Number == number)
            : null) ?? throw ServiceErrors.NotFound(
                "ModelVersionNotFound",
                $"Endpoint '{endpoint.Current.Document.Name}' has no version '{ServiceErrors.Shorten(text)}'; it has "
                + $"{string.Join(", ", all.TakeLast(20).Select(version => version.Number))}.");

    private static Task AnswerAsync(
        HttpContext context,
        IEnumerable<(LiveService Service, LiveEndpoint Endpoint, ImmutableArray<ModelVersionDocument> Versions)> all) =>
        Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var (service, endpoint, list) in all)
            {
                var serving = ModelVersions.Serving(list, endpoint.Current.Model);
                foreach (var version in list)
                {
                    Write(writer, service, endpoint, version, serving);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static Task AnswerAsync(
        HttpContext context,
        LiveService service,
        LiveEndpoint endpoint,
        ModelVersionDocument version,
        ImmutableArray<ModelVersionDocument> all) => Json.WriteAsync(
            context, writer => Write(writer, service, endpoint, version, ModelVersions.Serving(all, endpoint.Current.Model)));

    private static void Write(
        Utf8JsonWriter writer, LiveService service, LiveEndpoint endpoint, ModelVersionDocument version, ModelVersionDocument? serving)
    {
        writer.WriteStartObject();
        writer.WriteString("service", service.Document.Name);
        writer.WriteString("endpoint", endpoint.Current.Document.Name);
        writer.WriteNumber("version", version.Number);
        writer.WriteString("state", version.Number == serving?.Number ? "Serving"
            : endpoint.Current.Document.Challengers.Contains(version.Number) ? "Challenger"
            : version.IsRefused ? "Refused" : "Kept");
        writer.WriteString("reason", version.Reason.ToString());
        writer.WriteString("createdAt", version.CreatedAt.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteNumber("serviceVersion", version.ServiceVersion);
        writer.WriteStartArray("assets");
        foreach (var asset in version.Assets)
        {
            Write(writer, asset);
        }

        writer.WriteEndArray();
        if (version.Gate is { } finding)
        {
            Write(writer, finding);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, VersionedAsset asset)
    {
        writer.WriteStartObject();
        writer.WriteString("name", asset.Name);
        writer.WriteString("kind", asset.Kind.ToString());
        writer.WriteString("artifact", asset.Artifact);
        if (asset.Learner is not null)
        {
            writer.WriteString("learner", asset.Learner);
            writer.WriteNumber("trainedRows", asset.TrainedRows ?? 0);
            writer.WriteString("trainingData", asset.TrainingData);
            writer.WriteString("experiment", asset.Origin?.Experiment);
            writer.WriteString("runId", asset.Origin?.RunId);
            writer.WriteStartObject("metrics");
            foreach (var metric in asset.Origin?.Metrics ?? [])
            {
                writer.WriteNumber(metric.Name, metric.Value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, GateFinding finding)
    {
        writer.WriteStartObject("gate");
        writer.WriteString("metric", finding.Metric);
        writer.WriteNumber("margin", finding.Margin);
        if (finding.Found is { } found)
        {
            writer.WriteNumber("found", found);
        }

        if (finding.Present is { } present)
        {
            writer.WriteNumber("present", present);
        }

        writer.WriteBoolean("passed", finding.IsPassed);
        writer.WriteString("finding", finding.Sentence);
        writer.WriteEndObject();
    }
}
