using System.IO.Compression;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>A file being written: compressed, counted, and visible once it is committed.</summary>
internal sealed class FileOutput : IAsyncDisposable
{
    private readonly BlobUpload _upload;
    private readonly string _path;
    private readonly CopyWork _work;
    private readonly List<IAsyncDisposable> _layers = [];

    private FileOutput(BlobUpload upload, string path, CopyWork work, Stream stream)
    {
        _upload = upload;
        _path = path;
        _work = work;
        Stream = stream;
    }

    /// <summary>Where the plain bytes go.</summary>
    public Stream Stream { get; private set; }

    /// <summary>Puts the compression before an upload.</summary>
    public static async Task<FileOutput> OpenAsync(
        BlobUpload upload, string path, Compression compression, CopyWork work, CancellationToken cancellationToken)
    {
        var output = new FileOutput(upload, path, work, new CountingStream(upload.Stream, work.Report.AddWritten));
        switch (compression.Kind)
        {
            case CompressionKind.GZip:
                output.Push(new GZipStream(output.Stream, compression.Level, leaveOpen: true));
                break;
            case CompressionKind.Deflate:
                output.Push(new DeflateStream(output.Stream, compression.Level, leaveOpen: true));
                break;
            case CompressionKind.Zip:
                var archive = await ZipArchive.CreateAsync(
                    output.Stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
                output._layers.Add(archive);
                var entry = archive.CreateEntry(compression.Uncompressed(path[(path.LastIndexOf('/') + 1)..]), compression.Level);
                output.Push(await entry.OpenAsync(cancellationToken));
                break;
        }

        return output;
    }

    /// <summary>Ends the compression and makes the file visible.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await CloseLayersAsync();
        await _upload.CommitAsync(cancellationToken);
        _work.Report.FileWritten();
        _work.Log.NoteFile("FileWrite", _path, "Complete writing file.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseLayersAsync();
        }
        catch (BlobStoreException)
        {
            // The end of a compression that nobody will read; the upload is given up next.
        }

        await _upload.DisposeAsync();
    }

    private void Push(Stream layer)
    {
        _layers.Add(layer);
        Stream = layer;
    }

    private async ValueTask CloseLayersAsync()
    {
        var layers = Enumerable.Reverse(_layers).ToList();
        _layers.Clear();
        foreach (var layer in layers)
        {
            await layer.DisposeAsync();
        }
    }
}
