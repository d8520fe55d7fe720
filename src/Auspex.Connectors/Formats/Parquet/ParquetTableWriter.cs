using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>
/// Writes tables as a Parquet file: a column each, text and categories with a dictionary, blocks compressed with Snappy unless
/// asked otherwise. Not thread-safe.
/// </summary>
/// <remarks>
/// Memory: one row group, compressed. Categories are written as their texts; that they are categories, what a field is for, and that a number
/// counts a duration go along as metadata that Arrow's libraries understand and others pass over.
/// </remarks>
public sealed class ParquetTableWriter : ITableSink
{
    private readonly Stream _stream;
    private readonly BlobUpload? _upload;
    private readonly bool _leaveOpen;
    private readonly TableSchema _schema;
    private readonly TableWriteOptions _options;
    private readonly ParquetColumnWriter[] _columns;
    private readonly PendingStream _pending = new();
    private ManagedOutputStream? _output;
    private ParquetFileWriter? _file;
    private RowGroupWriter? _group;
    private long _groupRows;
    private long _rawBytes;

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Flushed on completion.</param>
    /// <param name="schema">The schema of all batches; an empty table is written by it.</param>
    /// <param name="options">How to write.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="TableFormatException">The table has no columns, which the format cannot hold.</exception>
    public ParquetTableWriter(Stream stream, TableSchema schema, TableWriteOptions options, bool leaveOpen = false)
    {
        if (schema.Fields.IsEmpty)
        {
            throw new TableFormatException(
                ErrorCode.UnwritableCell,
                $"{options.Name}: found a table without columns; expected one at least, since a Parquet file cannot hold none. Write delimited text or an Arrow file.");
        }

        _stream = stream;
        _schema = schema;
        _options = options;
        _leaveOpen = leaveOpen;
        _columns = [.. schema.Fields.Select(field => new ParquetColumnWriter(field, options))];
    }

    /// <summary>Writes a blob; it becomes visible on completion.</summary>
    public ParquetTableWriter(BlobUpload upload, TableSchema schema, TableWriteOptions options)
        : this(upload.Stream, schema, options, leaveOpen: true) => _upload = upload;

    /// <summary>About how many bytes the values of the open row group take before they are packed.</summary>
    internal long GroupBytes => _rawBytes;

    /// <summary>Bytes handed to the stream so far.</summary>
    public long Length { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="TableFormatException">A value cannot be written.</exception>
    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Columns.Length != _schema.Fields.Length)
        {
            throw new ArgumentException(
                $"Found a batch of {batch.Columns.Length} columns; expected {_schema.Fields.Length}.", nameof(batch));
        }

        // Large batches are taken in pieces, so that row groups stay as small as they should be.
        for (var start = 0; start < batch.RowCount;)
        {
            var rows = (int)Math.Min(batch.RowCount - start, _options.RowGroupRows - _groupRows);
            Guard(() => Append(batch.Slice(start, rows)));
            start += rows;
            if (_groupRows >= _options.RowGroupRows || _rawBytes >= _options.RowGroupBytes)
            {
                Guard(CloseGroup);
                await FlushAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        Guard(() =>
        {
            Begin();
            CloseGroup();
            _file!.Close();
        });
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
        _group?.Dispose();
        _file?.Dispose();
        _output?.Dispose();
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
        if (_file is not null)
        {
            return;
        }

        var unit = _options.Times == TimeResolution.Nanoseconds ? ArrowUnit.Nanosecond : ArrowUnit.Microsecond;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ARROW:schema"] = Convert.ToBase64String(ArrowMetadata.SchemaMessage(_schema, unit, withLevels: true)),
        };
        var nodes = _columns.Select(column => (Node)column.CreateNode()).ToArray();
        try
        {
            using var root = new GroupNode("schema", Repetition.Required, nodes, null);
            using var properties = Properties();

            // The library writes synchronously, which a blob in Azure does not take: the bytes wait here until they are handed on.
            _output = new ManagedOutputStream(_pending, leaveOpen: true);
            _file = new ParquetFileWriter(_output, root, properties, metadata);
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Dispose();
            }
        }
    }

    private WriterProperties Properties()
    {
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(_options.Blocks switch
        {
            BlockCompression.None => ParquetSharp.Compression.Uncompressed,
            BlockCompression.Zstd => ParquetSharp.Compression.Zstd,
            _ => ParquetSharp.Compression.Snappy,
        });
        if (_options.Blocks == BlockCompression.Zstd)
        {
            builder.CompressionLevel(Formats.Compression.ZstdLevel.Of(_options.Level));
        }

        builder.CreatedBy("Auspex");
        builder.DisableDictionary();
        foreach (var column in _columns.Where(column => column.HasDictionary))
        {
            using var path = new ColumnPath([column.Name]);
            builder.EnableDictionary(path);
        }

        return builder.Build();
    }

    private void Append(TableBatch batch)
    {
        Begin();
        _group ??= _file!.AppendBufferedRowGroup();
        for (var i = 0; i < _columns.Length; i++)
        {
            using var writer = _group.Column(i);
            _rawBytes += _columns[i].Write(writer, batch.Columns[i]);
        }

        _groupRows += batch.RowCount;
    }

    private void CloseGroup()
    {
        _group?.Close();
        _group?.Dispose();
        _group = null;
        _groupRows = 0;
        _rawBytes = 0;
    }

    private async Task FlushAsync(CancellationToken cancellationToken) =>
        Length += await _pending.DrainAsync(_stream, cancellationToken);

    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure) when (failure is DllNotFoundException or TypeInitializationException
            && ParquetErrors.Translate(failure, _options.Name, "") is { } translated)
        {
            throw translated;
        }
        catch (ParquetException failure)
        {
            throw new TableFormatException(
                ErrorCode.UnwritableCell, $"{_options.Name}: the table cannot be written as Parquet: {failure.Message}", inner: failure);
        }
    }
}
