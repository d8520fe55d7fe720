namespace Auspex.Connectors.ObjectStorage;

/// <summary>What services are told of a blob's content, by its name.</summary>
internal static class BlobContentType
{
    public static string Of(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".CSV" => "text/csv",
        ".TSV" => "text/tab-separated-values",
        ".JSON" => "application/json",
        ".TXT" => "text/plain",
        _ => "application/octet-stream",
    };
}
