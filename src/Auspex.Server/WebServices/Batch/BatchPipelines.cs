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
/// The built-in pipelines that batch jobs are runs of. A row-wise service: plan, score the partitions, commit, tidy up.
/// Any other: its graph as one activity.
/// </summary>
internal sealed class BatchPipelines(IOptions<WebServiceOptions> options)
{
    /// <summary>The factory that these runs are listed under; no factory of a user can have this name.</summary>
    public const string Factory = "$webservices";

    public const string PlanType = "AuspexBatchPlan";
    public const string ScoreType = "AuspexBatchScore";
    public const string CommitType = "AuspexBatchCommit";
    public const string CleanType = "AuspexBatchClean";
    public const string GraphType = "AuspexBatchGraph";

    /// <summary>The most that a ForEach runs at once.</summary>
    private const int MostParallel = 50;

    private const string Timeout = "7.00:00:00";

    public static bool IsOurs(string activityType) => activityType is PlanType or ScoreType or CommitType or CleanType or GraphType;

    public PipelineRunRequest Request(JobDocument job, JobBody body, LiveModel model) => new()
    {
        RunId = job.RunId,
        Factory = Factory,
        Pipeline = IsRowwise(body, model) ? Rowwise(job.EndpointId) : Graph(job.EndpointId),
        Parameters = new JsonObject { ["endpoint"] = job.EndpointId, ["job"] = job.Id },
        TriggerType = "Manual",
        TriggerName = "BatchExecution",
    };

    private static bool IsRowwise(JobBody body, LiveModel model)
    {
        try
        {
            return model.Shape.HasOneTableInAndOut
                && TableFormats.IsDelimited(body.Inputs.Values.First().RelativeLocation!)
                && TableFormats.IsDelimited(body.Outputs.Values.First().RelativeLocation!)
                && model.FindRowwise(body.Parameters) is not null;
        }
        catch (ModuleException)
        {
            // The job says what is wrong; a submission cannot wait for that.
            return false;
        }
    }

    private PipelineDefinition Rowwise(string endpointId)
    {
        var parallel = options.Value.Parallelism == 0 ? Environment.ProcessorCount : options.Value.Parallelism;
        return Load(
            endpointId,
            Activity("Plan", PlanType, null),
            new JsonObject
            {
                ["name"] = "Score",
                ["type"] = "ForEach",
                ["dependsOn"] = DependsOn("Plan"),
                ["typeProperties"] = new JsonObject
                {
                    ["items"] = Expression("@activity('Plan').output.partitions"),
                    ["batchCount"] = Math.Min(parallel, MostParallel),
                    ["activities"] = new JsonArray(Activity("ScorePartition", ScoreType, null, ("partition", Expression("@item()")))),
                },
            },
            Activity("Commit", CommitType, "Score"),
            // By itself, so that a commit which is done again after a crash still finds the parts.
            Activity("Clean", CleanType, "Commit"));
    }

    private PipelineDefinition Graph(string endpointId) => Load(endpointId, Activity("RunGraph", GraphType, null));

    private PipelineDefinition Load(string endpointId, params ReadOnlySpan<JsonNode> activities)
    {
        var source = new JsonObject
        {
            ["name"] = $"batch-{endpointId}",
            ["properties"] = new JsonObject
            {
                ["activities"] = new JsonArray([.. activities]),
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

    private static JsonObject Activity(
        string name, string type, string? after, params ReadOnlySpan<(string Name, JsonNode Value)> properties)
    {
        var typeProperties = new JsonObject
        {
            ["endpoint"] = Expression("@pipeline().parameters.endpoint"),
            ["job"] = Expression("@pipeline().parameters.job"),
        };
        foreach (var (property, value) in properties)
        {
            typeProperties[property] = value;
        }

        return new JsonObject
        {
            ["name"] = name,
            ["type"] = type,
            ["dependsOn"] = after is null ? new JsonArray() : DependsOn(after),
            ["policy"] = new JsonObject { ["timeout"] = Timeout },
            ["typeProperties"] = typeProperties,
        };
    }

    private static JsonArray DependsOn(string activity) =>
        new(new JsonObject { ["activity"] = activity, ["dependencyConditions"] = new JsonArray("Succeeded") });

    private static JsonObject Expression(string text) => new() { ["value"] = text, ["type"] = "Expression" };
}
