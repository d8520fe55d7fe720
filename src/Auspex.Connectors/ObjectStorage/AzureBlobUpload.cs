using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>
/// A blob being staged: some blocks are on their way while the next is filled. Blocks that are never committed are invisible, and
/// the service drops them after a week.
/// </summary>
internal sealed class AzureBlobUpload : BlobUpload
{
    // A blob has at most 50,000 blocks: growing ones let it reach 1.2 TB while small blobs need little memory.
    private const int SmallestBlock = 4 << 20;
    private const int BlocksPerSize = 10_000;
    private const int MostBlocks = 50_000;

    private readonly string _path;
    private readonly BlockBlobClient _blob;
    private readonly BlobContainerClient _container;
    private readonly int _mostInFlight;
    private readonly Func<Exception, BlobStoreException?> _translate;
    private readonly Guid _uploadId;
    private readonly List<StagedBlock> _chain;
    private readonly Queue<Sending> _inFlight = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly CancellationTokenSource _abandoned = new();

    // Held while bytes are taken, so that writing may go on while a position is being secured.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private byte[] _filling = [];
    private int _filled;
    private long _staged;
    private bool _isCommitted;
    private bool _isDisposed;

    private AzureBlobUpload(
        string path,
        BlockBlobClient blob,
        BlobContainerClient container,
        int mostInFlight,
        Guid uploadId,
        List<StagedBlock> chain,
        Func<Exception, BlobStoreException?> translate)
    {
        _path = path;
        _blob = blob;
        _container = container;
        _mostInFlight = mostInFlight;
        _uploadId = uploadId;
        _chain = chain;
        _staged = chain.Count > 0 ? chain[^1].End : 0;
        _translate = translate;
        Stream = new UploadStream(_staged, WriteAsync);
    }

    public override Stream Stream { get; }

    public override bool IsCommitted => _isCommitted;

    public static AzureBlobUpload Begin(
        string path,
        BlockBlobClient blob,
        BlobContainerClient container,
        int mostInFlight,
        Func<Exception, BlobStoreException?> translate) =>
        new(path, blob, container, mostInFlight, Guid.NewGuid(), [], translate);

    /// <exception cref="BlobStoreException">Blocks of it are gone.</exception>
    public static async Task<BlobUpload> ResumeAsync(
        string path,
        BlockBlobClient blob,
        BlobContainerClient container,
        int mostInFlight,
        UploadPosition position,
        Func<Exception, BlobStoreException?> translate,
        CancellationToken cancellationToken)
    {
        var uploadId = position.ReadId(path);
        try
        {
            var (committedLength, staged) = await ListAsync(blob, uploadId, cancellationToken);
            if (committedLength >= position.Length)
            {
                return new CommittedUpload(path, position, committedLength.Value);
            }

            return BlockChain.Find(staged, position.Length) is { } chain
                ? new AzureBlobUpload(path, blob, container, mostInFlight, uploadId, chain, translate)
                : throw UploadPosition.Gone(path);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public override async Task<UploadPosition> SecureAsync(CancellationToken cancellationToken)
    {
        try
        {
            Task[] sent;
            UploadPosition position;
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (_filled > 0)
                {
                    await StageAsync(cancellationToken);
                }

                sent = [.. _inFlight.Select(sending => sending.Sent)];
                position = new UploadPosition(_uploadId, _staged);
            }
            finally
            {
                _turn.Release();
            }

            await Task.WhenAll(sent).WaitAsync(cancellationToken);
            return position;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_isCommitted)
        {
            return;
        }

        await SecureAsync(cancellationToken);
        try
        {
            var options = new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = BlobContentType.Of(_blob.Name) } };
            var ids = _chain.ConvertAll(block => BlockChain.IdOf(_uploadId, block));
            try
            {
                await InContainerAsync(() => _blob.CommitBlockListAsync(ids, options, cancellationToken), cancellationToken);
            }
            catch (RequestFailedException missing) when (AzureBlobErrors.IsBlockMissing(missing))
            {
                // Any commit to the path drops the blocks that it does not name: another upload's, or this one's by another process.
                var (committedLength, _) = await ListAsync(_blob, _uploadId, cancellationToken);
                if (committedLength != _staged)
                {
                    throw UploadPosition.Gone(_path, missing);
                }
            }

            _isCommitted = true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _abandoned.CancelAsync();
        while (_inFlight.TryDequeue(out var sending))
        {
            try
            {
                await sending.Sent;
            }
            catch (Exception failure) when (failure is OperationCanceledException || _translate(failure) is not null)
            {
                // Either it was committed, and then nothing was under way, or nobody wants the block any more.
            }
        }

        _abandoned.Dispose();
        _turn.Dispose();
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                while (!bytes.IsEmpty)
                {
                    if (_filled == 0)
                    {
                        _filling = TakeBuffer();
                    }

                    var length = Math.Min(bytes.Length, _filling.Length - _filled);
                    bytes[..length].CopyTo(_filling.AsMemory(_filled));
                    _filled += length;
                    bytes = bytes[length..];
                    if (_filled == _filling.Length)
                    {
                        await StageAsync(cancellationToken);
                    }
                }
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Sends what is filled once fewer than the allowed number are on their way. A block that failed stays in the queue and fails every later call.</summary>
    private async Task StageAsync(CancellationToken cancellationToken)
    {
        while (_inFlight.TryPeek(out var oldest) && (_inFlight.Count >= _mostInFlight || oldest.Sent.IsCompleted))
        {
            await oldest.Sent.WaitAsync(cancellationToken);
            _spare.Push(_inFlight.Dequeue().Buffer);
        }

        var block = new StagedBlock(_staged, _filled);
        _chain.Add(block);
        _inFlight.Enqueue(new Sending(
            SendAsync(BlockChain.IdOf(_uploadId, block), new MemoryStream(_filling, 0, _filled, writable: false), _abandoned.Token),
            _filling));
        _staged += _filled;
        _filled = 0;
    }

    private byte[] TakeBuffer()
    {
        if (_chain.Count >= MostBlocks)
        {
            throw new BlobStoreException(
                Errors.ErrorCode.BlobStoreFull,
                BlobError.Full,
                $"Blob '{_path}' has {MostBlocks} blocks, the most that the service takes. Write several blobs, or secure less often.");
        }

        var size = SmallestBlock << (_chain.Count / BlocksPerSize);
        return _spare.TryPop(out var buffer) && buffer.Length >= size ? buffer : GC.AllocateUninitializedArray<byte>(size);
    }

    private Task SendAsync(string id, MemoryStream block, CancellationToken abandoned) => InContainerAsync(
        () =>
        {
            block.Position = 0;
            return _blob.StageBlockAsync(id, block, cancellationToken: abandoned);
        },
        abandoned);

    /// <summary>Makes the container when the service says that there is none.</summary>
    private async Task InContainerAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            await call();
        }
        catch (RequestFailedException missing) when (AzureBlobErrors.IsContainerMissing(missing))
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await call();
        }
    }

    /// <summary>The blob's length if it is this upload, committed; and the upload's blocks that are not.</summary>
    private static async Task<(long? CommittedLength, List<StagedBlock> Staged)> ListAsync(
        BlockBlobClient blob, Guid uploadId, CancellationToken cancellationToken)
    {
        try
        {
            var list = (await blob.GetBlockListAsync(BlockListTypes.All, cancellationToken: cancellationToken)).Value;
            var committed = Of(list.CommittedBlocks);
            return (committed.Count > 0 ? committed[^1].End : null, Of(list.UncommittedBlocks));
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return (null, []);
        }

        List<StagedBlock> Of(IEnumerable<BlobBlock> blocks) => [.. BlockChain.Of(uploadId, blocks.Select(block => block.Name))];
    }

    private readonly record struct Sending(Task Sent, byte[] Buffer);
}
