namespace Auspex.Connectors.Formats;

/// <summary>Reads a delimited text record by record, as the bytes they are.</summary>
public sealed class RecordReader : IAsyncDisposable
{
    private readonly RecordCursor _cursor;

    private RecordReader(DelimitedTextReader.Opened opened)
    {
        _cursor = opened.Cursor;
        HeaderRecord = opened.HeaderRecord;
    }

    /// <summary>The header, without its line end; empty when there is none.</summary>
    public ReadOnlyMemory<byte> HeaderRecord { get; }

    /// <summary>The current record, without its line end; valid until the next.</summary>
    public ReadOnlyMemory<byte> Current => _cursor.Walker.RecordMemory;

    /// <summary>Opens a text, behind its header.</summary>
    /// <exception cref="TableFormatException">The header is missing or broken.</exception>
    public static async Task<RecordReader> OpenAsync(
        Stream stream, DelimitedTextOptions options, CancellationToken cancellationToken) =>
        new(await DelimitedTextReader.OpenFileAsync(stream, options, leaveOpen: false, cancellationToken));

    /// <summary>Goes to the next record; false when there is none.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        ScanStatus status;
        while ((status = _cursor.Next()) == ScanStatus.NeedMore)
        {
            await _cursor.FillAsync(cancellationToken);
        }

        return status == ScanStatus.Record;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cursor.DisposeAsync();
}
