using System.Text;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>
/// The two records of what a Copy leaves out: the session's log, and the rows themselves with what was wrong. Both are written
/// as they grow and appear when the copy ends, whichever way. Without places for them, nothing is kept. Thread-safe.
/// </summary>
internal sealed class CopyLog(FilePlace? logPlace, FilePlace? rowPlace, string activity, string runId, bool logsEverything, TimeProvider clock)
    : IAsyncDisposable
{
    private const int FlushSize = 256 << 10;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly Sheet _log = new(
        logPlace,
        logPlace is null ? "" : FilePlace.Join(logPlace.FolderPath, "copyactivity-logs", activity, runId, runId + ".csv"),
        ["Timestamp", "Level", "OperationName", "OperationItem", "Message"]);

    private readonly Sheet _rows = new(
        rowPlace, rowPlace is null ? "" : FilePlace.Join(rowPlace.FolderPath, runId, "error.csv"), []);

    /// <summary>Where the log lies; null without one.</summary>
    public string? LogFilePath => logPlace is null ? null : _log.Path;

    /// <summary>Where the rows lie; null when there are none.</summary>
    public string? RedirectRowPath => rowPlace is null || _rows.IsEmpty ? null : _rows.Path;

    /// <summary>Notes a row that was left out.</summary>
    /// <param name="record">The row as delimited text.</param>
    /// <param name="code">What is wrong, as a code.</param>
    /// <param name="message">What is wrong.</param>
    public void SkipRow(ReadOnlySpan<byte> record, string code, string message)
    {
        lock (_gate)
        {
            Write("Warning", "TabularRowSkip", record, message);
            _rows.WriteRow(record, code, message);
        }
    }

    /// <summary>Notes a file that was passed over.</summary>
    public void SkipFile(string path, string message)
    {
        lock (_gate)
        {
            Write("Warning", "FileSkip", Encoding.UTF8.GetBytes(path), message);
        }
    }

    /// <summary>Notes a file that was read or written, where everything is to be logged.</summary>
    public void NoteFile(string operation, string path, string message)
    {
        if (logsEverything)
        {
            lock (_gate)
            {
                Write("Info", operation, Encoding.UTF8.GetBytes(path), message);
            }
        }
    }

    /// <summary>Writes out what has piled up.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            await FlushAsync(_log, FlushSize, cancellationToken);
            await FlushAsync(_rows, FlushSize, cancellationToken);
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <summary>Makes both visible.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var sheet in new[] { _log, _rows })
        {
            if (sheet.Place is not null && (sheet == _log || !sheet.IsEmpty))
            {
                await FlushAsync(sheet, -1, cancellationToken);
                await sheet.Upload!.CommitAsync(cancellationToken);
            }
        }
    }

    /// <summary>A row of a batch as delimited text.</summary>
    public static byte[] Record(TableBatch batch, int row)
    {
        var text = new DelimitedTextEncoder(DelimitedTextWriterOptions.Csv);
        for (var i = 0; i < batch.Columns.Length; i++)
        {
            text.WriteDelimiter(i);
            text.WriteCell(batch.Columns[i], row, isOnly: false);
        }

        return text.Written.ToArray();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var sheet in new[] { _log, _rows })
        {
            if (sheet.Upload is not null)
            {
                await sheet.Upload.DisposeAsync();
            }
        }

        _flushing.Dispose();
    }

    private void Write(string level, string operation, ReadOnlySpan<byte> item, string message)
    {
        if (logPlace is not null)
        {
            var at = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture);
            _log.Write([Encoding.UTF8.GetBytes(at), Encoding.UTF8.GetBytes(level), Encoding.UTF8.GetBytes(operation), item.ToArray(), Encoding.UTF8.GetBytes(message)]);
        }
    }

    private async Task FlushAsync(Sheet sheet, int size, CancellationToken cancellationToken)
    {
        byte[] pending;
        lock (_gate)
        {
            if (sheet.Place is null || sheet.PendingSize <= size)
            {
                return;
            }

            pending = sheet.Take();
        }

        sheet.Upload ??= await sheet.Place.Store.OpenWriteAsync(sheet.Path, cancellationToken);
        await sheet.Upload.Stream.WriteAsync(pending, cancellationToken);
    }

    private sealed class Sheet
    {
        private readonly DelimitedTextEncoder _text = new(DelimitedTextWriterOptions.Csv with { NewLine = "\r\n" });

        public Sheet(FilePlace? place, string path, string[] header)
        {
            Place = place;
            Path = path;
            if (header.Length > 0)
            {
                Write([.. header.Select(Encoding.UTF8.GetBytes)]);
                IsEmpty = true;
            }
        }

        public FilePlace? Place { get; }

        public string Path { get; }

        public BlobUpload? Upload { get; set; }

        public bool IsEmpty { get; private set; } = true;

        public int PendingSize => _text.Written.Length;

        public void Write(byte[][] fields)
        {
            for (var i = 0; i < fields.Length; i++)
            {
                _text.WriteDelimiter(i);
                if (fields[i].Length > 0)
                {
                    _text.WriteText(fields[i]);
                }
            }

            _text.EndRow();
            IsEmpty = false;
        }

        // The row as it stood, and two fields after it.
        public void WriteRow(ReadOnlySpan<byte> record, string code, string message)
        {
            if (Place is null)
            {
                return;
            }

            _text.WriteRaw(record);
            _text.WriteDelimiter(1);
            _text.WriteText(Encoding.UTF8.GetBytes(code));
            _text.WriteDelimiter(1);
            _text.WriteText(Encoding.UTF8.GetBytes(message));
            _text.EndRow();
            IsEmpty = false;
        }

        public byte[] Take()
        {
            var pending = _text.Written.ToArray();
            _text.Clear();
            return pending;
        }
    }
}
