using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Reading;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement;

/// <summary>
/// Runs <c>Lookup</c>: reads the first row or up to 5,000 rows of a dataset into the activity's output.
/// </summary>
/// <remarks>It reads only, so an attempt may simply run again; a query that changes the database does so again.</remarks>
internal sealed class LookupExecutor(DataServices services) : IActivityExecutor
{
    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var source = properties.RequiredObject("source");
        var dataset = await services.Datasets.ResolveMemberAsync(attempt, properties, "dataset", cancellationToken);
        var isFirstRowOnly = properties.Boolean("firstRowOnly", true);
        try
        {
            var output = isFirstRowOnly
                ? await ReadFirstAsync(attempt, dataset, source, cancellationToken)
                : await ReadAllAsync(attempt, dataset, source, cancellationToken);
            return ActivityOutputs.AddCommon(output, services.Clock.GetElapsedTime(started));
        }
        catch (Exception failure) when (ActivityFailures.Translate(failure, "2100", "2101", "Source") is { } translated)
        {
            throw translated;
        }
    }

    private async Task<JsonObject> ReadFirstAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source, CancellationToken cancellationToken)
    {
        await foreach (var row in RowsAsync(attempt, dataset, source, cancellationToken))
        {
            var output = new JsonObject { ["firstRow"] = row };
            ActivityOutputs.DemandSize(output, services.Options.OutputSizeInBytes, attempt.Activity.Name);
            return output;
        }

        return [];
    }

    private async Task<JsonObject> ReadAllAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source, CancellationToken cancellationToken)
    {
        var value = new JsonArray();
        var size = 0L;
        await foreach (var row in RowsAsync(attempt, dataset, source, cancellationToken))
        {
            // Counted on the way: rows that are too many for the output are too many for the memory.
            size += Encoding.UTF8.GetByteCount(row?.ToJsonString() ?? "null") + 1;
            if (size > services.Options.OutputSizeInBytes)
            {
                throw ActivityOutputs.TooLarge(services.Options.OutputSizeInBytes, attempt.Activity.Name);
            }

            value.Add(row);
            if (value.Count == services.Options.LookupRows)
            {
                break;
            }
        }

        return new JsonObject { ["count"] = value.Count, ["value"] = value };
    }

    private IAsyncEnumerable<JsonNode?> RowsAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source, CancellationToken cancellationToken) => dataset.Shape switch
        {
            DataShape.Table => TableRowsAsync(attempt, dataset, source, cancellationToken),
            DataShape.Rest => RestRowsAsync(attempt, dataset, source, cancellationToken),
            DataShape.Binary => throw ActivityFailures.Unsupported(
                $"Lookup activity '{attempt.Activity.Name}' cannot read dataset '{dataset.Name}' of type Binary; expected a dataset with rows."),
            _ => FileRowsAsync(attempt, dataset, source, cancellationToken),
        };

    private async IAsyncEnumerable<JsonNode?> TableRowsAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var table = await SqlQueries.OpenAsync(services.Tables, attempt, dataset, source, cancellationToken);
        await foreach (var batch in table.ReadAsync(cancellationToken))
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                yield return RowJson.ToObject(batch, row);
            }
        }
    }

    private async IAsyncEnumerable<JsonNode?> RestRowsAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = new RestPages(services, attempt, dataset, source).ReadAsync(cancellationToken);
        await foreach (var element in DocumentReader.ElementsAsync(pages, null, cancellationToken))
        {
            yield return element.Element?.DeepClone();
        }
    }

    private async IAsyncEnumerable<JsonNode?> FileRowsAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var storeSettings = source.Object("storeSettings");
        var formatSettings = source.Object("formatSettings");
        var place = services.Places.Open(attempt, dataset, storeSettings);
        var selection = FileSelection.Read(storeSettings, dataset, recursive: true);
        var compression = Compression.Of(dataset);
        var isFound = false;
        await foreach (var file in FileSelector.ListAsync(place, selection, null, cancellationToken))
        {
            isFound = true;
            await using var raw = await place.Store.OpenReadAsync(file.Blob.Path, 0, cancellationToken);
            var contents = compression.OpenAsync(raw, file.Name, services.Options.TemporaryFolder, cancellationToken);
            await foreach (var content in contents)
            {
                await foreach (var row in ContentRowsAsync(dataset, formatSettings, content, cancellationToken))
                {
                    yield return row;
                }
            }
        }

        if (!isFound)
        {
            throw FileSelector.NotFound(place.FilePath);
        }
    }

    private static async IAsyncEnumerable<JsonNode?> ContentRowsAsync(
        ResolvedDataset dataset,
        PropertyReader formatSettings,
        FileContent content,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (dataset.Shape == DataShape.Json)
        {
            var documents = JsonDocumentReader.ReadAsync(content.Stream, dataset.Text("encodingName"), content.Name, cancellationToken);
            await foreach (var element in DocumentReader.ElementsAsync(documents, null, cancellationToken))
            {
                yield return element.Element?.DeepClone();
            }

            yield break;
        }

        await using var table = await TableFiles.OpenAsync(dataset, formatSettings, content, null, cancellationToken);
        await foreach (var batch in table.ReadAsync(cancellationToken))
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                yield return RowJson.ToObject(batch, row);
            }
        }
    }
}
