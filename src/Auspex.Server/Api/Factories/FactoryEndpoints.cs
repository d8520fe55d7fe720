using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Server.Auth;
using Auspex.Stores;

namespace Auspex.Server.Api.Factories;

/// <summary>Pipelines of the Data Factory interface (2018-06-01): list, read and run them.</summary>
internal sealed class FactoryEndpoints(
    IDefinitionStore definitions, IPipelineRuns runs, ManagementAccess access, ServerIdentity identity)
{
    public const string Root =
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}";

    private const int MostBodyBytes = 4 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root + "/pipelines", (RequestDelegate)ListAsync);
        routes.MapGet(Root + "/pipelines/{pipeline}", (RequestDelegate)GetAsync);
        routes.MapPost(Root + "/pipelines/{pipeline}/createRun", (RequestDelegate)CreateRunAsync);
    }

    /// <summary>The factory's ARM id as the caller wrote it.</summary>
    public static string IdOf(HttpContext context) =>
        $"/subscriptions/{ScoringCall.RouteText(context, "subscription")}/resourceGroups/{ScoringCall.RouteText(context, "group")}"
        + $"/providers/Microsoft.DataFactory/factories/{ScoringCall.RouteText(context, "factory")}";

    private Task ListAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var factory = FindFactory(context);
        var id = IdOf(context);
        return Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var pipeline in factory.Pipelines.Values.OrderBy(pipeline => pipeline.Name, StringComparer.Ordinal))
            {
                Write(writer, pipeline, id);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private Task GetAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var pipeline = FindPipeline(context, FindFactory(context));
        if (context.Request.Headers.IfNoneMatch == ETagOf(pipeline))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return Json.WriteAsync(context, writer => Write(writer, pipeline, IdOf(context)));
    }

    private async Task CreateRunAsync(HttpContext context)
    {
        access.Demand(context, Role.Operator);
        var factory = FindFactory(context);
        var pipeline = FindPipeline(context, factory);
        if (context.Request.Query.ContainsKey("referencePipelineRunId"))
        {
            throw FactoryErrors.BadRequest(
                "Rerunning from another run ('referencePipelineRunId') is not supported by this server; start a new run.");
        }

        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var parameters = body?.RootElement.ValueKind switch
        {
            null or JsonValueKind.Null => [],
            JsonValueKind.Object => JsonObject.Create(body.RootElement.Clone())!,
            _ => throw FactoryErrors.BadRequest("The request body is no JSON object; expected one with a member per parameter."),
        };
        var request = new PipelineRunRequest { Factory = factory.Name, Pipeline = pipeline, Parameters = parameters };
        try
        {
            var id = await runs.StartAsync(request, context.RequestAborted);
            await Json.WriteAsync(context, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("runId", id.Value);
                writer.WriteEndObject();
            });
        }
        catch (RunRejectedException e)
        {
            throw FactoryErrors.BadRequest(e.Message);
        }
    }

    private FactoryDefinition FindFactory(HttpContext context)
    {
        var name = ScoringCall.RouteText(context, "factory");
        definitions.Refresh();
        return definitions.FindFactory(name) ?? throw FactoryErrors.FactoryNotFound(name, identity.FactoryName);
    }

    private static PipelineDefinition FindPipeline(HttpContext context, FactoryDefinition factory)
    {
        var name = ScoringCall.RouteText(context, "pipeline");
        return factory.Pipelines.TryGetValue(name, out var pipeline)
            ? pipeline
            : throw FactoryErrors.PipelineNotFound(name, factory.Pipelines.Keys);
    }

    private static void Write(Utf8JsonWriter writer, PipelineDefinition pipeline, string factoryId)
    {
        writer.WriteStartObject();
        writer.WriteString("id", $"{factoryId}/pipelines/{pipeline.Name}");
        writer.WriteString("name", pipeline.Name);
        writer.WriteString("type", "Microsoft.DataFactory/factories/pipelines");
        writer.WritePropertyName("properties");
        (pipeline.Source["properties"] ?? pipeline.Source).WriteTo(writer);
        writer.WriteString("etag", ETagOf(pipeline));
        writer.WriteEndObject();
    }

    private static string ETagOf(PipelineDefinition pipeline) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pipeline.Source.ToJsonString())).AsSpan(0, 16));
}
