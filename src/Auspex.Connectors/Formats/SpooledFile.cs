namespace Auspex.Connectors.Formats;

/// <summary>A copy on this machine of what comes through a stream, for formats that are read from their end. Gone when it is closed.</summary>
internal static class SpooledFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>Gives a stream that can seek: the same, or a copy of all that is left of it, which is disposed then.</summary>
    public static async Task<Stream> SeekableAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            return stream;
        }

        await using (stream)
        {
            var copy = new FileStream(
                Path.Combine(Path.GetTempPath(), $"auspex-{Guid.NewGuid():N}.tmp"),
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.DeleteOnClose);
            try
            {
                await stream.CopyToAsync(copy, BufferSize, cancellationToken);
                copy.Position = 0;
                return copy;
            }
            catch
            {
                await copy.DisposeAsync();
                throw;
            }
        }
    }
}
