using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Writes rows to a file, or to numbered files of so many rows each.</summary>
internal sealed class FileTableSink : ITableSink
{
    private readonly CopyWork _work;
    private readonly FileTargets _targets;
    private readonly string _path;
    private readonly TableSchema _schema;
    private readonly JsonRowShape _shape;
    private readonly long _mostRows;
    private readonly bool _isInParts;
    private readonly string? _prefix;

    private FileOutput? _output;
    private IFileRows? _rows;
    private long _rowsInFile;
    private int _part;

    /// <summary>Prepares to write.</summary>
    /// <param name="work">The copy.</param>
    /// <param name="targets">Opens the files.</param>
    /// <param name="path">The file.</param>
    /// <param name="schema">The schema of all batches.</param>
    /// <param name="shape">Where columns go in JSON.</param>
    public FileTableSink(CopyWork work, FileTargets targets, string path, TableSchema schema, JsonRowShape shape)
    {
        _work = work;
        _targets = targets;
        _path = path;
        _schema = schema;
        _shape = shape;
        var format = work.Settings.Sink.Object("formatSettings");
        _isInParts = format.Has("maxRowsPerFile");
        _mostRows = format.Integer("maxRowsPerFile", 1, long.MaxValue) ?? long.MaxValue;
        _prefix = format.Text("fileNamePrefix");
    }

    /// <inheritdoc/>
    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        for (var start = 0; start < batch.RowCount;)
        {
            if (_rowsInFile == _mostRows)
            {
                await EndFileAsync(cancellationToken);
            }

            await BeginFileAsync(cancellationToken);
            var length = (int)Math.Min(batch.RowCount - start, _mostRows - _rowsInFile);
            await _rows!.WriteAsync(batch.Slice(start, length), cancellationToken);
            _rowsInFile += length;
            start += length;
        }
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_part == 0)
        {
            await BeginFileAsync(cancellationToken);
        }

        await EndFileAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_rows is not null)
        {
            await _rows.DisposeAsync();
        }

        if (_output is not null)
        {
            await _output.DisposeAsync();
        }
    }

    private async Task BeginFileAsync(CancellationToken cancellationToken)
    {
        if (_output is not null)
        {
            return;
        }

        var path = _isInParts ? _targets.PartOf(_path, _part, _prefix) : _path;
        _part++;
        _output = await _targets.OpenAsync(path, cancellationToken);
        _rows = _work.Sink.Shape switch
        {
            DataShape.DelimitedText => new TextRows(_work, _output.Stream, _schema, path),
            DataShape.Json => new JsonRows(_work, _output.Stream, _shape, path),
            _ => new ParquetRows(_work, _output.Stream, _schema, path),
        };
    }

    private async Task EndFileAsync(CancellationToken cancellationToken)
    {
        if (_output is null)
        {
            return;
        }

        await _rows!.CompleteAsync(cancellationToken);
        await _rows.DisposeAsync();
        await _output.CommitAsync(cancellationToken);
        await _output.DisposeAsync();
        (_rows, _output, _rowsInFile) = (null, null, 0);
    }

    /// <summary>Writes rows into one file's stream; a format each.</summary>
    private interface IFileRows : IAsyncDisposable
    {
        Task WriteAsync(TableBatch batch, CancellationToken cancellationToken);

        Task CompleteAsync(CancellationToken cancellationToken);
    }

    private sealed class TextRows : IFileRows
    {
        private readonly Stream _encoded;
        private readonly bool _isOwn;
        private readonly DelimitedTextWriter _writer;

        public TextRows(CopyWork work, Stream stream, TableSchema schema, string path)
        {
            _encoded = TextOutput.Encode(stream, work.Sink.Text("encodingName"), path);
            _isOwn = _encoded != stream;
            var options = TextDialect.WriteOptions(work.Sink, work.Settings.Sink.Object("formatSettings"), path);
            _writer = new DelimitedTextWriter(
                _encoded, schema, schema.Fields.Length == 0 ? options with { HasHeader = false } : options, leaveOpen: true);
        }

        public Task WriteAsync(TableBatch batch, CancellationToken cancellationToken) => _writer.WriteAsync(batch, cancellationToken);

        public Task CompleteAsync(CancellationToken cancellationToken) => _writer.CompleteAsync(cancellationToken);

        public ValueTask DisposeAsync() => _isOwn ? _encoded.DisposeAsync() : ValueTask.CompletedTask;
    }

    private sealed class ParquetRows(CopyWork work, Stream stream, TableSchema schema, string path) : IFileRows
    {
        private readonly ParquetTableWriter _writer = new(
            stream, schema, new TableWriteOptions { Name = path, Blocks = ParquetCodec.Of(work.Sink) }, leaveOpen: true);

        public Task WriteAsync(TableBatch batch, CancellationToken cancellationToken) => _writer.WriteAsync(batch, cancellationToken);

        public Task CompleteAsync(CancellationToken cancellationToken) => _writer.CompleteAsync(cancellationToken);

        public ValueTask DisposeAsync() => _writer.DisposeAsync();
    }

    private sealed class JsonRows : IFileRows
    {
        private readonly JsonOutput _json;
        private readonly JsonRowShape _shape;

        public JsonRows(CopyWork work, Stream stream, JsonRowShape shape, string path) =>
            (_json, _shape) = (new JsonOutput(work, stream, path), shape);

        public Task WriteAsync(TableBatch batch, CancellationToken cancellationToken) => _json.Writer.WriteAsync(batch, _shape, cancellationToken);

        public Task CompleteAsync(CancellationToken cancellationToken) => _json.Writer.CompleteAsync(cancellationToken);

        public ValueTask DisposeAsync() => _json.DisposeAsync();
    }
}
