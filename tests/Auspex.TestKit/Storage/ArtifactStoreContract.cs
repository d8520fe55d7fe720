using System.Security.Cryptography;
using Auspex.Stores;
using Xunit;

namespace Auspex.TestKit.Storage;

/// <summary>What every backend of <see cref="IArtifactStore"/> keeps to.</summary>
public abstract class ArtifactStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IArtifactStore Artifacts { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Put_ThenOpen_GivesTheBytesUnderTheirHash(int length)
    {
        var bytes = Bytes(length);

        var id = await PutAsync(bytes);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), id.Value);
        await using var stream = await Artifacts.OpenAsync(id, Token);
        Assert.True(stream.CanSeek);
        Assert.Equal(length, stream.Length);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);
        Assert.Equal(bytes, copy.ToArray());
    }

    [Fact]
    public async Task Put_TheSameBytesAtOnce_KeepsOne()
    {
        var bytes = Bytes(200_000);

        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PutAsync(bytes)));

        Assert.Single(ids.Distinct());
        Assert.True(await Artifacts.ExistsAsync(ids[0], Token));
    }

    [Fact]
    public async Task Open_Unknown_IsNotFound()
    {
        var id = new ArtifactId(new string('0', 64));

        Assert.False(await Artifacts.ExistsAsync(id, Token));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Artifacts.OpenAsync(id, Token));
    }

    [Fact]
    public async Task Put_ThatFailsHalfWay_LeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Artifacts.PutAsync(new BrokenStream(), Token));

        Assert.False(await Artifacts.ExistsAsync(new ArtifactId(Convert.ToHexStringLower(SHA256.HashData(new byte[100]))), Token));
    }

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
        {
            bytes[index] = (byte)(index * 31);
        }

        return bytes;
    }

    protected async Task<ArtifactId> PutAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return await Artifacts.PutAsync(stream, Token);
    }

    private sealed class BrokenStream : MemoryStream
    {
        private bool _wasRead;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_wasRead)
            {
                throw new InvalidDataException("broken");
            }

            _wasRead = true;
            buffer.Span[..100].Clear();
            return ValueTask.FromResult(100);
        }
    }
}
