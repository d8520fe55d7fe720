using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Formats.Segments;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>
/// Reads a table in Arrow's format for exchange, as a file (<c>.arrow</c>, <c>.feather</c> of version 2) or as a stream (<c>.arrows</c>);
/// the first bytes say which. Buffers may be compressed with LZ4 or Zstandard. Reads forwards only, so that any stream will do.
/// </summary>
/// <remarks>
/// Memory: the wanted columns of one record batch. Dictionaries of texts become categorical columns with the levels of the first
/// dictionary. Instants with a zone are given in UTC. Not thread-safe.
/// </remarks>
public sealed class ArrowTableReader : ITableSource, ITypedReader
{
    private const int LongestMagic = 8;
    private const int FooterEnd = 10;

    private static readonly byte[] FileMagic = "ARROW1"u8.ToArray();
    private static readonly byte[] StreamStart = [0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] Feather1Magic = "FEA1"u8.ToArray();

    private readonly Stream _stream;
    private readonly TableReadOptions _options;
    private readonly ArrowMessages _messages;
    private readonly ArrowBatches _batches;
    private readonly ArrowDictionaries _dictionaries = new();
    private IReadOnlyList<ArrowField> _fields = [];
    private TypedRows _rows = null!;
    private ArrowMessage? _next;
    private bool _isFile;
    private bool _isStarted;

    private ArrowTableReader(Stream stream, TableReadOptions options)
    {
        _stream = stream;
        _options = options;
        _messages = new ArrowMessages(stream);
        _batches = new ArrowBatches(_messages, options.MaxBlockBytes);
    }

    /// <inheritdoc/>
    public TableSchema Schema => _rows.Schema;

    /// <summary>The names of all columns of the file, in file order, whether they are read or not.</summary>
    public ImmutableArray<string> FileColumns { get; private set; }

    long? ITypedReader.TotalRows => null;

    /// <summary>The rows left out so far.</summary>
    public long SkippedRows => _rows.SkippedRows;

    /// <summary>Opens a stream that begins with the table; it is disposed with the reader.</summary>
    /// <exception cref="TableFormatException">These are no Arrow data, or wanted columns are not there.</exception>
    public static async Task<ArrowTableReader> OpenAsync(
        Stream stream, TableReadOptions options, CancellationToken cancellationToken)
    {
        var reader = new ArrowTableReader(stream, options);
        try
        {
            await reader.OpenAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TableBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var step in ReadStepsAsync(default, 0, cancellationToken))
        {
            if (step.Rows is { } rows)
            {
                yield return rows;
            }
        }
    }

    /// <inheritdoc/>
    IAsyncEnumerable<TypedStep> ITypedReader.ReadStepsAsync(TablePlace from, long rowsBefore, CancellationToken cancellationToken) =>
        ReadStepsAsync(from, rowsBefore, cancellationToken);

    private async IAsyncEnumerable<TypedStep> ReadStepsAsync(
        TablePlace from, long rowsBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("Arrow data can be read once; open them again.");
        }

        _isStarted = true;
        _rows.Skip(rowsBefore);
        for (var index = 0; _next is { } message; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (index < from.Segment)
            {
                await GuardAsync(() => _messages.ReadBodyAsync(message.BodyLength, [], cancellationToken));
            }
            else
            {
                var (rows, columns) = await GuardAsync(() => ReadBatchAsync(message, cancellationToken));
                for (var start = index == from.Segment ? (int)from.Offset : 0; start < rows; start += _options.BatchRows)
                {
                    var count = Math.Min(_options.BatchRows, rows - start);
                    yield return new TypedStep(
                        Decode(columns, start, count),
                        count,
                        start + count == rows ? new TablePlace(index + 1, 0) : new TablePlace(index, start + count));
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            _next = await GuardAsync(() => NextBatchAsync(cancellationToken));
        }

        await GuardAsync(async () =>
        {
            await CheckEndAsync(cancellationToken);
            return true;
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await GuardAsync(async () =>
        {
            _fields = await ReadSchemaAsync(cancellationToken);
            return true;
        });
        FileColumns = ColumnNames.Unique([.. _fields.Select(field => field.Name)], DelimitedTextOptions.Csv, out _);

        // Levels must be known before the first row, so the dictionaries that come first are read now.
        var encoded = Enumerable.Range(0, _fields.Count)
            .Where(index => _fields[index].Dictionary is not null && ArrowTypes.WhyUnreadable(_fields[index]) is null)
            .Where(index => _options.Projection?.Contains(FileColumns[index]) != false);
        foreach (var index in encoded)
        {
            _dictionaries.Want(_fields[index]);
        }

        _next = await GuardAsync(() => NextBatchAsync(cancellationToken));
        var columns = _fields.Select((field, index) => ArrowTypes.WhyUnreadable(field) is { } reason
            ? new FileColumn(FileColumns[index], null, reason)
            : new FileColumn(
                FileColumns[index],
                ArrowTypes.ToField(field, _dictionaries.Levels(field)) with { Name = FileColumns[index] },
                null));
        _rows = TypedRows.Bind([.. columns], _options);
    }

    private async Task<IReadOnlyList<ArrowField>> ReadSchemaAsync(CancellationToken cancellationToken)
    {
        var first = await SniffAsync(cancellationToken);
        var message = await first.NextAsync(cancellationToken);
        if (message is not { Kind: ArrowMessageKind.Schema })
        {
            throw new InvalidDataException("the first message holds no schema");
        }

        await first.ReadBodyAsync(message.BodyLength, [], cancellationToken);
        return ArrowSchema.Read(message.Header);
    }

    /// <summary>Passes over the magic bytes of a file; gives back those of a stream, which begins with its first message.</summary>
    private async Task<ArrowMessages> SniffAsync(CancellationToken cancellationToken)
    {
        var start = await _messages.ReadAsync(sizeof(int), cancellationToken);
        if (start.AsSpan().SequenceEqual(Feather1Magic))
        {
            throw new NotSupportedException("found version 1 of the Feather format; expected version 2, which is Arrow's file format");
        }

        if (start.AsSpan().SequenceEqual(FileMagic.AsSpan(0, sizeof(int))))
        {
            var rest = await _messages.ReadAsync(LongestMagic - sizeof(int), cancellationToken);
            _isFile = rest.AsSpan(0, 2).SequenceEqual(FileMagic.AsSpan(sizeof(int)));
            return _isFile ? _messages : throw new InvalidDataException("found no Arrow magic at the start");
        }

        if (!start.AsSpan().SequenceEqual(StreamStart) && (start[3] != 0 || start.AsSpan().IndexOfAnyExcept((byte)0) < 0))
        {
            throw new InvalidDataException("found neither the magic bytes of a file nor the start of a stream");
        }

        _messages.Return(start);
        return _messages;
    }

    /// <summary>The next record batch; dictionaries before it are taken in.</summary>
    private async Task<ArrowMessage?> NextBatchAsync(CancellationToken cancellationToken)
    {
        while (await _messages.NextAsync(cancellationToken) is { } message)
        {
            if (message.Kind == ArrowMessageKind.RecordBatch)
            {
                return message;
            }

            if (message.Kind != ArrowMessageKind.DictionaryBatch)
            {
                throw new InvalidDataException("found a message that is neither a record batch nor a dictionary");
            }

            await _dictionaries.ReadAsync(message, _messages, _batches, _options.MaxBlockBytes, cancellationToken);
        }

        return null;
    }

    private async Task<(int Rows, ArrowColumn[] Columns)> ReadBatchAsync(ArrowMessage message, CancellationToken cancellationToken)
    {
        var wanted = _rows.Positions;
        var (rows, buffers) = await _batches.ReadAsync(message, message.Header, _fields, wanted, cancellationToken);
        var columns = new ArrowColumn[wanted.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var field = _fields[wanted[i]];
            columns[i] = new ArrowColumn(
                field with { Name = FileColumns[wanted[i]] }, buffers[i], rows, _dictionaries.Find(field));
        }

        return (rows, columns);
    }

    private TableBatch? Decode(ArrowColumn[] columns, int start, int count)
    {
        var decoded = ImmutableArray.CreateBuilder<Column>(columns.Length);
        try
        {
            foreach (var column in columns)
            {
                decoded.Add(column.Decode(start, count, _rows.Faults));
            }
        }
        catch (InvalidDataException damaged)
        {
            throw ArrowErrors.Translate(damaged, _options.Name, _messages.Position)!;
        }

        return _rows.Convert(decoded.MoveToImmutable(), count);
    }

    /// <summary>A file goes on with a footer after its last batch, and ends with the magic bytes.</summary>
    private async Task CheckEndAsync(CancellationToken cancellationToken)
    {
        if (_isFile && !(await _messages.ReadTailAsync(FooterEnd, cancellationToken)).AsSpan().EndsWith(FileMagic))
        {
            throw new EndOfStreamException();
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception failure) when (ArrowErrors.Translate(failure, _options.Name, _messages.Position) is { } translated)
        {
            throw translated;
        }
    }
}
