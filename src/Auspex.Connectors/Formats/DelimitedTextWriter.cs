using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>Writes tables as delimited text; see <see cref="DelimitedTextEncoder"/>. Not thread-safe.</summary>
public sealed class DelimitedTextWriter : ITableSink
{
    private const int FlushSize = 256 << 10;

    private readonly DelimitedTextEncoder _encoder;
    private readonly bool _hasHeader;
    private readonly TableSchema _schema;
    private readonly Stream _stream;
    private readonly BlobUpload? _upload;
    private readonly bool _leaveOpen;

    private bool _isBegun;

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Flushed on completion.</param>
    /// <param name="schema">The schema of all batches; an empty table is written by it.</param>
    /// <param name="options">How to write.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public DelimitedTextWriter(Stream stream, TableSchema schema, DelimitedTextWriterOptions options, bool leaveOpen = false)
    {
        _stream = stream;
        _schema = schema;
        _hasHeader = options.HasHeader;
        _leaveOpen = leaveOpen;
        _encoder = new DelimitedTextEncoder(options) { IsAtFileStart = true };
    }

    /// <summary>Writes a blob; it becomes visible on completion.</summary>
    public DelimitedTextWriter(BlobUpload upload, TableSchema schema, DelimitedTextWriterOptions options)
        : this(upload.Stream, schema, options, leaveOpen: true) => _upload = upload;

    /// <inheritdoc/>
    /// <exception cref="TableFormatException">A field needs quotes and there are none.</exception>
    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Columns.Length != _schema.Fields.Length)
        {
            throw new ArgumentException(
                $"Found a batch of {batch.Columns.Length} columns; expected {_schema.Fields.Length}.", nameof(batch));
        }

        Begin();
        for (var row = 0; row < batch.RowCount;)
        {
            row = WriteRows(batch, row);
            if (_encoder.Written.Length >= FlushSize)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    /// <summary>Hands everything written so far to the stream.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_encoder.Written, cancellationToken);
        _encoder.Clear();
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        Begin();
        await FlushAsync(cancellationToken);
        await _stream.FlushAsync(cancellationToken);
        if (_upload is not null)
        {
            await _upload.CommitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_upload is not null)
        {
            await _upload.DisposeAsync();
        }
        else if (!_leaveOpen)
        {
            await _stream.DisposeAsync();
        }
    }

    private void Begin()
    {
        if (!_isBegun && _hasHeader)
        {
            _encoder.WriteHeader(_schema);
        }

        _isBegun = true;
    }

    /// <summary>Writes rows until the buffer should be flushed; gives the next row.</summary>
    private int WriteRows(TableBatch batch, int row)
    {
        var columns = batch.Columns.AsSpan();
        for (; row < batch.RowCount && _encoder.Written.Length < FlushSize; row++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                _encoder.WriteDelimiter(i);
                _encoder.WriteCell(columns[i], row, isOnly: columns.Length == 1);
            }

            _encoder.EndRow();
        }

        return row;
    }
}
