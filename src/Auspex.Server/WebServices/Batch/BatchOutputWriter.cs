using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Writes the outputs of a graph: all of them are written before the first becomes visible.</summary>
internal sealed class BatchOutputWriter(BlobFetcher blobs)
{
    /// <summary>Writes all of them; none is visible before <see cref="StagedOutputs.CommitAsync"/>.</summary>
    public async Task<StagedOutputs> StageAsync(
        IReadOnlyDictionary<string, PortValue> values,
        IReadOnlyDictionary<string, BlobReference> outputs,
        CancellationToken cancellationToken)
    {
        var staged = new StagedOutputs();
        try
        {
            foreach (var (name, reference) in outputs)
            {
                var (store, path) = blobs.OpenStore(reference);
                var stream = staged.Add(await store.OpenWriteAsync(path, cancellationToken));
                await WriteAsync(values[name], stream, path, cancellationToken);
            }

            return staged;
        }
        catch
        {
            await staged.DisposeAsync();
            throw;
        }
    }

    private static async Task WriteAsync(PortValue value, Stream stream, string path, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case TableValue table:
                await WriteAsync(table.Table, stream, path, cancellationToken);
                break;
            case ModelValue model:
                await WriteAsync(buffer => ModelContainer.WriteModel(model.Model, buffer), stream, cancellationToken);
                break;
            case TransformValue transform:
                await WriteAsync(buffer => ModelContainer.WriteTransform(transform.Transform, buffer), stream, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"A web service output gave {value.Kind}.");
        }
    }

    // Model files are made in memory: they are small, and a blob in Azure takes bytes asynchronously only.
    private static async Task WriteAsync(Action<Stream> write, Stream stream, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        write(buffer);
        await stream.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellationToken);
    }

    private static async Task WriteAsync(TableBatch table, Stream stream, string path, CancellationToken cancellationToken)
    {
        if (!TableFormats.IsDelimited(path) && !TableFormats.IsArff(path))
        {
            await BatchTableFile.WriteAsync(table, stream, path, cancellationToken);
            return;
        }

        var options = DelimitedTextWriterOptions.ForPath(path);
        if (TableFormats.IsArff(path))
        {
            options = Arff.WriterOptions(path);
            await stream.WriteAsync(Arff.WriteHead(table.Schema, Path.GetFileNameWithoutExtension(path)), cancellationToken);
        }

        await using var writer = new DelimitedTextWriter(stream, table.Schema, options, leaveOpen: true);
        await writer.WriteAsync(table, cancellationToken);
        await writer.CompleteAsync(cancellationToken);
    }
}

/// <summary>Outputs that are written and not visible yet; disposed of without a commit, they never are.</summary>
internal sealed class StagedOutputs : IAsyncDisposable
{
    private readonly List<BlobUpload> _uploads = [];

    public Stream Add(BlobUpload upload)
    {
        _uploads.Add(upload);
        return upload.Stream;
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        foreach (var upload in _uploads)
        {
            await upload.CommitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var upload in _uploads)
        {
            await upload.DisposeAsync();
        }
    }
}
