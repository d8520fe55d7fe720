using System.Buffers;
using System.Text.Json;
using Auspex.Engine.Runs;
using Auspex.Server.Auth;

namespace Auspex.Server.Api.Factories;

/// <summary>A stream of a run's changes, for people who watch: not an operation of Azure's.</summary>
internal sealed class RunWatchEndpoints(
    IPipelineRuns runs, ManagementAccess access, ServerIdentity identity, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/auspex/runs/{run}/events", (RequestDelegate)WatchAsync);

    /// <summary>
    /// One JSON object per line and change, beginning with the present state; ends with the run, or when this server stops:
    /// who listens must not keep it from stopping, and can go on listening wherever the run goes on.
    /// </summary>
    private async Task WatchAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var id = new RunId(ScoringCall.RouteText(context, "run").ToLowerInvariant());
        var run = await runs.FindAsync(id, context.RequestAborted) ?? throw FactoryErrors.RunNotFound(id.Value);
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        await context.Response.StartAsync(context.RequestAborted);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await WriteUpdatesAsync(context, id, run.Pipeline, ends.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
        }
    }

    private async Task WriteUpdatesAsync(HttpContext context, RunId id, string pipeline, CancellationToken cancellationToken)
    {
        await foreach (var update in runs.WatchAsync(id, cancellationToken))
        {
            using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, Json.WriterOptions))
            {
                Write(writer, update, pipeline);
            }

            context.Response.BodyWriter.Write("\n"u8);
            await context.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private void Write(Utf8JsonWriter writer, RunUpdate update, string pipeline)
    {
        writer.WriteStartObject();
        if (update.Run is { } run)
        {
            writer.WritePropertyName("run");
            RunWriter.Write(writer, run, identity.FactoryId, clock.GetUtcNow());
        }
        else if (update.ActivityRun is { } activity)
        {
            writer.WritePropertyName("activityRun");
            RunWriter.Write(writer, activity, pipeline);
        }
        else if (update.Progress is { } progress)
        {
            writer.WritePropertyName("progress");
            RunWriter.Write(writer, progress);
        }

        writer.WriteEndObject();
    }
}
