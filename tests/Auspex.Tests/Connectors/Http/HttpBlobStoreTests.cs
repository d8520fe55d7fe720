using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Auspex.TestKit.Connectors;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Auspex.Tests.Connectors.Http;

public sealed class HttpBlobStoreTests
{
    private const int Range = 64 << 10;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(Range, 0, 1)]
    [InlineData(Range + 1, 0, 2)]
    [InlineData(Range + 1, 1, 1)]
    [InlineData(10 * Range, 0, 10)]
    [InlineData((10 * Range) + 1, Range / 2, 10)]
    [InlineData(10, 10, 1)]
    [InlineData(10, 11, 1)]
    public async Task OpenReadAsync_ServerKnowsRanges_AsksForEachOnce(int size, int offset, int requests)
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(size) });

        Assert.Equal(Bytes(size)[Math.Min(size, offset)..], await fixture.ReadAsync(offset));
        Assert.Equal(requests, fixture.Calls.Requests.Count);
        Assert.Equal(requests, fixture.Calls.Requests.Distinct().Count());
        Assert.InRange(fixture.Calls.MostActive, 1, 4);
        Assert.Equal(0, fixture.Calls.Active);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Range)]
    public async Task OpenReadAsync_ServerKnowsNoRanges_PassesOverTheBeginning(int offset)
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(5 * Range), KnowsRanges = false });

        Assert.Equal(Bytes(5 * Range)[offset..], await fixture.ReadAsync(offset));
        Assert.Single(fixture.Calls.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"weak\"")]
    public async Task OpenReadAsync_VersionWithoutName_IsReadInOneAnswer(string? etag)
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(5 * Range), ETag = etag });

        Assert.Equal(Bytes(5 * Range)[3..], await fixture.ReadAsync(3));
        Assert.Equal([$"bytes=3-{Range + 2}", "bytes=3-"], fixture.Calls.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task OpenReadAsync_ConnectionDropsInEveryRange_GoesOnWhereItBroke()
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(8 * Range) });
        fixture.Calls.BreakAfter = request => request % 2 == 0 ? 5000 : null;

        Assert.Equal(Bytes(8 * Range), await fixture.ReadAsync(0));
        Assert.Contains($"bytes=5000-{Range - 1}", fixture.Calls.Requests.Select(request => request.Range));
        Assert.Equal(0, fixture.Calls.Active);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task OpenReadAsync_NothingComesAnyMore_IsUnavailable(int from)
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(8 * Range) });
        fixture.Calls.BreakAfter = request => request >= from ? 0 : null;

        var error = await Assert.ThrowsAsync<BlobStoreException>(() => fixture.ReadAsync(0));

        Assert.Equal(ErrorCode.BlobStoreUnavailable, error.Code);
        Assert.True(error.IsTransient);
        Assert.Equal(0, fixture.Calls.Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenReadAsync_ReplacedMeanwhile_EndsWithoutAByteOfTheNewOne(bool knowsConditions)
    {
        var server = new FileServer { File = Bytes(20 * Range), KnowsConditions = knowsConditions };
        using var fixture = new Fixture(server);
        await using var stream = await fixture.OpenAsync(0);
        var read = new byte[20 * Range];
        await stream.ReadExactlyAsync(read.AsMemory(0, 2 * Range), Cancellation);

        server.File = new byte[20 * Range];
        server.ETag = "\"2\"";
        var total = 2 * Range;
        var error = await Assert.ThrowsAsync<BlobStoreException>(async () =>
        {
            while (true)
            {
                total += await stream.ReadAsync(read.AsMemory(total), Cancellation);
            }
        });

        Assert.Equal(ErrorCode.BlobChanged, error.Code);
        Assert.Equal(Bytes(20 * Range)[..total], read[..total]);
    }

    [Fact]
    public async Task OpenReadAsync_OnlyTheBeginningIsRead_AsksForLittle()
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(100 * Range) });
        await using (var stream = await fixture.OpenAsync(0))
        {
            await stream.ReadExactlyAsync(new byte[1000], Cancellation);
            Assert.Single(fixture.Calls.Requests);
            await stream.ReadExactlyAsync(new byte[Range], Cancellation);
        }

        Assert.InRange(fixture.Calls.Requests.Count, 2, 4);
        Assert.Equal(0, fixture.Calls.Active);
    }

    [Fact]
    public async Task ReadAsync_CanceledWhileARangeIsAwaited_LeavesTheStreamUsable()
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(8 * Range) });
        var answer = new TaskCompletionSource();
        fixture.Calls.Hold = (request, cancellationToken) =>
            request == 1 ? answer.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
        await using var stream = await fixture.OpenAsync(0);
        var read = new byte[8 * Range];
        await stream.ReadExactlyAsync(read.AsMemory(0, Range), Cancellation);

        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reading = stream.ReadAsync(read.AsMemory(Range), source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        answer.SetResult();
        await stream.ReadExactlyAsync(read.AsMemory(Range), Cancellation);
        Assert.Equal(Bytes(8 * Range), read);
    }

    [Fact]
    public async Task DisposeAsync_RangesUnderWay_EndsThem()
    {
        using var fixture = new Fixture(new FileServer { File = Bytes(20 * Range) });
        fixture.Calls.Hold = (request, cancellationToken) =>
            request == 0 ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, fixture.Clock, cancellationToken);
        var stream = await fixture.OpenAsync(0);
        await stream.ReadExactlyAsync(new byte[Range], Cancellation);
        var reading = stream.ReadAsync(new byte[1], Cancellation).AsTask();
        Assert.True(fixture.Calls.Active > 0);

        await stream.DisposeAsync();

        Assert.Equal(0, fixture.Calls.Active);
        await Assert.ThrowsAnyAsync<Exception>(() => reading);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync(new byte[1], Cancellation).AsTask());
    }

    [Fact]
    public void BlobStores_TransferOutOfBounds_IsRefusedAtOnce()
    {
        foreach (var transfer in new BlobTransferOptions[] { new() { RangeBytes = 1 }, new() { RangesAhead = 65 }, new() { BlocksInFlight = 0 } })
        {
            Assert.Throws<System.ComponentModel.DataAnnotations.ValidationException>(
                () => new BlobStores(new BlobStoresOptions { Transfer = transfer }, TimeProvider.System));
        }
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(11).NextBytes(bytes);
        return bytes;
    }

    private sealed class Fixture : IDisposable
    {
        private readonly BlobStores _stores;
        private readonly IBlobStore _store;

        public Fixture(FileServer server)
        {
            Calls = new BreakingHandler(server);
            _stores = new BlobStores(
                new BlobStoresOptions { Transfer = new BlobTransferOptions { RangeBytes = Range, RangesAhead = 3 } },
                Clock,
                gate =>
                {
                    gate.Dispose();
                    return Calls;
                });
            _store = _stores.Open(new BlobReference(null, null, "http://files.test/", ""));
        }

        public BreakingHandler Calls { get; }

        public FakeTimeProvider Clock { get; } = new();

        public void Dispose() => _stores.Dispose();

        public Task<Stream> OpenAsync(long offset) => _store.OpenReadAsync("file.csv", offset, Cancellation);

        public async Task<byte[]> ReadAsync(long offset)
        {
            await using var stream = await OpenAsync(offset);
            using var read = new MemoryStream();
            var copying = stream.CopyToAsync(read, 10_007, Cancellation);
            while (!copying.IsCompleted)
            {
                Clock.Advance(TimeSpan.FromSeconds(10));
                await Task.Yield();
            }

            await copying;
            return read.ToArray();
        }
    }
}
