using System.Collections.Immutable;

namespace Auspex.Connectors.Formats;

/// <summary>How a file falls into parts that can be read side by side.</summary>
/// <param name="Columns">The names of the file's columns.</param>
/// <param name="Parts">
/// In file order, together all rows; fewer than asked for when the file is short. Empty when the file's encoding does not
/// allow reading from the middle: then it can only be read whole.
/// </param>
/// <param name="Rows">How many rows there are, bad ones included.</param>
public sealed record FileSplit(ImmutableArray<string> Columns, ImmutableArray<FilePart> Parts, long Rows);

/// <summary>Splits delimited text at record boundaries, quotes respected, in one pass over the file.</summary>
public static class RecordBoundaries
{
    /// <summary>Finds parts of about the same number of bytes.</summary>
    /// <param name="stream">Begins with the file; disposed.</param>
    /// <param name="length">The file's bytes; decides where parts should end.</param>
    /// <param name="parts">How many parts are wanted; 1 or more.</param>
    /// <param name="options">How the file is read; the same must be used to read the parts.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    /// <exception cref="TableFormatException">The header is missing or broken.</exception>
    public static async Task<FileSplit> FindAsync(
        Stream stream, long length, int parts, DelimitedTextOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var opened = await DelimitedTextReader.OpenFileAsync(
            stream, options with { Part = null }, leaveOpen: false, cancellationToken);
        await using var cursor = opened.Cursor;

        var dataStart = cursor.NextOffset;
        var found = ImmutableArray.CreateBuilder<FilePart>(parts);
        var partStart = dataStart;
        var firstRow = 1L;
        var rows = 0L;
        var targetIndex = 1L;
        var target = Target(targetIndex);
        while (true)
        {
            var status = cursor.Next();
            if (status == ScanStatus.NeedMore)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await cursor.FillAsync(cancellationToken);
                continue;
            }

            if (status == ScanStatus.End)
            {
                break;
            }

            rows++;
            if (found.Count == parts - 1 || cursor.NextOffset < target || !cursor.IsAtBoundary)
            {
                continue;
            }

            Close();
            while (targetIndex < parts && cursor.NextOffset >= target)
            {
                target = Target(++targetIndex);
            }
        }

        if (rows >= firstRow)
        {
            Close();
        }

        return new FileSplit(opened.Columns, opened.IsUtf8 ? found.ToImmutable() : [], rows);

        long Target(long index) => dataStart + (long)((Int128)Math.Max(length - dataStart, 0) * index / parts);

        void Close()
        {
            found.Add(new FilePart(opened.Columns, partStart, cursor.NextOffset, firstRow, rows - firstRow + 1));
            partStart = cursor.NextOffset;
            firstRow = rows + 1;
        }
    }
}
