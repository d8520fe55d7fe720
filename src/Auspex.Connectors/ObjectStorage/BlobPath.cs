using Auspex.Errors;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Paths as references bear them, made uniform.</summary>
internal static class BlobPath
{
    /// <summary>Without a leading slash and with forward slashes only.</summary>
    /// <exception cref="BlobStoreException">It is empty, or a part of it is empty, <c>.</c> or <c>..</c>.</exception>
    public static string Normalize(string path)
    {
        var uniform = path.Replace('\\', '/').TrimStart('/');
        if (uniform.Length == 0 || uniform.EndsWith('/'))
        {
            throw Malformed(path, "it names no file");
        }

        foreach (var segment in uniform.Split('/'))
        {
            if (segment is "" or "." or "..")
            {
                throw Malformed(path, "a part of it is empty, '.' or '..'");
            }

            if (segment.Contains('\0', StringComparison.Ordinal) || (OperatingSystem.IsWindows() && segment.Contains(':', StringComparison.Ordinal)))
            {
                throw Malformed(path, "it holds characters that no path may have");
            }
        }

        return uniform;
    }

    /// <summary>The container and the path inside it.</summary>
    /// <exception cref="BlobStoreException">There is no container.</exception>
    public static (string Container, string Blob) Split(string path)
    {
        var uniform = Normalize(path);
        var slash = uniform.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? (uniform[..slash], uniform[(slash + 1)..])
            : throw Malformed(path, "it has no container");
    }

    /// <summary>A path as part of a URI.</summary>
    public static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static BlobStoreException Malformed(string path, string why) => new(
        ErrorCode.BlobReferenceInvalid,
        BlobError.Invalid,
        $"Found path '{path}'; expected container/folder/file, but {why}.");
}
