using Amazon.Runtime;
using Amazon.S3.Model;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.S3;

/// <summary>
/// An object being uploaded in parts; a small one goes at once when it is committed. Where parts begin depends on nothing but their number,
/// so that two processes that write one upload can only replace a part by its equal.
/// </summary>
/// <remarks>
/// A part that is not full cannot be kept as one, since only the last may be small: what of it is secured goes into a hidden object
/// beside the place, which is removed with the commit.
/// </remarks>
internal sealed class S3Upload : BlobUpload
{
    private readonly S3Place _place;
    private readonly int _mostInFlight;
    private readonly Guid _uploadId;
    private readonly SortedDictionary<int, string> _parts;
    private readonly Queue<Sending> _inFlight = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly CancellationTokenSource _abandoned = new();

    // Held while bytes are taken, so that writing may go on while a position is being secured.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private string? _serviceId;
    private int _part;
    private byte[] _filling;
    private int _filled;
    private string? _tail;
    private bool _isSecured;
    private bool _isGone;
    private bool _isCommitted;
    private bool _isDisposed;

    private S3Upload(S3Place place, int mostInFlight, Guid uploadId, string? serviceId, SortedDictionary<int, string> parts, byte[] tail)
    {
        _place = place;
        _mostInFlight = mostInFlight;
        _uploadId = uploadId;
        _serviceId = serviceId;
        _parts = parts;
        _part = parts.Count + 1;
        _isSecured = serviceId is not null;
        _filling = tail.Length == 0 ? [] : GC.AllocateUninitializedArray<byte>(S3Parts.SizeOf(_part));
        tail.CopyTo(_filling, 0);
        _filled = tail.Length;
        Stream = new UploadStream(S3Parts.StartOf(_part) + _filled, WriteAsync);
    }

    public override Stream Stream { get; }

    public override bool IsCommitted => _isCommitted;

    private long Length => S3Parts.StartOf(_part) + _filled;

    public static S3Upload Begin(S3Place place, int mostInFlight) => new(place, mostInFlight, Guid.NewGuid(), null, [], []);

    /// <exception cref="BlobStoreException">Parts of it are gone.</exception>
    public static async Task<BlobUpload> ResumeAsync(
        S3Place place, int mostInFlight, UploadPosition position, CancellationToken cancellationToken)
    {
        var (uploadId, serviceId) = S3Parts.ReadId(place.Path, position);
        try
        {
            if (serviceId is null || await place.ListPartsAsync(serviceId, cancellationToken) is not { } found)
            {
                return await place.FindCommittedLengthAsync(uploadId, cancellationToken) is { } committed && committed >= position.Length
                    ? new CommittedUpload(place.Path, position, committed)
                    : throw UploadPosition.Gone(place.Path);
            }

            var parts = new SortedDictionary<int, string>();
            var number = 1;
            for (; S3Parts.StartOf(number + 1) <= position.Length; number++)
            {
                parts[number] = found.TryGetValue(number, out var part) && part.Size == S3Parts.SizeOf(number)
                    ? part.ETag
                    : throw UploadPosition.Gone(place.Path);
            }

            var tail = await ReadTailAsync(place, uploadId, number, (int)(position.Length - S3Parts.StartOf(number)), cancellationToken);
            return new S3Upload(place, mostInFlight, uploadId, serviceId, parts, tail);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && place.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Gives up an upload; one that is committed stays.</summary>
    public static async Task DiscardAsync(S3Place place, UploadPosition position, CancellationToken cancellationToken)
    {
        var (uploadId, serviceId) = S3Parts.ReadId(place.Path, position);
        if (serviceId is null)
        {
            return;
        }

        try
        {
            await place.Client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = place.Bucket, Key = place.Key, UploadId = serviceId }, cancellationToken);
            await DeleteTailsAsync(place, uploadId, cancellationToken);
        }
        catch (AmazonServiceException missing) when (S3Errors.IsUploadMissing(missing))
        {
            // Then it was committed or discarded before.
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && place.Translate(failure) is { } translated)
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
            MemoryStream? tail = null;
            string? earlier = null;
            await _turn.WaitAsync(cancellationToken);
            try
            {
                _serviceId ??= await _place.InitiateAsync(_uploadId, cancellationToken);
                _isSecured = true;
                sent = [.. _inFlight.Select(sending => sending.Sent)];
                position = new UploadPosition(S3Parts.WriteId(_uploadId, _serviceId), Length);
                var name = S3Parts.TailOf(_uploadId, _part, _filled);
                if (_filled > 0 && name != _tail && !_isCommitted && !_isGone)
                {
                    tail = new MemoryStream(_filling[.._filled], writable: false);
                    (earlier, _tail) = (_tail, name);
                }
            }
            finally
            {
                _turn.Release();
            }

            await Task.WhenAll(sent).WaitAsync(cancellationToken);
            if (tail is not null)
            {
                await _place.PutAsync(_place.Folder + _tail, _uploadId, tail, cancellationToken);
                if (earlier is not null && S3Parts.IsSamePart(earlier, _tail!))
                {
                    // The longer one begins with it.
                    await _place.Client.DeleteObjectAsync(_place.Bucket, _place.Folder + earlier, cancellationToken);
                }
            }

            if (_isGone && await _place.FindCommittedLengthAsync(_uploadId, cancellationToken) is null)
            {
                throw UploadPosition.Gone(_place.Path);
            }

            return position;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _place.Translate(failure) is { } translated)
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

        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (_serviceId is null)
                {
                    await _place.PutAsync(_place.Key, _uploadId, new MemoryStream(_filling, 0, _filled, writable: false), cancellationToken);
                }
                else
                {
                    await CompleteAsync(_serviceId, cancellationToken);
                }

                _isCommitted = true;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _place.Translate(failure) is { } translated)
        {
            throw translated;
        }

        if (_isSecured)
        {
            try
            {
                await DeleteTailsAsync(_place, _uploadId, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _place.Translate(failure) is not null)
            {
                // The object is in place; what is left beside it is hidden and harms nobody.
            }
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
            catch (Exception failure) when (failure is OperationCanceledException || _place.Translate(failure) is not null)
            {
                // Either it was committed, and then nothing was under way, or nobody wants the part any more.
            }
        }

        try
        {
            if (_serviceId is { } serviceId && !_isCommitted && !_isSecured)
            {
                await _place.Client.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = _place.Bucket, Key = _place.Key, UploadId = serviceId });
            }
        }
        catch (Exception failure) when (_place.Translate(failure) is not null)
        {
            // Parts that are never committed are invisible; a bucket's rule removes them.
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
                    if (_filling.Length == 0)
                    {
                        _filling = TakeBuffer();
                    }

                    var length = Math.Min(bytes.Length, _filling.Length - _filled);
                    bytes[..length].CopyTo(_filling.AsMemory(_filled));
                    _filled += length;
                    bytes = bytes[length..];
                    if (_filled == _filling.Length)
                    {
                        await SendAsync(cancellationToken);
                    }
                }
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _place.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Sends the part that is being filled once fewer than the allowed number are on their way. One that failed stays in the queue and fails every later call.</summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        _serviceId ??= await _place.InitiateAsync(_uploadId, cancellationToken);
        while (_inFlight.TryPeek(out var oldest) && (_inFlight.Count >= _mostInFlight || oldest.Sent.IsCompleted))
        {
            await oldest.Sent.WaitAsync(cancellationToken);
            _spare.Push(_inFlight.Dequeue().Buffer);
        }

        _inFlight.Enqueue(new Sending(
            SendAsync(_serviceId, _part, new MemoryStream(_filling, 0, _filled, writable: false), _abandoned.Token), _filling));
        _part++;
        _filling = [];
        _filled = 0;
    }

    private async Task SendAsync(string serviceId, int number, MemoryStream part, CancellationToken abandoned)
    {
        var etag = await _place.SendPartAsync(serviceId, number, part, abandoned);
        lock (_parts)
        {
            if (etag is null)
            {
                // Whether it was committed by another process, its end will show.
                _isGone = true;
            }
            else
            {
                _parts[number] = etag;
            }
        }
    }

    private async Task CompleteAsync(string serviceId, CancellationToken cancellationToken)
    {
        var length = Length;
        Exception? failed = null;
        try
        {
            if (_filled > 0 || _part == 1)
            {
                await SendAsync(cancellationToken);
            }

            await Task.WhenAll(_inFlight.Select(sending => sending.Sent)).WaitAsync(cancellationToken);
            if (!_isGone)
            {
                await _place.Client.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest
                    {
                        BucketName = _place.Bucket,
                        Key = _place.Key,
                        UploadId = serviceId,
                        PartETags = [.. _parts.Select(part => new PartETag(part.Key, part.Value))],
                    },
                    cancellationToken);
                return;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _place.Translate(failure) is not null)
        {
            // It may be in place all the same, by an earlier attempt whose answer was lost or by another process.
            failed = failure;
        }

        if (await _place.FindCommittedLengthAsync(_uploadId, cancellationToken) == length)
        {
            return;
        }

        throw failed is null || (failed is AmazonServiceException gone && S3Errors.IsUploadMissing(gone))
            ? UploadPosition.Gone(_place.Path, failed)
            : _place.Translate(failed)!;
    }

    private byte[] TakeBuffer()
    {
        if (_part > S3Parts.Most)
        {
            throw new BlobStoreException(
                Errors.ErrorCode.BlobStoreFull,
                BlobError.Full,
                $"Object '{_place.Path}' has {S3Parts.Most} parts, the most that the service takes. Write several objects.");
        }

        var size = S3Parts.SizeOf(_part);
        return _spare.TryPop(out var buffer) && buffer.Length == size ? buffer : GC.AllocateUninitializedArray<byte>(size);
    }

    /// <summary>What was secured of a part that was not full.</summary>
    private static async Task<byte[]> ReadTailAsync(
        S3Place place, Guid uploadId, int part, int length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return [];
        }

        var keys = await place.ListKeysAsync(S3Parts.TailsOf(uploadId, part), cancellationToken);
        var key = keys.Find(key => S3Parts.LengthOfTail(key) >= length) ?? throw UploadPosition.Gone(place.Path);
        using var answer = await place.Client.GetObjectAsync(place.Bucket, key, cancellationToken);
        var tail = new byte[length];
        await answer.ResponseStream.ReadExactlyAsync(tail, cancellationToken);
        return tail;
    }

    private static async Task DeleteTailsAsync(S3Place place, Guid uploadId, CancellationToken cancellationToken)
    {
        foreach (var key in await place.ListKeysAsync(S3Parts.TailsOf(uploadId), cancellationToken))
        {
            await place.Client.DeleteObjectAsync(place.Bucket, key, cancellationToken);
        }
    }

    private readonly record struct Sending(Task Sent, byte[] Buffer);
}
