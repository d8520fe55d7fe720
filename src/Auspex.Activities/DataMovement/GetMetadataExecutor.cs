using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Reading;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement;

/// <summary>Runs <c>GetMetadata</c>: tells of a file, a folder or a table what <c>fieldList</c> asks for, and nothing else.</summary>
/// <remarks>It reads only, so an attempt may simply run again.</remarks>
internal sealed class GetMetadataExecutor(DataServices services) : IActivityExecutor
{
    private const string Exists = "exists";

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var dataset = await services.Datasets.ResolveMemberAsync(attempt, properties, "dataset", cancellationToken);
        var fields = Fields(properties);
        try
        {
            var output = dataset.Shape switch
            {
                DataShape.Table => await DescribeTableAsync(attempt, dataset, properties, fields, cancellationToken),
                DataShape.Rest => throw ActivityFailures.Unsupported(
                    $"GetMetadata activity '{attempt.Activity.Name}' cannot describe dataset '{dataset.Name}' ({dataset.Type}); expected files, a folder or a table."),
                _ => await DescribeFilesAsync(attempt, dataset, properties, fields, cancellationToken),
            };
            ActivityOutputs.DemandSize(output, services.Options.OutputSizeInBytes, attempt.Activity.Name);
            return ActivityOutputs.AddCommon(output, services.Clock.GetElapsedTime(started));
        }
        catch (Exception failure) when (ActivityFailures.Translate(failure, "2011", "2012") is { } translated)
        {
            throw translated;
        }
    }

    private static List<string> Fields(PropertyReader properties)
    {
        var fields = properties.Array("fieldList").Select(field => field.AsText() ?? "").Where(field => field.Length > 0).ToList();
        return fields.Count > 0 ? fields : throw properties.Missing("fieldList");
    }

    private async Task<JsonObject> DescribeTableAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader properties, List<string> fields, CancellationToken cancellationToken)
    {
        var table = SqlStores.TableName(dataset) ?? throw dataset.Wrong("table", "the name of a table");
        var settings = SqlStores.Settings(attempt.Factory, dataset.Store);
        var schema = await services.Tables.FindTableAsync(settings, table, cancellationToken);
        if (schema is null)
        {
            return fields.Contains(Exists, StringComparer.OrdinalIgnoreCase)
                ? new JsonObject { [Exists] = false }
                : throw NotFound($"There is no table {table}.");
        }

        var output = new JsonObject();
        foreach (var field in fields)
        {
            output[field] = field.ToUpperInvariant() switch
            {
                "EXISTS" => true,
                "STRUCTURE" => Structure(schema),
                "COLUMNCOUNT" => schema.Fields.Length,
                _ => throw NotApplicable(properties, field, "a table", "structure, columnCount and exists"),
            };
        }

        return output;
    }

    private async Task<JsonObject> DescribeFilesAsync(
        ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader properties, List<string> fields, CancellationToken cancellationToken)
    {
        var storeSettings = properties.Object("storeSettings");
        var place = services.Places.Open(attempt, dataset, storeSettings);
        var path = place.FileName.Length > 0 ? place.FilePath : place.FolderPath;
        if (WildcardPattern.IsPattern(path))
        {
            throw ActivityFailures.Wrong(attempt.Activity.Name, $"dataset '{dataset.Name}'", $"'{path}'", "a file or folder without wildcards");
        }

        var file = place.FileName.Length > 0 ? await place.Store.FindAsync(path, cancellationToken) : null;
        var folder = file is null ? await place.Store.FindFolderAsync(path, cancellationToken) : null;
        if (file is null && folder is null)
        {
            return fields.Contains(Exists, StringComparer.OrdinalIgnoreCase)
                ? new JsonObject { [Exists] = false }
                : throw NotFound($"The required Blob is missing: there is no file or folder '{path}'.");
        }

        var output = new JsonObject();
        var schema = file is not null && fields.Any(NeedsSchema)
            ? await SchemaAsync(attempt, dataset, properties, place, file, cancellationToken)
            : null;
        foreach (var field in fields)
        {
            output[field] = file is not null
                ? await DescribeFileAsync(properties, place, file, schema, field, cancellationToken)
                : await DescribeFolderAsync(properties, place, path, folder!, FileSelection.Read(storeSettings, dataset, false), field, cancellationToken);
        }

        return output;
    }

    private static async Task<JsonNode?> DescribeFileAsync(
        PropertyReader properties, FilePlace place, BlobProperties file, TableSchema? schema, string field, CancellationToken cancellationToken) =>
        field.ToUpperInvariant() switch
        {
            "EXISTS" => true,
            "ITEMNAME" => NameOf(file.Path),
            "ITEMTYPE" => "File",
            "SIZE" => file.SizeInBytes,
            "LASTMODIFIED" => ActivityOutputs.Instant(file.LastModified),
            "CREATED" when file.Created is { } created => ActivityOutputs.Instant(created),
            "CONTENTMD5" => file.ContentMD5 ?? await HashAsync(place.Store, file.Path, cancellationToken),
            "STRUCTURE" => Structure(schema!),
            "COLUMNCOUNT" => schema!.Fields.Length,
            _ => throw NotApplicable(
                properties, field, "a file", "itemName, itemType, size, created, lastModified, contentMD5, structure, columnCount and exists"),
        };

    private static async Task<JsonNode?> DescribeFolderAsync(
        PropertyReader properties,
        FilePlace place,
        string path,
        FolderProperties folder,
        FileSelection selection,
        string field,
        CancellationToken cancellationToken) => field.ToUpperInvariant() switch
        {
            "EXISTS" => true,
            "ITEMNAME" => NameOf(path),
            "ITEMTYPE" => "Folder",
            "LASTMODIFIED" => folder.LastModified is { } modified ? ActivityOutputs.Instant(modified) : null,
            "CREATED" => folder.Created is { } created ? ActivityOutputs.Instant(created) : null,
            "CHILDITEMS" => await ChildrenAsync(place.Store, path, selection, cancellationToken),
            _ => throw NotApplicable(properties, field, "a folder", "itemName, itemType, created, lastModified, childItems and exists"),
        };

    /// <summary>What lies directly in a folder: <c>[{"name", "type"}]</c>.</summary>
    internal static async Task<JsonArray> ChildrenAsync(
        IBlobStore store, string path, FileSelection selection, CancellationToken cancellationToken)
    {
        var children = new JsonArray();
        await foreach (var entry in store.ListFolderAsync(path, cancellationToken))
        {
            if (entry.IsFolder || selection.Takes(entry.File!.LastModified))
            {
                children.Add((JsonNode)new JsonObject { ["name"] = entry.Name, ["type"] = entry.IsFolder ? "Folder" : "File" });
            }
        }

        return children;
    }

    private async Task<TableSchema> SchemaAsync(
        ActivityAttempt attempt,
        ResolvedDataset dataset,
        PropertyReader properties,
        FilePlace place,
        BlobProperties file,
        CancellationToken cancellationToken)
    {
        if (dataset.Shape == DataShape.Binary)
        {
            throw NotApplicable(properties, "structure", "a file of a Binary dataset", "itemName, itemType, size, created, lastModified, contentMD5 and exists");
        }

        await using var raw = await place.Store.OpenReadAsync(file.Path, 0, cancellationToken);
        await foreach (var content in Compression.Of(dataset).OpenAsync(raw, NameOf(file.Path), services.Options.TemporaryFolder, cancellationToken))
        {
            await using var table = dataset.Shape == DataShape.Json
                ? await DocumentTable.OpenAsync(
                    DocumentReader.ElementsAsync(
                        JsonDocumentReader.ReadAsync(content.Stream, dataset.Text("encodingName"), content.Name, cancellationToken), null, cancellationToken),
                    null,
                    content.Name,
                    null,
                    cancellationToken)
                : await TableFiles.OpenAsync(dataset, properties.Object("formatSettings"), content, null, cancellationToken);
            return table.Schema;
        }

        return TableFiles.Empty.Schema;
    }

    private static bool NeedsSchema(string field) =>
        field.Equals("structure", StringComparison.OrdinalIgnoreCase) || field.Equals("columnCount", StringComparison.OrdinalIgnoreCase);

    private static JsonArray Structure(TableSchema schema) =>
        [.. schema.Fields.Select(field => (JsonNode)new JsonObject { ["name"] = field.Name, ["type"] = InterimTypes.NameOf(field.Type) })];

    private static async Task<string> HashAsync(IBlobStore store, string path, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(path, 0, cancellationToken);
        return Convert.ToBase64String(await HashAsync(content, cancellationToken));
    }

    /// <summary>The MD5 hash of what is left of a stream: what stores keep, no proof against anyone.</summary>
    internal static async Task<byte[]> HashAsync(Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return hash.GetHashAndReset();
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static ActivityException NotApplicable(PropertyReader properties, string field, string what, string expected) =>
        ActivityFailures.Wrong(properties.Activity, properties.At("fieldList"), $"'{field}', which does not apply to {what}", expected);

    private static ActivityException NotFound(string what) => new(
        ErrorCode.DataNotFound, "2011", $"{what} Check the dataset, or ask for exists to be told.", FailureType.UserError);
}
