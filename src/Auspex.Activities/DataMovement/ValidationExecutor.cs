using System.Text.Json.Nodes;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement;

/// <summary>Runs <c>Validation</c>: waits until a file, a folder or a table is there, and is what is asked of it.</summary>
/// <remarks>It reads only. An attempt that runs again waits its whole time again.</remarks>
internal sealed class ValidationExecutor(DataServices services) : IActivityExecutor
{
    private const int DefaultSleepSeconds = 10;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromDays(7);

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var timeout = properties.Duration("timeout") ?? DefaultTimeout;
        var sleep = TimeSpan.FromSeconds(properties.Integer("sleep", 1, 86_400) ?? DefaultSleepSeconds);
        var dataset = await services.Datasets.ResolveMemberAsync(attempt, properties, "dataset", cancellationToken);
        try
        {
            while (true)
            {
                if (await TryDescribeAsync(attempt, dataset, properties, cancellationToken) is { } output)
                {
                    return ActivityOutputs.AddCommon(output, services.Clock.GetElapsedTime(started));
                }

                var left = timeout - services.Clock.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    throw new ActivityException(
                        ErrorCode.ValidationTimedOut,
                        "ActivityTimeout",
                        $"Validation activity '{attempt.Activity.Name}' timed out after {timeout:d\\.hh\\:mm\\:ss}: what dataset '{dataset.Name}' names is not "
                        + "there, or not as minimumSize and childItems demand.",
                        FailureType.UserError);
                }

                await Task.Delay(left < sleep ? left : sleep, services.Clock, cancellationToken);
            }
        }
        catch (Exception failure) when (ActivityFailures.Translate(failure, "2011", "2012") is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The output once everything is as demanded; null as long as it is not.</summary>
    private async Task<JsonObject?> TryDescribeAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader properties, CancellationToken cancellationToken)
    {
        if (dataset.Shape == DataShape.Table)
        {
            var table = SqlStores.TableName(dataset) ?? throw dataset.Wrong("table", "the name of a table");
            var schema = await services.Tables.FindTableAsync(SqlStores.Settings(attempt.Factory, dataset.Store), table, cancellationToken);
            return schema is null ? null : new JsonObject { ["exists"] = true, ["itemName"] = table, ["itemType"] = "Table" };
        }

        var place = services.Places.Open(attempt, dataset, properties.Object("storeSettings"));
        if (place.FileName.Length > 0)
        {
            var file = await place.Store.FindAsync(place.FilePath, cancellationToken);
            return file is not null && file.SizeInBytes >= (properties.Integer("minimumSize", 0, long.MaxValue) ?? 0)
                ? new JsonObject
                {
                    ["exists"] = true,
                    ["itemName"] = place.FileName,
                    ["itemType"] = "File",
                    ["size"] = file.SizeInBytes,
                    ["lastModified"] = ActivityOutputs.Instant(file.LastModified),
                }
                : null;
        }

        if (await place.Store.FindFolderAsync(place.FolderPath, cancellationToken) is not { } folder)
        {
            return null;
        }

        var children = await GetMetadataExecutor.ChildrenAsync(
            place.Store, place.FolderPath, new FileSelection(), cancellationToken);
        if (properties.Has("childItems") && properties.Boolean("childItems", false) != children.Count > 0)
        {
            return null;
        }

        return new JsonObject
        {
            ["exists"] = true,
            ["itemName"] = place.FolderPath[(place.FolderPath.LastIndexOf('/') + 1)..],
            ["itemType"] = "Folder",
            ["lastModified"] = folder.LastModified is { } modified ? ActivityOutputs.Instant(modified) : null,
            ["childItems"] = children,
        };
    }
}
