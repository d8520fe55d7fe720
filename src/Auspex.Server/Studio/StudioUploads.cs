using System.Text.Json.Nodes;
using Auspex.Server.Api;
using Auspex.Server.WebServices;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Uploads of data sets, whole or in blocks. A block may come twice: the last one counts.</summary>
internal sealed class StudioUploads(StudioStore store, IArtifactStore artifacts) : IDisposable
{
    private const long LargestPart = 4L << 30;

    private readonly SemaphoreSlim _changes = new(1, 1);

    /// <summary>Begins an upload with what the body holds, which may be all of it or nothing.</summary>
    /// <exception cref="ServiceErrorException">400: the data type cannot be uploaded.</exception>
    public async Task<string> BeginAsync(string dataType, Stream body, CancellationToken cancellationToken)
    {
        if (dataType.Length > 0 && StudioDataType.Find(dataType) is not { AllowsUpload: true })
        {
            throw ServiceErrors.BadArgument(
                "DataTypeNotSupported",
                $"The data type '{ServiceErrors.Shorten(dataType)}' cannot be uploaded; expected one of {string.Join(", ", StudioDataType.All.Where(type => type.AllowsUpload).Select(type => type.Id))}.");
        }

        var (artifact, size) = await PutAsync(body, cancellationToken);
        var id = WebServicePublisher.NewId();
        await store.SaveAsync(
            StudioStore.Uploads,
            id,
            new JsonObject { ["blocks"] = size == 0 ? new JsonObject() : new JsonObject { ["0"] = Block(artifact, size) } },
            cancellationToken);
        return id;
    }

    /// <exception cref="ServiceErrorException">404: there is no such upload.</exception>
    public async Task AddBlockAsync(string id, int number, Stream body, CancellationToken cancellationToken)
    {
        var (artifact, size) = await PutAsync(body, cancellationToken);
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var upload = await FindAsync(id, cancellationToken);
            upload["blocks"]![number.ToString(System.Globalization.CultureInfo.InvariantCulture)] = Block(artifact, size);
            await store.SaveAsync(StudioStore.Uploads, id, upload, cancellationToken);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>All blocks of an upload in one artifact.</summary>
    /// <exception cref="ServiceErrorException">404: there is no such upload; 400: a block is missing.</exception>
    public async Task<(ArtifactId Artifact, long SizeInBytes)> CompleteAsync(string id, CancellationToken cancellationToken)
    {
        var blocks = (await FindAsync(id, cancellationToken))["blocks"]!.AsObject()
            .Select(block => (Number: int.Parse(block.Key, System.Globalization.CultureInfo.InvariantCulture), Value: block.Value!))
            .OrderBy(block => block.Number)
            .ToList();
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Number != i)
            {
                throw ServiceErrors.BadArgument("UploadIncomplete", $"Block {i} of upload '{id}' is missing. Send it, then save the data set.");
            }
        }

        var size = blocks.Sum(block => (long)block.Value["size"]!);
        if (blocks is [var only])
        {
            return (new ArtifactId((string)only.Value["artifact"]!), size);
        }

        var pipe = new System.IO.Pipelines.Pipe();
        var writing = WriteAsync();
        await using var bytes = pipe.Reader.AsStream();
        var whole = await artifacts.PutAsync(bytes, cancellationToken);
        await writing;
        return (whole, size);

        async Task WriteAsync()
        {
            await using var target = pipe.Writer.AsStream();
            foreach (var block in blocks)
            {
                await using var part = await artifacts.OpenAsync(new ArtifactId((string)block.Value["artifact"]!), cancellationToken);
                await part.CopyToAsync(target, cancellationToken);
            }
        }
    }

    public void Dispose() => _changes.Dispose();

    private async Task<JsonObject> FindAsync(string id, CancellationToken cancellationToken) =>
        (id.Length == 0 ? null : await store.FindAsync(StudioStore.Uploads, id, cancellationToken))
        ?? throw ServiceErrors.NotFound("UploadNotFound", $"There is no upload '{ServiceErrors.Shorten(id)}'.");

    private async Task<(ArtifactId Artifact, long SizeInBytes)> PutAsync(Stream body, CancellationToken cancellationToken)
    {
        await using var bounded = new BoundedStream(body, LargestPart);
        var artifact = await artifacts.PutAsync(bounded, cancellationToken);
        await using var written = await artifacts.OpenAsync(artifact, cancellationToken);
        return (artifact, written.Length);
    }

    private static JsonObject Block(ArtifactId artifact, long size) => new() { ["artifact"] = artifact.Value, ["size"] = size };
}
