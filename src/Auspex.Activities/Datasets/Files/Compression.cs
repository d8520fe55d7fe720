using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Formats;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Activities.Datasets.Files;

/// <summary>How files are compressed.</summary>
internal enum CompressionKind
{
    None,
    GZip,
    Deflate,
    Zip,
    Tar,
    TarGZip,
}

/// <summary>A file's content, or that of a file inside a compressed one.</summary>
/// <param name="Name">The file's path; of a file in an archive its path there.</param>
/// <param name="Stream">Its bytes; valid until the next is asked for.</param>
internal sealed record FileContent(string Name, Stream Stream);

/// <summary>A dataset's compression.</summary>
/// <param name="Kind">How.</param>
/// <param name="Level">How much, when writing.</param>
internal sealed record Compression(CompressionKind Kind, CompressionLevel Level)
{
    /// <summary>Whether a file holds several.</summary>
    public bool IsArchive => Kind is CompressionKind.Zip or CompressionKind.Tar or CompressionKind.TarGZip;

    /// <summary>What file names end in.</summary>
    public string Extension => Kind switch
    {
        CompressionKind.GZip => ".gz",
        CompressionKind.Deflate => ".deflate",
        CompressionKind.Zip => ".zip",
        CompressionKind.Tar => ".tar",
        CompressionKind.TarGZip => ".tar.gz",
        _ => "",
    };

    /// <summary>Reads <c>compression</c>, or <c>compressionCodec</c> and <c>compressionLevel</c>.</summary>
    public static Compression Of(ResolvedDataset dataset)
    {
        if (dataset.Shape == DataShape.Parquet)
        {
            // Blocks inside the file are compressed, not the file.
            return new Compression(CompressionKind.None, CompressionLevel.Optimal);
        }

        var inner = dataset.TypeProperties.ObjectMember("compression");
        var codec = inner?.TextMember("type") ?? dataset.Text("compressionCodec") ?? "";
        var level = inner?.TextMember("level") ?? dataset.Text("compressionLevel") ?? "";
        var kind = codec.ToUpperInvariant() switch
        {
            "" or "NONE" => CompressionKind.None,
            "GZIP" => CompressionKind.GZip,
            "DEFLATE" => CompressionKind.Deflate,
            "ZIPDEFLATE" or "ZIP" => CompressionKind.Zip,
            "TAR" => CompressionKind.Tar,
            "TARGZIP" => CompressionKind.TarGZip,
            _ => throw ActivityFailures.Unsupported(
                $"The compression '{codec}' of dataset '{dataset.Name}' is not supported; supported are gzip, deflate, ZipDeflate, and for "
                + "reading Tar and TarGzip."),
        };
        return new Compression(
            kind, level.Equals("Fastest", StringComparison.OrdinalIgnoreCase) ? CompressionLevel.Fastest : CompressionLevel.Optimal);
    }

    /// <summary>Opens what a compressed file holds: itself, or the files of an archive in order.</summary>
    /// <param name="raw">The file's bytes; left open.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="temporaryFolder">Where archives that must be read from their end are kept meanwhile.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="TableFormatException">It is no such archive.</exception>
    public IAsyncEnumerable<FileContent> OpenAsync(
        Stream raw, string name, string temporaryFolder, CancellationToken cancellationToken) => Kind switch
        {
            CompressionKind.Zip => OpenZipAsync(raw, name, temporaryFolder, cancellationToken),
            CompressionKind.Tar => OpenTarAsync(raw, name, cancellationToken),
            CompressionKind.TarGZip => OpenTarAsync(Translating(new GZipStream(raw, CompressionMode.Decompress, leaveOpen: true), name), name, cancellationToken),
            CompressionKind.GZip => OneAsync(new GZipStream(raw, CompressionMode.Decompress, leaveOpen: true), name),
            CompressionKind.Deflate => OneAsync(new DeflateStream(raw, CompressionMode.Decompress, leaveOpen: true), name),
            _ => PlainAsync(raw, name),
        };

    /// <summary>The name of a file once it is no longer compressed.</summary>
    public string Uncompressed(string name) =>
        Extension.Length > 0 && name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && name.Length > Extension.Length
            ? name[..^Extension.Length]
            : name;

    private static async IAsyncEnumerable<FileContent> PlainAsync(Stream raw, string name)
    {
        await Task.CompletedTask;
        yield return new FileContent(name, raw);
    }

    private async IAsyncEnumerable<FileContent> OneAsync(Stream decompressed, string name)
    {
        await using var stream = Translating(decompressed, name);
        yield return new FileContent(Uncompressed(name), stream);
    }

    private static async IAsyncEnumerable<FileContent> OpenZipAsync(
        Stream raw, string name, string temporaryFolder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The directory of an archive stands at its end.
        await using var spool = new FileStream(
            Path.Join(temporaryFolder, $"auspex-{Guid.NewGuid():N}.zip"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await raw.CopyToAsync(spool, cancellationToken);
        spool.Position = 0;
        await using var archive = await OpenArchiveAsync(spool, name, cancellationToken);
        foreach (var entry in archive.Entries)
        {
            if (entry.FullName.EndsWith('/') || !IsInside(entry.FullName))
            {
                continue;
            }

            await using var content = Translating(await entry.OpenAsync(cancellationToken), name);
            yield return new FileContent(Clean(entry.FullName), content);
        }
    }

    private static async Task<ZipArchive> OpenArchiveAsync(Stream spool, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ZipArchive.CreateAsync(spool, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        }
        catch (InvalidDataException broken)
        {
            throw Broken(name, broken);
        }
    }

    private static async IAsyncEnumerable<FileContent> OpenTarAsync(
        Stream raw, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var archive = new TarReader(raw, leaveOpen: true);
        while (true)
        {
            TarEntry? entry;
            try
            {
                entry = await archive.GetNextEntryAsync(copyData: false, cancellationToken);
            }
            catch (Exception broken) when (broken is InvalidDataException or FormatException or EndOfStreamException)
            {
                throw Broken(name, broken);
            }

            if (entry is null)
            {
                yield break;
            }

            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && IsInside(entry.Name))
            {
                yield return new FileContent(Clean(entry.Name), entry.DataStream ?? Stream.Null);
            }
        }
    }

    // Entries that climb out of the archive are nobody's files.
    private static bool IsInside(string entry) => !Clean(entry).Split('/').Any(part => part is "" or "." or "..");

    private static string Clean(string entry)
    {
        var clean = entry.Replace('\\', '/').TrimStart('/');
        return clean.StartsWith("./", StringComparison.Ordinal) ? clean[2..] : clean;
    }

    private static DecompressionStream Translating(Stream stream, string name) => new(stream, broken => Broken(name, broken));

    private static TableFormatException Broken(string name, Exception inner) => new(
        ErrorCode.CompressionInvalid,
        $"{name}: found bytes that cannot be decompressed; expected the compression that the dataset names. Check the dataset and the file.",
        inner: inner);
}
