using System.Globalization;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Server.Factories;

namespace Auspex.Server.Api.Factories;

/// <summary>Pipeline runs and their activity runs: start, query, cancel.</summary>
internal sealed class PipelineRunEndpoints(IPipelineRuns runs, ServerFactories factories, TimeProvider clock)
{
    private const int MostBodyBytes = 4 << 20;
    private const int RunsPerPage = 100;
    private const int ActivitiesPerPage = 1000;

    private static readonly string[] ActivityOperands =
        ["ActivityName", "ActivityRunStart", "ActivityRunEnd", "ActivityType", "Status"];

    private static readonly string[] ActivityOrders = ["ActivityName", "ActivityRunStart", "ActivityRunEnd", "Status"];

    public void Add(Dictionary<string, Func<FactoryCall, Task>> handlers)
    {
        handlers["pipelines.createRun"] = CreateAsync;
        handlers["pipelineRuns.queryByFactory"] = QueryAsync;
        handlers["pipelineRuns.get"] = GetAsync;
        handlers["pipelineRuns.cancel"] = CancelAsync;
        handlers["activityRuns.queryByPipelineRun"] = QueryActivitiesAsync;
    }

    private async Task CreateAsync(FactoryCall call)
    {
        var factory = factories.Demand(call);
        var name = call.Route("name");
        if (!factory.Pipelines.TryGetValue(name, out var pipeline))
        {
            throw FactoryErrors.NotFound(ManagedKind.Pipeline, name, factory.Pipelines.Keys);
        }

        var recovery = ReadRecovery(call, pipeline);
        var request = new PipelineRunRequest
        {
            Factory = factory.Name,
            Pipeline = pipeline,
            Parameters = await FactoryBody.TryReadAsync(call, MostBodyBytes) ?? [],
            Recovery = recovery,
        };
        try
        {
            var id = await runs.StartAsync(request, call.Cancellation);
            call.Context.Response.StatusCode = call.IsSynapse ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
            await Json.WriteAsync(call.Context, writer =>
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

    private static RunRecovery? ReadRecovery(FactoryCall call, PipelineDefinition pipeline)
    {
        var reference = call.Query("referencePipelineRunId");
        var isRecovery = call.Flag("isRecovery");
        var fromActivity = call.Query("startActivityName");
        var fromFailure = call.Flag("startFromFailure");
        if (reference is null)
        {
            return isRecovery || fromActivity is not null || fromFailure
                ? throw FactoryErrors.BadRequest(
                    "'isRecovery', 'startActivityName' and 'startFromFailure' repeat a run: give it as 'referencePipelineRunId'.",
                    "referencePipelineRunId")
                : null;
        }

        if (!Guid.TryParse(reference, out _))
        {
            throw FactoryErrors.BadRequest(
                $"'referencePipelineRunId' is '{ServiceErrors.Shorten(reference)}'; expected a run's id.", "referencePipelineRunId");
        }

        if (fromActivity is not null
            && !AllActivities(pipeline.Activities).Any(activity => activity.Name.Equals(fromActivity, StringComparison.OrdinalIgnoreCase)))
        {
            throw FactoryErrors.BadRequest(
                $"The pipeline '{pipeline.Name}' has no activity '{ServiceErrors.Shorten(fromActivity)}' to start from.", "startActivityName");
        }

        return new RunRecovery(new RunId(reference.ToLowerInvariant()), isRecovery, fromActivity, fromFailure);
    }

    private static IEnumerable<ActivityDefinition> AllActivities(IEnumerable<ActivityDefinition> activities) => activities.SelectMany(
        activity => activity.Branches.SelectMany(branch => AllActivities(branch.Activities)).Prepend(activity));

    private async Task QueryAsync(FactoryCall call)
    {
        var factory = factories.Demand(call);
        var filter = await RunFilter.ReadAsync(call, PipelineRunQuery.Operands, PipelineRunQuery.Orders);
        var now = clock.GetUtcNow();

        // One more than a page tells whether there is another.
        var query = PipelineRunQuery.Create(filter, factory.Name, RunsPerPage + 1, now);
        var found = await runs.ListAsync(query, call.Cancellation);
        await Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var run in found.Take(RunsPerPage))
            {
                RunWriter.Write(writer, run, call.Id, now);
            }

            writer.WriteEndArray();
            if (found.Length > RunsPerPage)
            {
                writer.WriteString("continuationToken", PipelineRunQuery.WriteToken(found[RunsPerPage - 1], query.OrderBy));
            }

            writer.WriteEndObject();
        });
    }

    private async Task GetAsync(FactoryCall call)
    {
        var run = await FindAsync(call);
        await Json.WriteAsync(call.Context, writer => RunWriter.Write(writer, run, call.Id, clock.GetUtcNow()));
    }

    private async Task CancelAsync(FactoryCall call)
    {
        var recursive = call.Flag("isRecursive");
        var run = await FindAsync(call);
        await runs.CancelAsync(run.Id, recursive, call.Cancellation);
    }

    private async Task QueryActivitiesAsync(FactoryCall call)
    {
        var run = await FindAsync(call);
        var filter = await RunFilter.ReadAsync(call, ActivityOperands, ActivityOrders);
        var skip = 0;
        if (filter.ContinuationToken is { } token
            && (!int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out skip) || skip < 0))
        {
            throw FactoryErrors.BadRequest("'continuationToken' is none that this server gave.", "continuationToken");
        }

        var activities = await runs.ListActivityRunsAsync(run.Id, call.Cancellation);
        var now = clock.GetUtcNow();

        // What never started has no time of its own: it became known with the run.
        var passing = activities.Where(activity => filter.IsInWindow(activity.End ?? (activity.Start is null ? run.End ?? now : now))
            && filter.Matches(operand => ValueOf(activity, operand)));
        if (filter.OrderBy is { } key)
        {
            passing = filter.IsAscending
                ? passing.OrderBy(activity => ValueOf(activity, key), StringComparer.OrdinalIgnoreCase)
                : passing.OrderByDescending(activity => ValueOf(activity, key), StringComparer.OrdinalIgnoreCase);
        }

        var page = passing.Skip(skip).Take(ActivitiesPerPage + 1).ToArray();
        await Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var activity in page.Take(ActivitiesPerPage))
            {
                RunWriter.Write(writer, activity, run.Pipeline);
            }

            writer.WriteEndArray();
            if (page.Length > ActivitiesPerPage)
            {
                writer.WriteString("continuationToken", (skip + ActivitiesPerPage).ToString(CultureInfo.InvariantCulture));
            }

            writer.WriteEndObject();
        });
    }

    private async Task<PipelineRun> FindAsync(FactoryCall call)
    {
        var id = call.Route("run").ToLowerInvariant();
        var run = await runs.FindAsync(new RunId(id), call.Cancellation);
        return run is not null && run.Factory.Equals(call.Factory, StringComparison.OrdinalIgnoreCase)
            ? run
            : throw FactoryErrors.RunNotFound(id);
    }

    private static string? ValueOf(ActivityRun activity, string operand) => operand switch
    {
        "ActivityName" => activity.Name,
        "ActivityType" => activity.Type,
        "Status" => RunWriter.StatusOf(activity.Status),
        "ActivityRunStart" => activity.Start is { } start ? RunFilter.TextOf(start) : "",
        "ActivityRunEnd" => activity.End is { } end ? RunFilter.TextOf(end) : "",
        _ => null,
    };
}
