using System.Collections.Immutable;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Reads delimited text as blocks of whole records, for several threads to parse side by side with a
/// <see cref="BlockParser"/> each. Quoted line ends are respected; where records begin does not depend on the size of the
/// blocks.
/// </summary>
/// <remarks>Not thread-safe. Memory: the block being filled.</remarks>
public sealed class DelimitedBlockReader : IAsyncDisposable
{
    private readonly RecordCursor _cursor;

    private DelimitedBlockReader(DelimitedTextReader.Opened opened)
    {
        _cursor = opened.Cursor;
        FileColumns = opened.Columns;
        IsUtf8 = opened.IsUtf8;
        HeaderRecord = opened.HeaderRecord;
    }

    /// <summary>The names of all columns of the file, in file order.</summary>
    public ImmutableArray<string> FileColumns { get; }

    /// <summary>The header as it stands in the file, without its line end; empty when there is none.</summary>
    public ReadOnlyMemory<byte> HeaderRecord { get; }

    /// <summary>Whether offsets of the text are offsets of the file, so that reading can begin in the middle of it.</summary>
    public bool IsUtf8 { get; }

    /// <summary>The byte of the text at which the next block begins.</summary>
    public long NextOffset => _cursor.NextOffset;

    /// <summary>Opens a file, or the rest of one.</summary>
    /// <param name="stream">Begins with the file, or where <see cref="DelimitedTextOptions.Part"/> does; disposed with the reader.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="TableFormatException">The header is missing or broken.</exception>
    public static async Task<DelimitedBlockReader> OpenAsync(
        Stream stream, DelimitedTextOptions options, CancellationToken cancellationToken) =>
        new(await DelimitedTextReader.OpenFileAsync(stream, options, leaveOpen: false, cancellationToken));

    /// <summary>Opens a file where an earlier reader came to.</summary>
    /// <param name="open">Opens the file from a byte on.</param>
    /// <param name="options">As the earlier reader was opened with.</param>
    /// <param name="offset">Where that one's <see cref="NextOffset"/> stood; 0 begins with the first row.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="TableFormatException">The header is missing or broken, or the text ends before the offset.</exception>
    public static async Task<DelimitedBlockReader> OpenAtAsync(
        Func<long, CancellationToken, Task<Stream>> open,
        DelimitedTextOptions options,
        long offset,
        CancellationToken cancellationToken)
    {
        var reader = await OpenAsync(await open(0, cancellationToken), options, cancellationToken);
        try
        {
            if (offset <= reader.NextOffset)
            {
                return reader;
            }

            if (!reader.IsUtf8)
            {
                // Bytes of the file are no bytes of the text: only reading again finds the place.
                await reader._cursor.SkipToAsync(offset, cancellationToken);
                return reader;
            }

            var rest = new FilePart(reader.FileColumns, offset, long.MaxValue, 1, -1);
            var opened = await DelimitedTextReader.OpenFileAsync(
                await open(offset, cancellationToken), options with { Part = rest }, leaveOpen: false, cancellationToken);
            var resumed = new DelimitedBlockReader(opened with { HeaderRecord = reader.HeaderRecord.ToArray() });
            await reader.DisposeAsync();
            return resumed;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fills a block with the next records.</summary>
    /// <param name="block">What it held is overwritten.</param>
    /// <param name="size">About how many bytes; one record at least.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>False when nothing is left.</returns>
    public ValueTask<bool> ReadAsync(RecordBlock block, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return _cursor.TakeAsync(block, size, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cursor.DisposeAsync();
}
