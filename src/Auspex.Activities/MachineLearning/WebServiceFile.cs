using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.MachineLearning;

/// <summary>Reads the storage references of an activity: <c>{"filePath", "linkedServiceName"}</c>, or the name of a dataset in the older shape.</summary>
internal sealed class WebServiceFile(LinkedServiceResolver linkedServices)
{
    /// <summary>The blob that an entry of <c>webServiceInputs</c> or <c>webServiceOutputs</c> means.</summary>
    /// <param name="attempt">The attempt, for the factory and for messages.</param>
    /// <param name="entry">The entry's value, expressions evaluated.</param>
    /// <param name="where">The entry's JSON path, for messages.</param>
    /// <param name="cancellationToken">Stops waiting for secrets.</param>
    /// <exception cref="ActivityException">The entry is malformed, or its linked service or dataset unusable.</exception>
    public Task<BlobReference> ReadAsync(
        ActivityAttempt attempt, JsonNode? entry, string where, CancellationToken cancellationToken) => entry switch
        {
            JsonObject file => ReferAsync(
                attempt,
                file.Member("linkedServiceName"),
                NonEmpty(file.TextMember("filePath")) ?? throw Missing(attempt, where + ".filePath"),
                where,
                cancellationToken),
            JsonValue name when name.TryGetValue<string>(out var dataset) => ReadDatasetAsync(attempt, dataset, where, cancellationToken),
            _ => throw Missing(attempt, where),
        };

    /// <summary>A linked service and a path as one reference.</summary>
    public async Task<BlobReference> ReferAsync(
        ActivityAttempt attempt, JsonNode? linkedServiceName, string path, string where, CancellationToken cancellationToken)
    {
        var reference = linkedServiceName switch
        {
            JsonObject json when json.TextMember("referenceName") is { } name =>
                new ResourceReference(name, json.TextMember("type") ?? "", json.Member("parameters") as JsonObject),
            JsonValue text when text.TryGetValue<string>(out var name) => new ResourceReference(name, ""),
            _ => throw Missing(attempt, where + ".linkedServiceName"),
        };
        return StorageReferences.Refer(
            attempt.Factory, await linkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken), path);
    }

    // Version 1 named a dataset; its folderPath and fileName make the blob.
    private async Task<BlobReference> ReadDatasetAsync(
        ActivityAttempt attempt, string name, string where, CancellationToken cancellationToken)
    {
        if (!attempt.Factory.Datasets.TryGetValue(name, out var dataset))
        {
            throw new ActivityException(
                ErrorCode.ActivityProperty,
                "2104",
                $"{where} of activity '{attempt.Activity.Name}' names dataset '{name}', which the factory does not have; "
                + "add it, or write {\"filePath\": ..., \"linkedServiceName\": ...}.",
                FailureType.UserError);
        }

        var properties = dataset.TypeProperties;
        var location = properties.Member("location") as JsonObject;
        var container = location?.TextMember("container");
        var folder = location?.TextMember("folderPath") ?? properties.TextMember("folderPath");
        var file = location?.TextMember("fileName") ?? properties.TextMember("fileName")
            ?? throw Missing(attempt, $"dataset {name}.fileName");
        var path = string.Join('/', new[] { container, folder?.Trim('/'), file }.Where(part => !string.IsNullOrEmpty(part)));
        return StorageReferences.Refer(
            attempt.Factory, await linkedServices.ResolveAsync(attempt.Factory, dataset.LinkedServiceName, cancellationToken), path);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    internal static ActivityException Missing(ActivityAttempt attempt, string property) => new(
        ErrorCode.ActivityProperty,
        "2103",
        $"Please provide value for the required property '{property}' of activity '{attempt.Activity.Name}'.",
        FailureType.UserError);
}
