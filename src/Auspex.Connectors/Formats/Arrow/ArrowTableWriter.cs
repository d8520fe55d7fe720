using System.Buffers.Binary;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Which of Arrow's two forms is written.</summary>
public enum ArrowForm
{
    /// <summary>A file with a footer, so that readers can go to any batch: <c>.arrow</c>, <c>.feather</c>.</summary>
    File,

    /// <summary>A stream of messages: <c>.arrows</c>.</summary>
    Stream,
}

/// <summary>
/// Writes tables in Arrow's format for exchange, a record batch for each batch. Categorical columns are written with a dictionary,
/// others as they are in memory. Not thread-safe.
/// </summary>
/// <remarks>What a field is for, and the type of its levels, go along as metadata that other programs pass over.</remarks>
public sealed class ArrowTableWriter : ITableSink
{
    private static readonly byte[] Magic = "ARROW1\0\0"u8.ToArray();

    private readonly Stream _stream;
    private readonly BlobUpload? _upload;
    private readonly bool _leaveOpen;
    private readonly TableSchema _schema;
    private readonly ArrowForm _form;
    private readonly ArrowUnit _unit;
    private readonly ZstdBlock? _zstd;
    private readonly ArrowBody _body;
    private readonly List<ArrowBlock> _dictionaries = [];
    private readonly List<ArrowBlock> _batches = [];
    private bool _isBegun;

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Flushed on completion.</param>
    /// <param name="schema">The schema of all batches; an empty table is written by it.</param>
    /// <param name="form">File or stream.</param>
    /// <param name="options">How to write.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public ArrowTableWriter(Stream stream, TableSchema schema, ArrowForm form, TableWriteOptions options, bool leaveOpen = false)
    {
        _stream = stream;
        _schema = schema;
        _form = form;
        _leaveOpen = leaveOpen;
        _unit = options.Times == TimeResolution.Nanoseconds ? ArrowUnit.Nanosecond : ArrowUnit.Microsecond;
        _zstd = options.Blocks == BlockCompression.Zstd ? new ZstdBlock(options.Level) : null;
        _body = new ArrowBody(options.Name, _unit, _zstd);
    }

    /// <summary>Writes a blob; it becomes visible on completion.</summary>
    public ArrowTableWriter(BlobUpload upload, TableSchema schema, ArrowForm form, TableWriteOptions options)
        : this(upload.Stream, schema, form, options, leaveOpen: true) => _upload = upload;

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Where dictionaries and record batches lie; empty for a stream.</summary>
    internal (IReadOnlyList<ArrowBlock> Dictionaries, IReadOnlyList<ArrowBlock> Batches) Blocks => (_dictionaries, _batches);

    /// <summary>Goes on where another writer of the same table came to; before the first batch.</summary>
    internal void GoOn(long length, IEnumerable<ArrowBlock> dictionaries, IEnumerable<ArrowBlock> batches)
    {
        Length = length;
        _dictionaries.AddRange(dictionaries);
        _batches.AddRange(batches);
        _isBegun = true;
    }

    /// <inheritdoc/>
    /// <exception cref="TableFormatException">A value cannot be written.</exception>
    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Columns.Length != _schema.Fields.Length)
        {
            throw new ArgumentException(
                $"Found a batch of {batch.Columns.Length} columns; expected {_schema.Fields.Length}.", nameof(batch));
        }

        await BeginAsync(cancellationToken);
        _body.Begin(batch.RowCount);
        for (var i = 0; i < batch.Columns.Length; i++)
        {
            _body.Add(batch.Columns[i], _schema.Fields[i]);
        }

        await WriteBodyAsync(ArrowMetadata.RecordBatchMessage(_body, _zstd is not null), _batches, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await WriteAsync(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 }, cancellationToken);
        if (_form == ArrowForm.File)
        {
            var footer = ArrowMetadata.Footer(_schema, _unit, _dictionaries, _batches);
            var length = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
            await WriteAsync(footer, cancellationToken);
            await WriteAsync(length, cancellationToken);
            await WriteAsync(Magic.AsMemory(0, 6), cancellationToken);
        }

        await _stream.FlushAsync(cancellationToken);
        if (_upload is not null)
        {
            await _upload.CommitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _zstd?.Dispose();
        if (_upload is not null)
        {
            await _upload.DisposeAsync();
        }
        else if (!_leaveOpen)
        {
            await _stream.DisposeAsync();
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_isBegun)
        {
            return;
        }

        _isBegun = true;
        if (_form == ArrowForm.File)
        {
            await WriteAsync(Magic, cancellationToken);
        }

        await WriteAsync(ArrowMetadata.SchemaMessage(_schema, _unit, withLevels: false), cancellationToken);
        for (var i = 0; i < _schema.Fields.Length; i++)
        {
            if (_schema.Fields[i].Categories is { } domain)
            {
                var levels = new StringColumnBuilder(domain.Levels.Length);
                foreach (var level in domain.Levels)
                {
                    levels.Append(level);
                }

                _body.Begin(domain.Levels.Length);
                _body.Add(levels.Build(), new TableField { Name = _schema.Fields[i].Name, Type = ColumnType.String });
                await WriteBodyAsync(
                    ArrowMetadata.DictionaryMessage(i, _body, _zstd is not null), _dictionaries, cancellationToken);
            }
        }
    }

    private async Task WriteBodyAsync(byte[] message, List<ArrowBlock> blocks, CancellationToken cancellationToken)
    {
        if (_form == ArrowForm.File)
        {
            blocks.Add(new ArrowBlock(Length, message.Length, _body.Length));
        }

        await WriteAsync(message, cancellationToken);
        await WriteAsync(_body.Bytes, cancellationToken);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(bytes, cancellationToken);
        Length += bytes.Length;
    }
}
