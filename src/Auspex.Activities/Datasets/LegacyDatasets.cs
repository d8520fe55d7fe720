using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.Datasets;

/// <summary>Reads the file datasets of earlier days (<c>AzureBlob</c>, <c>FileShare</c> ...) as what replaced them: a location and a format.</summary>
internal static class LegacyDatasets
{
    /// <summary>The types that are read so.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["AzureBlob", "AzureBlobFSFile", "AzureDataLakeStoreFile", "FileShare", "HttpFile", "AmazonS3Object"];

    /// <summary>The type and properties in today's form; the given ones when they are in it already.</summary>
    /// <exception cref="ActivityException">It uses what nothing evaluates any more, such as <c>partitionedBy</c>.</exception>
    public static (string Type, JsonObject Properties) Modernize(string name, string type, JsonObject properties)
    {
        if (!Types.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            return (type, properties);
        }

        if (properties.Member("partitionedBy") is not null)
        {
            throw new ActivityException(
                ErrorCode.DatasetUnusable,
                "2104",
                $"Dataset '{name}' uses partitionedBy, which nothing evaluates; write folderPath with an expression over parameters.",
                FailureType.UserError);
        }

        var modern = new JsonObject { ["location"] = Location(type, properties) };
        if (properties.Member("compression") is { } compression)
        {
            modern["compression"] = compression.DeepClone();
            modern["compressionCodec"] = (compression as JsonObject)?.Member("type")?.DeepClone();
            modern["compressionLevel"] = (compression as JsonObject)?.Member("level")?.DeepClone();
        }

        foreach (var filter in new[] { "modifiedDatetimeStart", "modifiedDatetimeEnd", "fileFilter", "prefix", "requestMethod", "requestBody", "additionalHeaders" })
        {
            if (properties.Member(filter) is { } value)
            {
                modern[filter] = value.DeepClone();
            }
        }

        var format = properties.ObjectMember("format");
        switch (format?.TextMember("type")?.ToUpperInvariant())
        {
            case null:
                return ("Binary", modern);
            case "TEXTFORMAT":
                foreach (var (member, value) in format!)
                {
                    modern[member] = value?.DeepClone();
                }

                modern.Remove("type");
                modern["nullValue"] ??= "\\N";
                modern["quoteChar"] ??= "";
                modern["escapeChar"] ??= "";
                return ("DelimitedText", modern);
            case "JSONFORMAT":
                modern["encodingName"] = format!.Member("encodingName")?.DeepClone();
                return ("Json", modern);
            case "PARQUETFORMAT":
                return ("Parquet", modern);
            default:
                return (format!.TextMember("type")!.Replace("Format", "", StringComparison.OrdinalIgnoreCase), modern);
        }
    }

    private static JsonObject Location(string type, JsonObject properties)
    {
        var location = new JsonObject { ["fileName"] = properties.Member("fileName")?.DeepClone() };
        if (type.Equals("HttpFile", StringComparison.OrdinalIgnoreCase))
        {
            location["relativeUrl"] = properties.Member("relativeUrl")?.DeepClone();
            return location;
        }

        if (type.Equals("AmazonS3Object", StringComparison.OrdinalIgnoreCase))
        {
            var key = (properties.TextMember("key") ?? "").Replace('\\', '/').TrimStart('/');
            location["bucketName"] = properties.Member("bucketName")?.DeepClone();
            location["folderPath"] = key[..Math.Max(0, key.LastIndexOf('/'))];
            location["fileName"] = key[(key.LastIndexOf('/') + 1)..];
            return location;
        }

        var folder = (properties.TextMember("folderPath") ?? "").Replace('\\', '/').Trim('/');
        if (!type.Equals("AzureBlob", StringComparison.OrdinalIgnoreCase)
            && !type.Equals("AzureBlobFSFile", StringComparison.OrdinalIgnoreCase))
        {
            location["folderPath"] = folder;
            return location;
        }

        // The first part of the path is the container or file system.
        var slash = folder.IndexOf('/', StringComparison.Ordinal);
        location["container"] = slash < 0 ? folder : folder[..slash];
        location["folderPath"] = slash < 0 ? "" : folder[(slash + 1)..];
        return location;
    }
}
