using System.Buffers.Binary;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>
/// A blob being staged: one block is on its way while the next is filled. Blocks that are never committed are invisible, and
/// the service drops them after a week.
/// </summary>
internal sealed class AzureBlobUpload : BlobUpload
{
    // A blob has at most 50,000 blocks: growing ones let it reach 1.5 TB while small blobs need little memory.
    private const int SmallestBlock = 4 << 20;
    private const int BlocksPerSize = 10_000;

    private readonly BlockBlobClient _blob;
    private readonly BlobContainerClient _container;
    private readonly Func<Exception, BlobStoreException?> _translate;
    private readonly Guid _uploadId = Guid.NewGuid();
    private readonly List<string> _blocks = [];
    private readonly CancellationTokenSource _abandoned = new();

    private byte[] _filling = new byte[SmallestBlock];
    private byte[] _sending = new byte[SmallestBlock];
    private int _filled;
    private Task _sent = Task.CompletedTask;
    private bool _isDisposed;

    public AzureBlobUpload(BlockBlobClient blob, BlobContainerClient container, Func<Exception, BlobStoreException?> translate)
    {
        _blob = blob;
        _container = container;
        _translate = translate;
        Stream = new BlockStream(this);
    }

    public override Stream Stream { get; }

    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_filled > 0)
            {
                await StageAsync(cancellationToken);
            }

            await _sent;
            var options = new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = ContentType(_blob.Name) } };
            await InContainerAsync(() => _blob.CommitBlockListAsync(_blocks, options, cancellationToken), cancellationToken);
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
        try
        {
            await _sent;
        }
        catch (Exception failure) when (failure is OperationCanceledException || _translate(failure) is not null)
        {
            // Either it was committed, and then nothing was under way, or nobody wants the block any more.
        }

        _abandoned.Dispose();
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
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
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        await _sent.WaitAsync(cancellationToken);
        (_filling, _sending) = (_sending, _filling);
        var block = new MemoryStream(_sending, 0, _filled, writable: false);
        var id = BlockId(_blocks.Count);
        _blocks.Add(id);
        _filled = 0;
        var size = SmallestBlock << (_blocks.Count / BlocksPerSize);
        if (_filling.Length < size)
        {
            _filling = new byte[size];
        }

        _sent = SendAsync(id, block, _abandoned.Token);
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

    /// <summary>All ids of a blob must be equally long, and those of two writers must differ.</summary>
    private string BlockId(int index)
    {
        Span<byte> id = stackalloc byte[20];
        _uploadId.TryWriteBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id[16..], index);
        return Convert.ToBase64String(id);
    }

    private static string ContentType(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".CSV" => "text/csv",
        ".TSV" => "text/tab-separated-values",
        ".JSON" => "application/json",
        ".TXT" => "text/plain",
        _ => "application/octet-stream",
    };

    private sealed class BlockStream(AzureBlobUpload upload) : Stream
    {
        private long _written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _written;

        public override long Position
        {
            get => _written;
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await upload.WriteAsync(buffer, cancellationToken);
            _written += buffer.Length;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException("Blobs are written asynchronously.");

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
