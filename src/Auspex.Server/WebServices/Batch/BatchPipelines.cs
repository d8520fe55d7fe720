using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Experiments.Modules;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// The built-in pipelines that batch jobs are runs of: one activity, which scores in a stream for a row-wise service and runs
/// the graph for any other.
/// </summary>
internal sealed class BatchPipelines(IOptions<WebServiceOptions> options)
{
    /// <summary>The factory that these runs are listed under; no factory of a user can have this name.</summary>
    public const string Factory = "$webservices";

    public const string ScoreType = "AuspexBatchScore";
    public const string GraphType = "AuspexBatchGraph";

    private const string Timeout = "7.00:00:00";

    public static bool IsOurs(string activityType) => activityType is ScoreType or GraphType;

    public PipelineRunRequest Request(JobDocument job, JobBody body, LiveModel model) => new()
    {
        RunId = job.RunId,
        Factory = Factory,
        Pipeline = IsRowwise(body, model) ? Load(job.EndpointId, "Score", ScoreType) : Load(job.EndpointId, "RunGraph", GraphType),
        Parameters = new JsonObject { ["endpoint"] = job.EndpointId, ["job"] = job.Id },
        TriggerType = "Manual",
        TriggerName = "BatchExecution",
    };

    private static bool IsRowwise(JobBody body, LiveModel model)
    {
        try
        {
            return RowwiseJob.Takes(body, model);
        }
        catch (ModuleException)
        {
            // The job says what is wrong; a submission cannot wait for that.
            return false;
        }
    }

    private PipelineDefinition Load(string endpointId, string activity, string type)
    {
        var source = new JsonObject
        {
            ["name"] = $"batch-{endpointId}",
            ["properties"] = new JsonObject
            {
                ["activities"] = new JsonArray(Activity(activity, type)),
                ["parameters"] = new JsonObject
                {
                    ["endpoint"] = new JsonObject { ["type"] = "string" },
                    ["job"] = new JsonObject { ["type"] = "string" },
                },
                ["concurrency"] = options.Value.MaxRunningJobs,
            },
        };
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        return PipelineLoader.Load(source, file: null, diagnostics)
            ?? throw new InvalidOperationException("The built-in batch pipeline does not load.");
    }

    private static JsonObject Activity(string name, string type) => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["policy"] = new JsonObject { ["timeout"] = Timeout },
        ["typeProperties"] = new JsonObject
        {
            ["endpoint"] = Expression("@pipeline().parameters.endpoint"),
            ["job"] = Expression("@pipeline().parameters.job"),
        },
    };

    private static JsonObject Expression(string text) => new() { ["value"] = text, ["type"] = "Expression" };
}
