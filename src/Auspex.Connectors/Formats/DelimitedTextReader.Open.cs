using System.Collections.Immutable;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

public sealed partial class DelimitedTextReader
{
    // Enough for types to show themselves; keeps inference from holding much more than a batch does.
    private const int MostSampledBytes = 16 << 20;

    /// <summary>Opens a file that may have to be read twice.</summary>
    /// <param name="open">Opens the file from a byte on; called with 0, or with the part's start.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="TableFormatException">The header is missing or broken, or wanted columns are not there.</exception>
    public static async Task<DelimitedTextReader> OpenAsync(
        Func<long, CancellationToken, Task<Stream>> open, DelimitedTextOptions options, CancellationToken cancellationToken)
    {
        var start = options.Part?.Start ?? 0;
        if (options.InferenceRows != DelimitedTextOptions.WholeFile)
        {
            return await OpenOnceAsync(await open(start, cancellationToken), options, null, cancellationToken);
        }

        var types = await InferAllAsync(await open(start, cancellationToken), options, leaveOpen: false, cancellationToken);
        return await OpenOnceAsync(await open(start, cancellationToken), options, types, cancellationToken);
    }

    /// <summary>Opens a stream that begins with the file, or with the part of it to read; it is disposed with the reader.</summary>
    /// <param name="stream">Must be able to seek when types are inferred from the whole file.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="TableFormatException">The header is missing or broken, or wanted columns are not there.</exception>
    public static async Task<DelimitedTextReader> OpenAsync(
        Stream stream, DelimitedTextOptions options, CancellationToken cancellationToken)
    {
        ColumnBinding? types = null;
        if (options.InferenceRows == DelimitedTextOptions.WholeFile)
        {
            if (!stream.CanSeek)
            {
                throw new ArgumentException(
                    "Types can be inferred from the whole file only if its stream can seek, or can be opened twice.", nameof(stream));
            }

            var start = stream.Position;
            types = await InferAllAsync(stream, options, leaveOpen: true, cancellationToken);
            stream.Position = start;
        }

        return await OpenOnceAsync(stream, options, types, cancellationToken);
    }

    private static async Task<DelimitedTextReader> OpenOnceAsync(
        Stream stream, DelimitedTextOptions options, ColumnBinding? types, CancellationToken cancellationToken)
    {
        var opened = await OpenFileAsync(stream, options, leaveOpen: false, cancellationToken);
        try
        {
            var binding = types ?? ColumnBinding.Of(opened.Columns, options);
            if (types is null && !options.AllText && binding.IsInferred.Contains(true))
            {
                opened.Cursor.Mark();
                binding = await InferAsync(opened, binding, options, MostSampledBytes, cancellationToken);
                opened.Cursor.Rewind();
            }

            return new DelimitedTextReader(opened, binding, options);
        }
        catch
        {
            await opened.Cursor.DisposeAsync();
            throw;
        }
    }

    private static async Task<ColumnBinding?> InferAllAsync(
        Stream stream, DelimitedTextOptions options, bool leaveOpen, CancellationToken cancellationToken)
    {
        var opened = await OpenFileAsync(stream, options, leaveOpen, cancellationToken);
        await using (opened.Cursor)
        {
            var binding = ColumnBinding.Of(opened.Columns, options);
            return binding.IsInferred.Contains(true)
                ? await InferAsync(opened, binding, options, long.MaxValue, cancellationToken)
                : binding;
        }
    }

    private static async Task<ColumnBinding> InferAsync(
        Opened opened, ColumnBinding binding, DelimitedTextOptions options, long mostBytes, CancellationToken cancellationToken)
    {
        var cursor = opened.Cursor;
        var first = cursor.NextOffset;
        var inferences = new TypeInference[binding.Fields.Length];
        var markers = CellAppender.Encode(options);
        for (var rows = 0; rows < options.InferenceRows && cursor.NextOffset - first < mostBytes;)
        {
            var status = cursor.Next();
            if (status == ScanStatus.End)
            {
                break;
            }

            if (status == ScanStatus.NeedMore)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await cursor.FillAsync(cancellationToken);
            }
            else
            {
                rows++;
                AddRow(cursor.Walker, opened.Columns.Length, binding, inferences, markers);
            }
        }

        return binding.With(inferences);
    }

    /// <summary>Bad rows say nothing about types; they are reported when they are read.</summary>
    private static void AddRow(
        RecordWalker walker, int columns, ColumnBinding binding, TypeInference[] inferences, byte[][] markers)
    {
        if (RowFault.Find(walker, columns) is not null)
        {
            return;
        }

        for (var i = 0; i < inferences.Length; i++)
        {
            if (!binding.IsInferred[i])
            {
                continue;
            }

            var text = walker.Field(binding.Fields[i], out _);
            if (!Tables.CellParser.Trim(text).IsEmpty && !CellAppender.IsMarker(text, markers))
            {
                inferences[i].Add(text);
            }
        }
    }

    /// <summary>Decodes a file and reads what stands before its first row.</summary>
    internal static async Task<Opened> OpenFileAsync(
        Stream stream, DelimitedTextOptions options, bool leaveOpen, CancellationToken cancellationToken)
    {
        var dialect = new Dialect(options.Delimiter, options.Quote, options.Escape);
        if (options.Part is { } part)
        {
            var inside = new RecordCursor(
                stream, dialect, part.Start, part.End - part.Start, options.LongestRecord, options.Name, leaveOpen);
            return new Opened(inside, part.Columns, [], true, []);
        }

        var decoded = await TextEncodings.DecodeAsync(stream, options.EncodingName, options.Name, cancellationToken);
        var cursor = new RecordCursor(
            decoded.Utf8, dialect, decoded.MarkLength, long.MaxValue, options.LongestRecord, options.Name, leaveOpen);
        try
        {
            for (var line = 0; line < options.SkipLines; line++)
            {
                while (!cursor.TrySkipLine())
                {
                    await cursor.FillAsync(cancellationToken);
                }
            }

            return options.HasHeader
                ? await ReadHeaderAsync(cursor, decoded.IsUtf8, options, cancellationToken)
                : await CountColumnsAsync(cursor, decoded.IsUtf8, options, cancellationToken);
        }
        catch
        {
            await cursor.DisposeAsync();
            throw;
        }
    }

    private static async Task<Opened> ReadHeaderAsync(
        RecordCursor cursor, bool isUtf8, DelimitedTextOptions options, CancellationToken cancellationToken)
    {
        if (await NextAsync(cursor, cancellationToken) == ScanStatus.End)
        {
            throw new TableFormatException(
                ErrorCode.NoHeader, $"{options.Name}: found an empty file; expected a header row with the columns' names.");
        }

        if (RowFault.Find(cursor.Walker, cursor.Walker.FieldCount) is { } fault)
        {
            throw new TableFormatException(
                fault.Code, $"{options.Name}: header: {fault.Message}", new TableLocation(0, cursor.RecordOffset));
        }

        var record = cursor.Walker.Record.ToArray();
        var columns = ColumnNames.FromHeader(cursor.Walker, options, out var renames);
        return new Opened(cursor, columns, renames, isUtf8, record);
    }

    private static async Task<Opened> CountColumnsAsync(
        RecordCursor cursor, bool isUtf8, DelimitedTextOptions options, CancellationToken cancellationToken)
    {
        var wanted = options.Schema?.Fields.Length ?? 0;
        cursor.Mark();
        var isEmpty = await NextAsync(cursor, cancellationToken) == ScanStatus.End;
        var count = isEmpty ? wanted : cursor.Walker.FieldCount;
        if (isEmpty && options.Schema is null)
        {
            throw new TableFormatException(
                ErrorCode.NoHeader, $"{options.Name}: found an empty file; expected at least a row to count columns by.");
        }

        if (count < wanted && cursor.Walker.Fault == RecordFault.None)
        {
            throw new TableFormatException(
                ErrorCode.MissingColumn, $"{options.Name}: found {count} columns in the first row; expected at least {wanted}.");
        }

        cursor.Rewind();
        return new Opened(cursor, ColumnNames.Generate(options, Math.Max(count, wanted)), [], isUtf8, []);
    }

    private static async Task<ScanStatus> NextAsync(RecordCursor cursor, CancellationToken cancellationToken)
    {
        ScanStatus status;
        while ((status = cursor.Next()) == ScanStatus.NeedMore)
        {
            await cursor.FillAsync(cancellationToken);
        }

        return status;
    }

    /// <summary>A file whose first row is next.</summary>
    internal sealed record Opened(
        RecordCursor Cursor, ImmutableArray<string> Columns, ImmutableArray<string> Renames, bool IsUtf8, byte[] HeaderRecord);
}
