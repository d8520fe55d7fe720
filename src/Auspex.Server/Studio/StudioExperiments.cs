using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Api;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Resources;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Experiments as clients of Studio save, run and publish them. The graph is kept as it was given.</summary>
internal sealed class StudioExperiments(
    StudioStore store,
    StudioRuns runs,
    StudioProgress progress,
    StudioGraphs graphs,
    DefinitionPublisher publisher,
    WebServiceDirectory directory,
    ServerIdentity identity,
    IDocumentStore documents,
    TimeProvider clock) : IDisposable
{
    private const int LongestName = 1024;
    private const string OwnCategory = "user";

    private readonly SemaphoreSlim _changes = new(1, 1);

    public async Task<List<JsonObject>> ListAsync(CancellationToken cancellationToken)
    {
        var list = new List<JsonObject>();
        foreach (var experiment in await store.ListAsync(StudioStore.Experiments, cancellationToken))
        {
            list.Add(await runs.SettleAsync(experiment, cancellationToken));
        }

        return list;
    }

    /// <summary>An experiment as it is shown: while it runs with what is known of its nodes so far.</summary>
    public async Task<JsonObject> ShowAsync(string id, CancellationToken cancellationToken)
    {
        var experiment = await GetAsync(id, cancellationToken);
        await progress.ShowAsync(experiment, cancellationToken);
        return experiment;
    }

    public async Task<JsonObject> GetAsync(string id, CancellationToken cancellationToken) =>
        await runs.SettleAsync(await store.FindAsync(StudioStore.Experiments, id, cancellationToken) ?? throw NotFound(id), cancellationToken);

    /// <summary>Saves an experiment and, when it is no draft, runs it.</summary>
    /// <param name="id">Null makes a new one.</param>
    /// <param name="body">The client's request.</param>
    /// <param name="ifMatch">The tag that the present state must have; empty for any.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <exception cref="ServiceErrorException">400: no graph; 404; 409: it runs; 412: it was changed since.</exception>
    public async Task<JsonObject> SaveAsync(string? id, JsonObject body, string ifMatch, CancellationToken cancellationToken)
    {
        var name = body.TextMember("Description") ?? "";
        if (name.Length > LongestName)
        {
            throw ServiceErrors.RequestBodyInvalid($"'Description', the experiment's name, is longer than {LongestName} characters.");
        }

        if (body.ObjectMember("ExperimentGraph") is not { } graph)
        {
            throw ServiceErrors.RequestBodyInvalid("'ExperimentGraph' is missing or no object; expected the graph as an experiment shows it under 'Graph'.");
        }

        await _changes.WaitAsync(cancellationToken);
        try
        {
            var present = id is null ? null : await GetAsync(id, cancellationToken);
            if (present is not null)
            {
                if (ifMatch.Length > 0 && ifMatch != "*" && ifMatch != present.TextMember("Etag"))
                {
                    throw ServiceErrors.Create(412, "PreconditionFailed", "The experiment was changed since it was read.", "EtagMismatch", "Read the experiment again and repeat the change.");
                }

                if (StudioRuns.IsRunning(present))
                {
                    throw ServiceErrors.Conflict("ExperimentRunning", "The experiment runs. Wait until it has ended, or cancel it.");
                }
            }

            var isDraft = body.BooleanMember("IsDraft") ?? true;
            var experiment = Describe(present, name, graph, body, isDraft);
            var key = (string)experiment["ExperimentId"]!;
            await store.SaveAsync(StudioStore.Experiments, key, experiment, cancellationToken);
            if (!isDraft)
            {
                await runs.StartAsync(experiment);
            }

            return experiment;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>A saved asset that a graph names.</summary>
    /// <exception cref="ServiceErrorException">400: it is not in this workspace.</exception>
    public async Task<JsonObject> FindAssetAsync(StudioAssetKind kind, string id, CancellationToken cancellationToken) =>
        await store.FindAsync(kind.Path, id, cancellationToken) ?? throw ServiceErrors.BadArgument(
            "AssetNotFound", $"The experiment uses {kind.Member} '{ServiceErrors.Shorten(id)}', which is not in this workspace.");

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await runs.CancelAsync(await GetAsync(id, cancellationToken), cancellationToken);
        await store.DeleteAsync(StudioStore.Experiments, id, cancellationToken);
        await StudioResultCache.ForgetAsync(documents, id, cancellationToken);
    }

    public async Task CancelAsync(string id, CancellationToken cancellationToken)
    {
        await runs.CancelAsync(await GetAsync(id, cancellationToken), cancellationToken);
    }

    /// <summary>The bytes at a node's output port.</summary>
    /// <exception cref="ServiceErrorException">404: there is nothing.</exception>
    public async Task<JsonObject> GetOutputAsync(string id, string node, string port, CancellationToken cancellationToken)
    {
        var outputs = (await GetAsync(id, cancellationToken)).ObjectMember(StudioOutputs.Ports)?.ObjectMember(node);
        return outputs?.ObjectMember(port) ?? throw ServiceErrors.NotFound(
            "OutputNotFound",
            $"Node '{ServiceErrors.Shorten(node)}' of the experiment has no output '{ServiceErrors.Shorten(port)}' with data. {(outputs is null ? "Run the experiment first." : $"It has: {string.Join(", ", outputs.Select(output => $"'{output.Key}'"))}.")}");
    }

    /// <summary>What a node's output becomes as a saved asset.</summary>
    /// <exception cref="ServiceErrorException">404: there is nothing; 400: it is of another kind.</exception>
    public async Task<NewAsset> PromoteAsync(
        string id, string node, string port, string name, StudioAssetKind kind, CancellationToken cancellationToken)
    {
        var output = await GetOutputAsync(id, node, port, cancellationToken);
        if (output.TextMember("kind") != kind.Kind.ToString())
        {
            throw ServiceErrors.BadArgument(
                "DataTypeNotSupported", $"Output '{ServiceErrors.Shorten(port)}' is a {output.TextMember("kind")} and cannot be saved as {kind.Member}.");
        }

        var type = StudioDataType.Find(kind.Kind switch
        {
            AssetKind.TrainedModel => "ILearnerDotNet",
            AssetKind.Transform => "ITransformDotNet",
            _ => "GenericCSV",
        })!;
        return new NewAsset(name, type, new ArtifactId((string)output["artifact"]!), (long)output["size"]!)
        {
            ExperimentId = id,
            PromotedFrom = $"{id}.{node}.{port}",
        };
    }

    /// <summary>Publishes an experiment that has run as a classic web service.</summary>
    /// <exception cref="ServiceErrorException">400: it has not run, or has no web-service ends.</exception>
    public async Task<JsonObject> PublishAsync(string id, bool updatesExisting, CancellationToken cancellationToken)
    {
        var experiment = await GetAsync(id, cancellationToken);
        if (experiment.ObjectMember("Status")?.TextMember("StatusCode") != "Finished")
        {
            throw ServiceErrors.InvalidOperation("ExperimentNotFinished", "Only an experiment whose run has finished can be published. Run it first.");
        }

        var present = updatesExisting && experiment.ObjectMember("WebService")?.TextMember("WebServiceGroupId") is { Length: > 0 } group
            ? directory.FindService(identity.WorkspaceId, group)
            : null;
        var (definition, assets) = await graphs.ReadAsync(experiment, cancellationToken);
        var name = present?.Document.Name ?? FreeName(definition.Name);
        var service = await publisher.PublishAsync(name, definition.Description, definition, assets, cancellationToken);
        if (experiment["WebService"] is not JsonObject web)
        {
            experiment["WebService"] = web = [];
        }

        web["WebServiceGroupId"] = service.Document.Id;
        await store.SaveAsync(StudioStore.Experiments, (string)experiment["ExperimentId"]!, experiment, cancellationToken);
        var publication = new JsonObject
        {
            ["ActivityId"] = WebServicePublisher.NewId(),
            ["WebServiceGroupId"] = service.Document.Id,
            ["EndpointId"] = service.Document.DefaultEndpointId,
            ["Status"] = "Completed",
        };
        await store.SaveAsync(StudioStore.Publications, (string)publication["ActivityId"]!, publication, cancellationToken);
        return publication;
    }

    public async Task<JsonObject> GetPublicationAsync(string activity, CancellationToken cancellationToken) =>
        await store.FindAsync(StudioStore.Publications, activity, cancellationToken)
        ?? throw ServiceErrors.NotFound("ActivityNotFound", $"There is no publication '{ServiceErrors.Shorten(activity)}'.");

    public void Dispose() => _changes.Dispose();

    // The original let several services bear one name; here a name is one service.
    private string FreeName(string name)
    {
        var free = name;
        for (var i = 2; directory.FindByName(identity.WorkspaceId, free) is not null; i++)
        {
            free = FormattableString.Invariant($"{name} ({i})");
        }

        return free;
    }

    private JsonObject Describe(JsonObject? present, string name, JsonObject graph, JsonObject body, bool isDraft)
    {
        var now = clock.GetUtcNow();
        var tag = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["ExperimentId"] = present?["ExperimentId"]?.DeepClone() ?? $"{identity.WorkspaceId}.f-id.{WebServicePublisher.NewId()}",
            ["RunId"] = isDraft ? present?["RunId"]?.DeepClone() : WebServicePublisher.NewId(),
            ["ParentExperimentId"] = body.TextMember("ParentExperimentId") is { Length: > 0 } parent ? parent : null,
            ["OriginalExperimentDocumentationLink"] = null,
            ["Summary"] = body.TextMember("Summary") ?? "",
            ["Description"] = name,
            ["Status"] = StudioRuns.Status(isDraft ? "InDraft" : "Running", "None", now, isDraft ? null : now, null),
            ["Etag"] = $"W/\"datetime'{tag.Replace(":", "%3A", StringComparison.Ordinal)}'\"",
            ["Creator"] = "",
            ["IsLeaf"] = true,
            ["DisableNodesUpdate"] = body.BooleanMember("DisableNodesUpdate") ?? body.BooleanMember("DisableNodeUpdate") ?? false,
            ["Category"] = body.TextMember("Category") ?? OwnCategory,
            ["Tags"] = new JsonArray(),
            ["IsPartialRun"] = false,
            ["IsArchived"] = false,
            ["JobId"] = null,
            ["VersionId"] = null,
            ["Graph"] = graph.DeepClone(),
            ["WebService"] = body.ObjectMember("WebService")?.DeepClone(),
            ["NodeStatuses"] = new JsonArray(),
        };
    }

    private static ServiceErrorException NotFound(string id) =>
        ServiceErrors.NotFound("ExperimentNotFound", $"There is no experiment '{ServiceErrors.Shorten(id)}' in this workspace.");
}
