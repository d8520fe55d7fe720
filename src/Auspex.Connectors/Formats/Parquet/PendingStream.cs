namespace Auspex.Connectors.Formats.Parquet;

/// <summary>
/// Takes what a library writes synchronously, until it is handed on asynchronously, as a blob in Azure wants it. Its position goes on when the
/// bytes have gone.
/// </summary>
internal sealed class PendingStream : Stream
{
    private const int LargestKept = 16 << 20;

    private byte[] _bytes = [];
    private int _used;
    private long _gone;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _gone + _used;

    public override long Position
    {
        get => _gone + _used;
        set => throw new NotSupportedException();
    }

    /// <summary>Hands the bytes on; gives how many.</summary>
    public async Task<int> DrainAsync(Stream target, CancellationToken cancellationToken)
    {
        var count = _used;
        await target.WriteAsync(_bytes.AsMemory(0, count), cancellationToken);
        _gone += count;
        _used = 0;
        if (_bytes.Length > LargestKept)
        {
            _bytes = [];
        }

        return count;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_bytes.Length - _used < buffer.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(checked(_used + buffer.Length), _bytes.Length * 2L)));
        }

        buffer.CopyTo(_bytes.AsSpan(_used));
        _used += buffer.Length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
