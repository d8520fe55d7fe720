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
    }

    /// <summary>The names of all columns of the file, in file order.</summary>
    public ImmutableArray<string> FileColumns { get; }

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
