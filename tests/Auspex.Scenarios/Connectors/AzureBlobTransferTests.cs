using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Auspex.TestKit.Connectors;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Connectors;

/// <summary>How blobs go over the wire, with a wire that can be held and cut.</summary>
public sealed class AzureBlobTransferTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Range = 256 << 10;
    private const int Block = 4 << 20;

    private readonly string _path = $"c{Guid.NewGuid():N}/x";
    private BreakingHandler? _wire;
    private BlobStores? _stores;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BreakingHandler Wire => _wire!;

    private IBlobStore Store => _stores!.Open(azurite.ConnectionString);

    public async ValueTask InitializeAsync()
    {
        await azurite.EnsureStartedAsync();
        _stores = new BlobStores(
            new BlobStoresOptions
            {
                Transfer = new BlobTransferOptions { RangeBytes = Range, RangesAhead = 3, BlocksInFlight = 3 },
            },
            TimeProvider.System,
            // The first is the one that calls Azure.
            gate => _wire is null ? _wire = new BreakingHandler(gate) : gate);
    }

    public ValueTask DisposeAsync()
    {
        _stores?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(Range, 1)]
    [InlineData(Range + 1, 2)]
    [InlineData(8 * Range, 8)]
    public async Task OpenReadAsync_AnySize_IsOneRequestPerRange(int size, int requests)
    {
        var bytes = await UploadAsync(size);
        var before = Wire.Requests.Count;

        Assert.Equal(bytes, await DownloadAsync());
        Assert.Equal(requests, Wire.Requests.Count - before);
        Assert.Equal(0, Wire.Active);
    }

    [Fact]
    public async Task OpenReadAsync_ConnectionDropsMidRange_GivesEveryByte()
    {
        var bytes = await UploadAsync(8 * Range);
        var before = Wire.Requests.Count;
        Wire.BreakAfter = request => (request - before) % 3 == 1 ? 70_000 : null;

        Assert.Equal(bytes, await DownloadAsync());
        Assert.True(Wire.Requests.Count - before > 8);
    }

    [Fact]
    public async Task OpenReadAsync_ReplacedMeanwhile_EndsWithoutAByteOfTheNewOne()
    {
        var bytes = await UploadAsync(20 * Range);
        await using var stream = await Store.OpenReadAsync(_path, 0, Cancellation);
        var read = new byte[bytes.Length];
        await stream.ReadExactlyAsync(read.AsMemory(0, Range + 1), Cancellation);
        await UploadAsync(20 * Range, seed: 2);

        var total = Range + 1;
        var error = await Assert.ThrowsAsync<BlobStoreException>(async () =>
        {
            while (true)
            {
                total += await stream.ReadAsync(read.AsMemory(total), Cancellation);
            }
        });

        Assert.Equal(ErrorCode.BlobChanged, error.Code);
        Assert.Equal(bytes[..total], read[..total]);
    }

    [Fact]
    public async Task OpenReadAsync_CanceledMidway_LeavesNothingUnderWay()
    {
        await UploadAsync(20 * Range);
        var before = Wire.Requests.Count;
        Wire.Hold = (request, cancellationToken) =>
            request > before + 1 ? new TaskCompletionSource().Task.WaitAsync(cancellationToken) : Task.CompletedTask;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using (var stream = await Store.OpenReadAsync(_path, 0, Cancellation))
        {
            await stream.ReadExactlyAsync(new byte[2 * Range], source.Token);
            var reading = stream.ReadAsync(new byte[1], source.Token).AsTask();
            Assert.True(Wire.Active > 0);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        Assert.Equal(0, Wire.Active);
    }

    [Fact]
    public async Task WriteAsync_SlowWire_HasSoManyBlocksUnderWayAndNoMore()
    {
        await UploadAsync(1);
        var before = Wire.Requests.Count;
        var three = new TaskCompletionSource();
        Wire.Hold = (request, cancellationToken) =>
        {
            if (request == before + 2)
            {
                three.TrySetResult();
            }

            // The first two answers come only when a third block is on its way.
            return three.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellationToken);
        };

        var bytes = await UploadAsync(12 * Block);

        Assert.Equal(3, Wire.MostActive);
        Wire.Hold = (_, _) => Task.CompletedTask;
        Assert.Equal(bytes, await DownloadAsync());
    }

    [Fact]
    public async Task SecureAsync_ABlockDoesNotArrive_FailsAndTheEarlierPositionStands()
    {
        await UploadAsync(1);
        var bytes = Bytes(3 * Block, 1);
        var upload = await Store.OpenWriteAsync(_path, Cancellation);
        await upload.Stream.WriteAsync(bytes.AsMemory(0, Block + 5), Cancellation);
        var position = await upload.SecureAsync(Cancellation);
        Wire.Hold = (_, _) => throw new HttpRequestException("cut on purpose");
        await upload.Stream.WriteAsync(bytes.AsMemory(Block + 5, Block), Cancellation);

        var failed = await Assert.ThrowsAsync<BlobStoreException>(() => upload.SecureAsync(Cancellation));
        Assert.True(failed.IsTransient);
        await Assert.ThrowsAsync<BlobStoreException>(() => upload.CommitAsync(Cancellation));
        await upload.DisposeAsync();

        Wire.Hold = (_, _) => Task.CompletedTask;
        await using var resumed = await Store.ResumeWriteAsync(_path, position, Cancellation);
        await resumed.Stream.WriteAsync(bytes.AsMemory((int)position.Length), Cancellation);
        await resumed.CommitAsync(Cancellation);
        Assert.Equal(bytes, await DownloadAsync());
    }

    [Fact]
    public async Task CommitAsync_BlocksThatArriveAfterwards_ChangeNothing()
    {
        var bytes = Bytes(2 * Block, 1);
        await using var zombie = await Store.OpenWriteAsync(_path, Cancellation);
        await zombie.Stream.WriteAsync(bytes.AsMemory(0, 1000), Cancellation);
        var position = await zombie.SecureAsync(Cancellation);
        await using (var upload = await Store.ResumeWriteAsync(_path, position, Cancellation))
        {
            await upload.Stream.WriteAsync(bytes.AsMemory(1000), Cancellation);
            position = await upload.SecureAsync(Cancellation);
            await upload.CommitAsync(Cancellation);
        }

        await zombie.Stream.WriteAsync(bytes.AsMemory(1000), Cancellation);
        await zombie.SecureAsync(Cancellation);

        await using var again = await Store.ResumeWriteAsync(_path, position, Cancellation);
        Assert.True(again.IsCommitted);
        Assert.Equal(bytes, await DownloadAsync());
    }

    private static byte[] Bytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<byte[]> UploadAsync(int size, int seed = 1)
    {
        var bytes = Bytes(size, seed);
        await using var upload = await Store.OpenWriteAsync(_path, Cancellation);
        await upload.Stream.WriteAsync(bytes, Cancellation);
        await upload.CommitAsync(Cancellation);
        return bytes;
    }

    private async Task<byte[]> DownloadAsync()
    {
        await using var stream = await Store.OpenReadAsync(_path, 0, Cancellation);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation);
        return read.ToArray();
    }
}
