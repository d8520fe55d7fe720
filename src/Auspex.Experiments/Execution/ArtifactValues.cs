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
    /// <summary>
    /// The kind of asset that a value can be saved as; null for untrained models, which are not saved.
    /// </summary>
    public static AssetKind? KindOf(PortValue value) => value switch
    {
        TableValue => AssetKind.Dataset,
        ModelValue => AssetKind.TrainedModel,
        TransformValue => AssetKind.Transform,
        _ => null,
    };

    /// <summary>Stores a value; not an untrained model.</summary>
    public async Task<ArtifactId> SaveAsync(PortValue value, CancellationToken cancellationToken)
    {
        if (value is TableValue { Table: var table })
        {
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
            AssetKind.Dataset => new TableValue(await TableFile.ReadAsync(stream, cancellationToken)),
            AssetKind.TrainedModel => new ModelValue(format.ReadModel(stream)),
            _ => new TransformValue(format.ReadTransform(stream)),
        };
    }
}
