using System.Diagnostics;
using System.IO.Pipelines;
using Auspex.Definitions;
using Auspex.Experiments.Models;
using Auspex.Stores;

namespace Auspex.Experiments.Execution;

/// <summary>
/// Port values as artifacts: tables as <see cref="TableFile"/>, models and transforms in their own format.
/// </summary>
public sealed class ArtifactValues(IArtifactStore store, IModelFormat format)
{
    private static readonly byte[] ZipMark = "PK"u8.ToArray();
    private static readonly byte[] GzipMark = [0x1F, 0x8B];

    /// <summary>
    /// The kind of asset that a value can be saved as; null for untrained models, which are not saved.
    /// </summary>
    public static AssetKind? KindOf(PortValue value) => value switch
    {
        TableValue or ArchiveValue => AssetKind.Dataset,
        ModelValue => AssetKind.TrainedModel,
        TransformValue => AssetKind.Transform,
        _ => null,
    };

    /// <summary>Stores a value; not an untrained model.</summary>
    public async Task<ArtifactId> SaveAsync(PortValue value, CancellationToken cancellationToken)
    {
        if (value is TableValue tableValue)
        {
            var table = TableExtras.Attach(tableValue);

            // Through a pipe, so that a large table is not held a second time as bytes.
            var pipe = new Pipe();
            var writing = WriteToPipeAsync();
            await using var bytes = pipe.Reader.AsStream();
            var id = await store.PutAsync(bytes, cancellationToken);
            await writing;
            return id;

            async Task WriteToPipeAsync()
            {
                await using var target = pipe.Writer.AsStream();
                await TableFile.WriteAsync(target, table, cancellationToken);
            }
        }

        using var buffer = new MemoryStream();
        switch (value)
        {
            case ModelValue { Model: var model }:
                format.WriteModel(buffer, model);
                break;
            case TransformValue { Transform: var transform }:
                format.WriteTransform(buffer, transform);
                break;
            case ArchiveValue { Bytes: var bytes }:
                buffer.Write(bytes.Span);
                break;
            default:
                throw new UnreachableException($"{value.Kind} cannot be stored.");
        }

        buffer.Position = 0;
        return await store.PutAsync(buffer, cancellationToken);
    }

    /// <summary>Reads a value back.</summary>
    /// <exception cref="FileNotFoundException">No such artifact.</exception>
    /// <exception cref="Errors.AuspexException">The artifact is something else.</exception>
    public async Task<PortValue> LoadAsync(AssetKind kind, ArtifactId id, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(id, cancellationToken);
        return kind switch
        {
            AssetKind.Dataset => await LoadDatasetAsync(stream, cancellationToken),
            AssetKind.TrainedModel => new ModelValue(format.ReadModel(stream)),
            _ => new TransformValue(format.ReadTransform(stream)),
        };
    }

    private static async Task<PortValue> LoadDatasetAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[ZipMark.Length];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var whole = stream;
        if (stream.CanSeek)
        {
            stream.Position = 0;
        }
        else
        {
            whole = new PrefixedStream(head.AsMemory(0, read), stream);
        }

        if (!head.AsSpan(0, read).SequenceEqual(ZipMark) && !head.AsSpan(0, read).SequenceEqual(GzipMark))
        {
            return TableExtras.Detach(await TableFile.ReadAsync(whole, cancellationToken));
        }

        using var bytes = new MemoryStream();
        await whole.CopyToAsync(bytes, cancellationToken);
        return new ArchiveValue(bytes.ToArray());
    }
}
