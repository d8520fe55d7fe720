using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>Opens table files for reading in parts; the name says the format.</summary>
public static class TableParts
{
    private const int MostSkipped = 1 << 20;

    /// <summary>Opens a file where an earlier reader came to.</summary>
    /// <param name="path">The name that says the format.</param>
    /// <param name="open">Opens the file from a byte on.</param>
    /// <param name="options">
    /// How to read it: the same for every reader of a file. <see cref="TableReadOptions.ChooseSchema"/> must be given; bad rows are given as parts,
    /// whatever <see cref="TableReadOptions.OnBadRow"/> says.
    /// </param>
    /// <param name="from">The place to go on at; the default begins.</param>
    /// <param name="rowsBefore">The rows before it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="TableFormatException">The name says no format, the file is damaged, or wanted columns are not there.</exception>
    public static async Task<ITablePartSource> OpenAsync(
        string path,
        Func<long, CancellationToken, Task<Stream>> open,
        TableReadOptions options,
        TablePlace from,
        long rowsBefore,
        CancellationToken cancellationToken)
    {
        var kind = TableFileFormat.ForPath(path).Kind;
        if (kind == TableFileKind.DelimitedText)
        {
            return await OpenTextAsync(path, open, options, from.Offset, rowsBefore, cancellationToken);
        }

        var bad = new List<BadRow>();
        options = options with
        {
            OnBadRow = row =>
            {
                bad.Add(row);
                return BadRowAction.Skip;
            },
        };
        var stream = await open(0, cancellationToken);
        ITypedReader reader = kind switch
        {
            TableFileKind.Parquet => await ParquetTableReader.OpenAsync(stream, options, cancellationToken),
            TableFileKind.Arrow or TableFileKind.ArrowStream => await ArrowTableReader.OpenAsync(stream, options, cancellationToken),
            _ => throw new ArgumentException($"Found {path}; expected a format that is read in parts.", nameof(path)),
        };
        return new TypedPartSource(reader, bad, from, rowsBefore);
    }

    /// <summary>Opens a text that may be packed at a byte of what it unpacks to: what comes before that is unpacked and passed over.</summary>
    /// <param name="open">Opens the file from a byte on.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <param name="offset">The byte.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="TableFormatException">The packed data are damaged or cut off.</exception>
    public static async Task<Stream> OpenUnpackedAsync(
        Func<long, CancellationToken, Task<Stream>> open, string name, long offset, CancellationToken cancellationToken)
    {
        var text = await TextCompression.OpenReadAsync(await open(0, cancellationToken), name, cancellationToken);
        try
        {
            var passed = new byte[(int)Math.Min(MostSkipped, offset)];
            while (offset > 0)
            {
                var read = await text.ReadAsync(passed.AsMemory(0, (int)Math.Min(passed.Length, offset)), cancellationToken);
                if (read == 0)
                {
                    break;
                }

                offset -= read;
            }

            return text;
        }
        catch
        {
            await text.DisposeAsync();
            throw;
        }
    }

    private static async Task<ITablePartSource> OpenTextAsync(
        string path,
        Func<long, CancellationToken, Task<Stream>> open,
        TableReadOptions options,
        long offset,
        long rowsBefore,
        CancellationToken cancellationToken)
    {
        var text = options.ToDelimitedText(path) with { OnBadRow = null };
        var reader = await DelimitedBlockReader.OpenAtAsync(
            (start, token) => OpenUnpackedAsync(open, options.Name, start, token), text, offset, cancellationToken);
        try
        {
            var schema = options.ChooseSchema!(new TableSchema(
                [.. reader.FileColumns.Select(name => new TableField { Name = name, Type = ColumnType.String })]));
            return new TextPartSource(reader, text with { Schema = schema }, rowsBefore);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }
}
