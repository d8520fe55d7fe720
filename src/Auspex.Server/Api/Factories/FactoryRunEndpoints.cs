using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Auspex.Engine.Runs;
using Auspex.Server.Auth;

namespace Auspex.Server.Api.Factories;

/// <summary>Pipeline and activity runs of the Data Factory interface (2018-06-01), and a stream of a run's changes of our own.</summary>
internal sealed class FactoryRunEndpoints(
    IPipelineRuns runs, ManagementAccess access, ServerIdentity identity, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private const int MostBodyBytes = 1 << 20;
    private const int MostRuns = 1000;

    private static readonly string[] PipelineOperands =
        ["PipelineName", "RunStart", "RunEnd", "Status", "RunGroupId", "LatestOnly"];

    private static readonly string[] ActivityOperands =
        ["ActivityName", "ActivityRunStart", "ActivityRunEnd", "ActivityType", "Status"];

    public void Map(IEndpointRouteBuilder routes)
    {
        const string Root = FactoryEndpoints.Root;
        routes.MapPost(Root + "/queryPipelineRuns", (RequestDelegate)QueryAsync);
        routes.MapGet(Root + "/pipelineruns/{run}", (RequestDelegate)GetAsync);
        routes.MapPost(Root + "/pipelineruns/{run}/cancel", (RequestDelegate)CancelAsync);
        routes.MapPost(Root + "/pipelineruns/{run}/queryActivityruns", (RequestDelegate)QueryActivitiesAsync);
        routes.MapGet("/api/auspex/runs/{run}/events", (RequestDelegate)WatchAsync);
    }

    private async Task QueryAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var filter = RunFilter.Read(body?.RootElement ?? default, PipelineOperands);
        var factory = ScoringCall.RouteText(context, "factory");
        var found = await runs.ListAsync(new RunQuery(Factory: factory, Take: MostRuns), context.RequestAborted);
        var now = clock.GetUtcNow();
        var passing = found.Where(run => filter.IsInWindow(RunWriter.LastUpdated(run, now))
            && filter.Matches(operand => ValueOf(run, operand)));
        if (filter.OrderBy is { } key)
        {
            passing = filter.IsDescending
                ? passing.OrderByDescending(run => ValueOf(run, key), StringComparer.Ordinal)
                : passing.OrderBy(run => ValueOf(run, key), StringComparer.Ordinal);
        }

        var id = FactoryEndpoints.IdOf(context);
        await Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var run in passing)
            {
                RunWriter.Write(writer, run, id, now);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private async Task GetAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var run = await FindAsync(context);
        await Json.WriteAsync(
            context, writer => RunWriter.Write(writer, run, FactoryEndpoints.IdOf(context), clock.GetUtcNow()));
    }

    private async Task CancelAsync(HttpContext context)
    {
        access.Demand(context, Role.Operator);
        var run = await FindAsync(context);
        var recursive = bool.TryParse(context.Request.Query["isRecursive"], out var value) && value;
        await runs.CancelAsync(run.Id, recursive, context.RequestAborted);
    }

    private async Task QueryActivitiesAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var run = await FindAsync(context);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var filter = RunFilter.Read(body?.RootElement ?? default, ActivityOperands);
        var activities = await runs.ListActivityRunsAsync(run.Id, context.RequestAborted);
        var now = clock.GetUtcNow();
        var passing = activities.Where(activity => filter.IsInWindow(activity.End ?? now)
            && filter.Matches(operand => ValueOf(activity, operand)));
        if (filter.OrderBy is { } key)
        {
            passing = filter.IsDescending
                ? passing.OrderByDescending(activity => ValueOf(activity, key), StringComparer.Ordinal)
                : passing.OrderBy(activity => ValueOf(activity, key), StringComparer.Ordinal);
        }

        await Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var activity in passing)
            {
                RunWriter.Write(writer, activity, run.Pipeline);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

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

    private async Task<PipelineRun> FindAsync(HttpContext context)
    {
        var id = ScoringCall.RouteText(context, "run").ToLowerInvariant();
        var run = await runs.FindAsync(new RunId(id), context.RequestAborted);
        return run is not null && run.Factory.Equals(ScoringCall.RouteText(context, "factory"), StringComparison.OrdinalIgnoreCase)
            ? run
            : throw FactoryErrors.RunNotFound(id);
    }

    // Null for what every run passes: this server keeps each run as the latest of its own group.
    private static string? ValueOf(PipelineRun run, string operand) => operand.ToUpperInvariant() switch
    {
        "PIPELINENAME" => run.Pipeline,
        "STATUS" => RunWriter.StatusOf(run.Status),
        "RUNSTART" => Sortable(run.Start),
        "RUNEND" => Sortable(run.End),
        "RUNGROUPID" => run.Id.Value,
        _ => null,
    };

    private static string? ValueOf(ActivityRun activity, string operand) => operand.ToUpperInvariant() switch
    {
        "ACTIVITYNAME" => activity.Name,
        "ACTIVITYTYPE" => activity.Type,
        "STATUS" => RunWriter.StatusOf(activity.Status),
        "ACTIVITYRUNSTART" => Sortable(activity.Start),
        "ACTIVITYRUNEND" => Sortable(activity.End),
        _ => null,
    };

    private static string Sortable(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture) ?? "";
}
