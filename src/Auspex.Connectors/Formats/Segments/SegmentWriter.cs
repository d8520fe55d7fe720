using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>
/// Writes a table file as segments that stand by themselves, so that another process can go on behind the last one: runs of text,
/// members of gzip, frames of Zstandard, row groups, record batches. Not thread-safe.
/// </summary>
/// <remarks>
/// The bytes depend on the rows and, for Parquet and Arrow, on the batches that they come in, not on where an earlier writer
/// left off. What is written is counted in units: bytes of text, or rows.
/// </remarks>
public abstract class SegmentWriter : IAsyncDisposable
{
    private readonly MemoryStream _ready = new();
    private readonly List<byte[]> _footer;

    /// <summary>Begins, or goes on.</summary>
    /// <param name="start">Where to go on; null begins.</param>
    protected SegmentWriter(SegmentState? start)
    {
        Length = start?.Length ?? 0;
        Written = start?.Written ?? 0;
        Settled = start?.Settled ?? 0;
        _footer = [.. start?.Footer ?? []];
    }

    /// <summary>Bytes of the file so far, those of <see cref="Ready"/> included.</summary>
    public long Length { get; private set; }

    /// <summary>Units given so far, from the beginning of the table.</summary>
    public long Written { get; protected set; }

    /// <summary>
    /// Units in whole segments: whoever goes on need not write them again. Right after a resumption it may be more than
    /// <see cref="Written"/>; what is given again then is passed over.
    /// </summary>
    public long Settled { get; protected set; }

    /// <summary>What the file's footer has to say of each segment; empty for formats without a footer.</summary>
    public IReadOnlyList<byte[]> Footer => _footer;

    /// <summary>Whole segments that were not taken yet; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Ready => _ready.GetBuffer().AsMemory(0, (int)_ready.Length);

    /// <summary>Forgets what is ready, once it is in the file.</summary>
    public void ClearReady() => _ready.SetLength(0);

    /// <summary>Begins a file in a format that is written in segments.</summary>
    /// <param name="path">The name that says the format.</param>
    /// <param name="schema">The schema of all batches.</param>
    /// <param name="options">How to write.</param>
    /// <param name="start">Where an earlier writer with the same arguments came to; null begins.</param>
    /// <exception cref="TableFormatException">The name says no format, or one that is written whole only.</exception>
    public static SegmentWriter Open(string path, TableSchema schema, TableWriteOptions options, SegmentState? start) =>
        TableFileFormat.ForPath(path) switch
        {
            { Kind: TableFileKind.Parquet } => new ParquetSegments(schema, options, start),
            { Kind: TableFileKind.Arrow } => new ArrowSegments(schema, ArrowForm.File, options, start),
            { Kind: TableFileKind.ArrowStream } => new ArrowSegments(schema, ArrowForm.Stream, options, start),
            { IsStreamed: true, Compression: var compression } => new TextSegments(
                schema, DelimitedTextWriterOptions.ForPath(path) with { Name = options.Name }, compression, options.Level, start),
            _ => throw new TableFormatException(
                Errors.ErrorCode.UnknownTableFormat, $"{path}: found a format that is written as a whole only; expected one that is written in parts."),
        };

    /// <summary>Appends rows.</summary>
    /// <exception cref="TableFormatException">A value cannot be written.</exception>
    public abstract Task WriteAsync(TableBatch batch, CancellationToken cancellationToken);

    /// <summary>Ends the last segment and the file; the rest of it is ready then.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        _ready.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Adds to what is ready.</summary>
    private protected void Give(ReadOnlySpan<byte> bytes)
    {
        _ready.Write(bytes);
        Length += bytes.Length;
    }

    private protected void Note(byte[] entry) => _footer.Add(entry);

    /// <summary>Units of what comes next that are in the file already.</summary>
    private protected int Known(int units) => (int)Math.Clamp(Settled - Written, 0, units);
}

/// <summary>How far a file of segments is.</summary>
/// <param name="Length">Bytes of its whole segments.</param>
/// <param name="Written">Units given before the place at which writing goes on.</param>
/// <param name="Settled">Units in whole segments, at least as many: the difference will be given again and is passed over.</param>
/// <param name="Footer">What the footer has to say of each segment.</param>
public sealed record SegmentState(long Length, long Written, long Settled, IReadOnlyList<byte[]> Footer);
