using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.Formats.Segments;
using Auspex.Connectors.Tables;
using ParquetSharp;
using ParquetSharp.IO;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>
/// Reads a Parquet file: flat columns of every encoding and compression that Apache Arrow's own library knows. Only the columns that are
/// wanted are decoded.
/// </summary>
/// <remarks>
/// Memory: a page of each wanted column and the batch. Instants that are adjusted to UTC are given in UTC, others as they are. Not
/// thread-safe.
/// </remarks>
public sealed class ParquetTableReader : ITableSource, ITypedReader
{
    private const string ArrowSchemaKey = "ARROW:schema";
    private const int LongestArrowSchema = 32 << 20;
    private const int FewestTextBytes = 64 << 10;

    private readonly Stream _stream;
    private readonly TableReadOptions _options;
    private readonly ParquetFooter _footer;
    private readonly ParquetFileReader _file;
    private readonly ImmutableArray<ParquetLeaf?> _leaves;
    private readonly TypedRows _rows;
    private bool _isStarted;

    private ParquetTableReader(Stream stream, ParquetFooter footer, ParquetFileReader file, TableReadOptions options)
    {
        _stream = stream;
        _footer = footer;
        _file = file;
        _options = options;
        (var columns, _leaves) = ReadColumns(file);
        FileColumns = [.. columns.Select(column => column.Name)];
        _rows = TypedRows.Bind(columns, options);
    }

    /// <inheritdoc/>
    public TableSchema Schema => _rows.Schema;

    /// <summary>The names of all columns of the file, in file order, whether they are read or not.</summary>
    public ImmutableArray<string> FileColumns { get; }

    /// <summary>The rows of the file, as it says itself.</summary>
    public long RowCount => _file.FileMetaData.NumRows;

    long? ITypedReader.TotalRows => RowCount;

    /// <summary>The rows left out so far.</summary>
    public long SkippedRows => _rows.SkippedRows;

    /// <summary>Opens a file.</summary>
    /// <param name="stream">The file; copied to this machine first if it cannot seek. Disposed with the reader.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="TableFormatException">It is no Parquet file, is damaged or encrypted, or wanted columns are not there.</exception>
    public static async Task<ParquetTableReader> OpenAsync(
        Stream stream, TableReadOptions options, CancellationToken cancellationToken)
    {
        var file = await SpooledFile.SeekableAsync(stream, cancellationToken);
        try
        {
            var footer = await ParquetFooter.ReadAsync(file, options.MaxBlockBytes, cancellationToken);
            return Open(file, footer, options);
        }
        catch (Exception failure)
            when (ParquetErrors.Translate(failure, options.Name, "") is { } translated)
        {
            await file.DisposeAsync();
            throw translated;
        }
        catch
        {
            await file.DisposeAsync();
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
            throw new InvalidOperationException("A Parquet file can be read once; open it again.");
        }

        _isStarted = true;

        // The library reads synchronously; whoever waits for the first batch should not be held up by it.
        await Task.Yield();
        _rows.Skip(rowsBefore);
        var batchRows = _options.ChooseBatchRows?.Invoke(RowCount) ?? _options.BatchRows;
        for (var group = from.Segment; group < _footer.Chunks.Length; group++)
        {
            using var columns = Guard(group, () => OpenGroup(group));
            var known = group == from.Segment ? from.Offset : 0;
            for (var read = 0L; columns.RowsLeft > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (batch, count) = Guard(group, () => columns.Take(batchRows, _rows.Faults));
                read += count;
                if (read <= known)
                {
                    // Only the same steps as before find the places between batches again.
                    _rows.Skip(0);
                    continue;
                }

                var rows = _rows.Convert(batch, count);
                if (columns.RowsLeft == 0)
                {
                    Guard(group, columns.CheckEnd);
                }

                yield return new TypedStep(
                    rows, count, columns.RowsLeft == 0 ? new TablePlace(group + 1, 0) : new TablePlace(group, read));
            }

            Guard(group, columns.CheckEnd);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return _stream.DisposeAsync();
    }

    private static ParquetTableReader Open(Stream stream, ParquetFooter footer, TableReadOptions options)
    {
        using var properties = ReaderProperties.GetDefaultReaderProperties();

        // A column's chunk is read page by page then, not whole.
        properties.EnableBufferedStream();
        var file = new ParquetFileReader(new ManagedRandomAccessFile(stream, leaveOpen: true), properties);
        try
        {
            return new ParquetTableReader(stream, footer, file, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static (ImmutableArray<FileColumn> Columns, ImmutableArray<ParquetLeaf?> Leaves) ReadColumns(ParquetFileReader file)
    {
        var noted = ReadArrowSchema(file.FileMetaData);
        var schema = file.FileMetaData.Schema;
        var nodes = schema.GroupNode.Fields;
        try
        {
            var names = ColumnNames.Unique([.. nodes.Select(node => node.Name)], DelimitedTextOptions.Csv, out _);
            var columns = ImmutableArray.CreateBuilder<FileColumn>(nodes.Length);
            var leaves = ImmutableArray.CreateBuilder<ParquetLeaf?>(nodes.Length);
            var leaf = 0;
            for (var i = 0; i < nodes.Length; i++)
            {
                var arrow = noted.GetValueOrDefault(nodes[i].Name);
                columns.Add(ParquetFields.Read(names[i], nodes[i], arrow));
                leaves.Add(columns[i].Field is { } field ? new ParquetLeaf(leaf, field, ParquetFields.DurationsPerSecond(arrow)) : null);
                leaf += CountLeaves(nodes[i]);
            }

            return (columns.MoveToImmutable(), leaves.MoveToImmutable());
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Dispose();
            }
        }
    }

    private static int CountLeaves(ParquetSharp.Schema.Node node)
    {
        if (node is not ParquetSharp.Schema.GroupNode group)
        {
            return 1;
        }

        var leaves = 0;
        foreach (var child in group.Fields)
        {
            using (child)
            {
                leaves += CountLeaves(child);
            }
        }

        return leaves;
    }

    /// <summary>The columns as an Arrow library noted them when it wrote the file; none if it did not, or what is there makes no sense.</summary>
    private static Dictionary<string, ArrowField> ReadArrowSchema(FileMetaData file)
    {
        var fields = new Dictionary<string, ArrowField>(StringComparer.Ordinal);
        if (!file.KeyValueMetadata.TryGetValue(ArrowSchemaKey, out var text) || text.Length > LongestArrowSchema)
        {
            return fields;
        }

        try
        {
            // The message is framed: a mark and its length come first.
            var bytes = Convert.FromBase64String(text);
            var message = FlatTable.Root(bytes.AsMemory(Math.Min(bytes.Length, 2 * sizeof(int))));
            foreach (var field in message.Table(2) is { } header ? ArrowSchema.Read(header) : [])
            {
                fields.TryAdd(field.Name, field);
            }
        }
        catch (Exception unusable) when (unusable is FormatException or InvalidDataException or NotSupportedException)
        {
            fields.Clear();
        }

        return fields;
    }

    private ParquetRowGroup OpenGroup(int index)
    {
        ImmutableArray<ParquetLeaf> leaves = [.. _rows.Positions.Select(position => _leaves[position]!)];
        foreach (var leaf in leaves)
        {
            ParquetPages.Check(_stream, _footer.Chunks[index][leaf.Index], _options.MaxBlockBytes);
        }

        var texts = leaves.Count(leaf => leaf.Field.Type == ColumnType.String);
        var textBytes = Math.Max(FewestTextBytes, _options.BatchBytes / Math.Max(1, texts));
        return new ParquetRowGroup(_file.RowGroup(index), leaves, textBytes);
    }

    private T Guard<T>(int group, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception failure)
            when (ParquetErrors.Translate(failure, _options.Name, $"row group {group + 1} of {_footer.Chunks.Length}: ") is { } translated)
        {
            throw translated;
        }
    }
}
