namespace Auspex.Connectors.Formats;

/// <summary>A block of a file would take more memory than is allowed. Caught where the file's name is known.</summary>
internal sealed class BlockTooLargeException(long bytes, long most) : IOException($"a block of {bytes} bytes; the most is {most}")
{
    public long Bytes => bytes;

    public long Most => most;
}
