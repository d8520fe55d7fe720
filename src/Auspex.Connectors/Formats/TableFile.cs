using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>Opens table files of any format for reading and writing; the name says which.</summary>
public static class TableFile
{
    /// <summary>Opens a table for reading.</summary>
    /// <param name="path">The name that says the format.</param>
    /// <param name="open">Opens the file from its beginning; may be called twice.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <returns>A source in batches. An ARFF file is read whole first.</returns>
    /// <exception cref="TableFormatException">The name says no format, the file is damaged, or wanted columns are not there.</exception>
    public static async Task<ITableSource> OpenReadAsync(
        string path, Func<CancellationToken, Task<Stream>> open, TableReadOptions options, CancellationToken cancellationToken)
    {
        var format = TableFileFormat.ForPath(path);
        switch (format.Kind)
        {
            case TableFileKind.Parquet:
                return await ParquetTableReader.OpenAsync(await open(cancellationToken), options, cancellationToken);
            case TableFileKind.Arrow or TableFileKind.ArrowStream:
                return await ArrowTableReader.OpenAsync(await open(cancellationToken), options, cancellationToken);
            case TableFileKind.Arff:
                // What is missing there is said by a question mark of its own; one in quotes is a text.
                return new TypedTableSource(
                    await ArffReader.ReadAsync(await open(cancellationToken), options.Name, cancellationToken),
                    options with { MissingMarkers = [] });
            default:
                return await OpenTextAsync(path, open, options, cancellationToken);
        }
    }

    /// <summary>Opens a file of this machine for reading.</summary>
    /// <inheritdoc cref="OpenReadAsync(string, Func{CancellationToken, Task{Stream}}, TableReadOptions, CancellationToken)"/>
    public static Task<ITableSource> OpenReadAsync(string path, TableReadOptions options, CancellationToken cancellationToken) =>
        OpenReadAsync(path, _ => Task.FromResult<Stream>(File.OpenRead(path)), options, cancellationToken);

    /// <summary>Begins a table in a format that is written batch by batch.</summary>
    /// <param name="path">The name that says the format.</param>
    /// <param name="stream">Where the bytes go; stays open. Whoever opened it makes it visible once the sink is completed and disposed.</param>
    /// <param name="schema">The schema of all batches.</param>
    /// <param name="options">How to write.</param>
    /// <exception cref="TableFormatException">The name says no format, or one that is written whole only.</exception>
    public static ITableSink OpenWrite(string path, Stream stream, TableSchema schema, TableWriteOptions options)
    {
        var format = TableFileFormat.ForPath(path);
        return format.Kind switch
        {
            TableFileKind.Parquet => new ParquetTableWriter(stream, schema, options, leaveOpen: true),
            TableFileKind.Arrow => new ArrowTableWriter(stream, schema, ArrowForm.File, options, leaveOpen: true),
            TableFileKind.ArrowStream => new ArrowTableWriter(stream, schema, ArrowForm.Stream, options, leaveOpen: true),
            TableFileKind.Arff => new ArffTableSink(stream, schema, Path.GetFileNameWithoutExtension(path)),
            _ => OpenText(path, stream, schema, options, format.Compression),
        };
    }

    private static ITableSink OpenText(
        string path, Stream stream, TableSchema schema, TableWriteOptions options, FileCompression compression)
    {
        var text = DelimitedTextWriterOptions.ForPath(path) with { Name = options.Name };
        return compression == FileCompression.None
            ? new DelimitedTextWriter(stream, schema, text, leaveOpen: true)
            : new PackedTextSink(stream, TextCompression.OpenWrite(stream, compression, options.Level, leaveOpen: true), schema, text);
    }

    /// <summary>Opens delimited text for reading, packed or not, whatever its name says; the name still tells delimiter and header.</summary>
    /// <inheritdoc cref="OpenReadAsync(string, Func{CancellationToken, Task{Stream}}, TableReadOptions, CancellationToken)"/>
    public static async Task<ITableSource> OpenTextAsync(
        string path, Func<CancellationToken, Task<Stream>> open, TableReadOptions options, CancellationToken cancellationToken)
    {
        async Task<Stream> Unpacked(long offset, CancellationToken token) =>
            await TextCompression.OpenReadAsync(await open(token), options.Name, token);

        if (options.ChooseSchema is { } choose)
        {
            await using var header = await DelimitedTextReader.OpenAsync(
                Unpacked,
                options.ToDelimitedText(path) with { InferenceRows = 0, OnBadRow = _ => BadRowAction.Skip },
                cancellationToken);
            options = options with
            {
                ChooseSchema = null,
                Schema = choose(new TableSchema(
                    [.. header.FileColumns.Select(name => new TableField { Name = name, Type = ColumnType.String })])),
            };
        }

        return new PackedTextSource(
            await DelimitedTextReader.OpenAsync(Unpacked, options.ToDelimitedText(path), cancellationToken), options.Name);
    }
}
