using System.Text.Json.Nodes;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement;

/// <summary>Runs <c>Delete</c>: removes the files that a dataset and <c>storeSettings</c> choose, and folders that are empty then.</summary>
/// <remarks>What is gone already is no failure, so an attempt may run again; it counts what it removed itself.</remarks>
internal sealed class DeleteExecutor(DataServices services) : IActivityExecutor
{
    private const int DefaultConnections = 16;

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var dataset = await services.Datasets.ResolveMemberAsync(attempt, properties, "dataset", cancellationToken);
        if (dataset.Shape is DataShape.Table or DataShape.Rest)
        {
            throw ActivityFailures.Unsupported(
                $"Delete activity '{attempt.Activity.Name}' cannot delete dataset '{dataset.Name}' ({dataset.Type}); expected a dataset of files.");
        }

        var storeSettings = properties.Object("storeSettings");
        var selection = FileSelection.Read(storeSettings, dataset, properties.Boolean("recursive", false));
        var connections = storeSettings.Integer("maxConcurrentConnections", 1, 1000)
            ?? properties.Integer("maxConcurrentConnections", 1, 1000) ?? DefaultConnections;
        var place = services.Places.Open(attempt, dataset, null);
        try
        {
            var log = await DeletionLog.OpenAsync(services, attempt, properties, cancellationToken);
            var deleted = await DeleteFilesAsync(place, selection, (int)connections, log, cancellationToken);
            if (place.FileName.Length == 0 && selection is { IsPattern: false, IsRecursive: true, ModifiedFrom: null, ModifiedBefore: null })
            {
                await place.Store.DeleteEmptyFoldersAsync(place.FolderPath, cancellationToken);
            }

            var output = new JsonObject
            {
                ["datasetName"] = dataset.Name,
                ["type"] = dataset.TypeProperties.ObjectMember("location")?.TextMember("type") ?? dataset.Type,
                ["prefix"] = selection.Prefix,
                ["recursive"] = selection.IsRecursive,
                ["isWildcardUsed"] = selection.WildcardFile is not null || selection.WildcardFolder is not null,
                ["wildcardFileName"] = selection.WildcardFile,
                ["maxConcurrentConnections"] = connections,
                ["filesDeleted"] = deleted,
                ["logPath"] = await log.CompleteAsync(cancellationToken),
            };
            return ActivityOutputs.AddCommon(WithoutNulls(output), services.Clock.GetElapsedTime(started));
        }
        catch (Exception failure) when (ActivityFailures.Translate(failure, "2200", "2201") is { } translated)
        {
            throw translated;
        }
    }

    private static async Task<long> DeleteFilesAsync(
        FilePlace place, FileSelection selection, int connections, DeletionLog log, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        var files = FileSelector.ListAsync(place, selection, _ => { }, cancellationToken);
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                try
                {
                    if (await place.Store.DeleteAsync(file.Blob.Path, token))
                    {
                        Interlocked.Increment(ref deleted);
                        log.Add(file.Blob.Path, "Deleted", "");
                    }
                }
                catch (BlobStoreException failure)
                {
                    log.Add(file.Blob.Path, "Failed", failure.Message);
                    throw;
                }
            });
        return deleted;
    }

    private static JsonObject WithoutNulls(JsonObject output)
    {
        foreach (var name in output.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            output.Remove(name);
        }

        return output;
    }
}
