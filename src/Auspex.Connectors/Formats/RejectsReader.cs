using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Auspex.Connectors.Files;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Where a rejected row stood in the input that it was taken from.</summary>
/// <param name="Row">Its number there, from 1, bad rows included.</param>
/// <param name="Offset">The byte of the input's text at which it began.</param>
public readonly record struct RejectedPlace(long Row, long Offset);

/// <summary>
/// Reads a rejects file back: the records, mended meanwhile or not, as the text of an input with the header that they were
/// taken from under, and where each belongs.
/// </summary>
/// <remarks>
/// Streams: memory holds a batch of records, and the places of those whose records were read and that nobody has asked for yet. The text and the
/// places may be read by two threads.
/// </remarks>
public sealed class RejectsReader : IAsyncDisposable
{
    // Enough to be worth a batch; a few are in memory at once.
    private const int BatchBytes = 1 << 20;

    // Number, place, reason and column beside the record.
    private const int OtherBytes = 64 << 10;

    private static readonly TableSchema Columns = new(
        [.. RejectedRows.Header.Split(',').Select(name => new TableField { Name = name, Type = ColumnType.String })]);

    private static readonly byte[] Base64Prefix = Encoding.UTF8.GetBytes(RejectedRows.Base64Prefix);

    private readonly DelimitedTextReader _reader;
    private readonly IAsyncEnumerator<TableBatch> _batches;
    private readonly ConcurrentQueue<RejectedPlace> _places = [];
    private readonly MemoryStream _records = new();
    private readonly string _name;
    private long _count;
    private long _lastRow;
    private string? _inputName;

    private RejectsReader(DelimitedTextReader reader, string name, CancellationToken cancellationToken)
    {
        _reader = reader;
        _name = name;
        _batches = reader.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        Text = new RecordStream(this);
    }

    /// <summary>The file name of the input; its extension says how records are read.</summary>
    public string InputName => _inputName!;

    /// <summary>
    /// The input's header, where it had one, and the records, a line each; to be read once. Reading throws a <see cref="TableFormatException"/> where the
    /// file is no rejects file, or rows of it are missing or out of order.
    /// </summary>
    public Stream Text { get; }

    /// <summary>Whether a file bears the name of an output's rejects.</summary>
    public static bool IsRejectsOf(string path, string output) => path == RejectedRows.PathFor(output);

    /// <summary>Opens a rejects file.</summary>
    /// <param name="stream">The file; disposed.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="longestRecord">The longest record to take, in bytes.</param>
    /// <param name="cancellationToken">Stops opening and, later, reading.</param>
    /// <exception cref="TableFormatException">It is no rejects file.</exception>
    public static async Task<RejectsReader> OpenAsync(
        Stream stream, string name, int longestRecord, CancellationToken cancellationToken)
    {
        var options = DelimitedTextOptions.Csv with
        {
            Name = name,
            Schema = Columns,
            QuotedEmptyIsText = true,
            BatchBytes = BatchBytes,

            // Its quotes are doubled; base64 takes less than that.
            MaxRecordBytes = (int)Math.Min(DelimitedTextOptions.MostRecordBytes, (2L * longestRecord) + OtherBytes),
        };
        var reader = new RejectsReader(await DelimitedTextReader.OpenAsync(stream, options, cancellationToken), name, cancellationToken);
        try
        {
            // The first row says what the others are.
            return await reader.ReadBatchAsync() ? reader : throw Broken(name, "the row of number 0, with the input's header, first");
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the next record belongs, in their order; false when no further one was read from <see cref="Text"/> yet.</summary>
    public bool TryTakePlace(out RejectedPlace place) => _places.TryDequeue(out place);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _batches.DisposeAsync();
        await _reader.DisposeAsync();
        _records.Dispose();
    }

    /// <summary>Puts the records of the next batch in place of those that were read; false at the end.</summary>
    private async ValueTask<bool> ReadBatchAsync()
    {
        _records.SetLength(0);
        if (!await _batches.MoveNextAsync())
        {
            return false;
        }

        var batch = _batches.Current;
        for (var row = 0; row < batch.RowCount; row++)
        {
            var (number, place) = (Number(batch, 0, row), new RejectedPlace(Number(batch, 1, row), Number(batch, 2, row)));
            if (_inputName is null)
            {
                _inputName = number == 0
                    ? Encoding.UTF8.GetString(Cell(batch, 3, row))
                    : throw Broken(_name, "the row of number 0, with the input's header, first");
            }
            else if (number != _count + 1 || place.Row <= _lastRow)
            {
                throw Broken(_name, $"reject {_count + 1} after {_count}; leave records that cannot be mended as they are, and in their place");
            }
            else
            {
                (_count, _lastRow) = (number, place.Row);
                _places.Enqueue(place);
            }

            var record = Record(Cell(batch, 5, row));
            if (record.Length > 0)
            {
                _records.Write(record);
                _records.WriteByte(Dialect.LineFeed);
            }
            else if (number > 0)
            {
                throw Broken(_name, $"a record in reject {number}");
            }
        }

        _records.Position = 0;
        return true;
    }

    private static ReadOnlySpan<byte> Cell(TableBatch batch, int column, int row) => ((StringColumn)batch.Columns[column]).Bytes(row);

    private long Number(TableBatch batch, int column, int row)
    {
        var text = Cell(batch, column, row);
        return Utf8Parser.TryParse(text, out ulong number, out var length) && length == text.Length && number <= long.MaxValue
            ? (long)number
            : throw Broken(_name, $"a number in column {Columns.Fields[column].Name}");
    }

    private ReadOnlySpan<byte> Record(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith(Base64Prefix))
        {
            return text;
        }

        try
        {
            return Convert.FromBase64String(Encoding.UTF8.GetString(text[Base64Prefix.Length..]));
        }
        catch (FormatException)
        {
            throw Broken(_name, $"base64 after {RejectedRows.Base64Prefix}");
        }
    }

    private static TableFormatException Broken(string name, string expected) =>
        new(ErrorCode.RejectsFile, $"{name}: found a rejects file that was changed in other places than its records; expected {expected}.");

    // Whoever scores the records owns the reader of this stream, not the file.
    private sealed class RecordStream(RejectsReader rejects) : ForwardReadStream
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException("Records are read asynchronously.");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (true)
            {
                var count = rejects._records.Read(buffer.Span);
                if (count > 0 || buffer.IsEmpty || !await rejects.ReadBatchAsync())
                {
                    return count;
                }
            }
        }
    }
}
