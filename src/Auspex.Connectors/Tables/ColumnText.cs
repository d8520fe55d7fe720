using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Auspex.Connectors.Tables;

/// <summary>How numbers and dates become text.</summary>
public enum CellFormat
{
    /// <summary>For files: the shortest number that reads back as the same bits, dates as ISO 8601.</summary>
    File,

    /// <summary>For request-response: numbers of at most 15 significant digits, dates as <c>5/30/2010 6:09:00 PM</c>.</summary>
    Wire,
}

/// <summary>Cells as text, in invariant culture: booleans as <c>True</c> and <c>False</c>, durations as <c>[-][d.]hh:mm:ss[.fffffff]</c>.</summary>
public static class ColumnText
{
    /// <summary>The bytes that any cell but text and categories needs at most.</summary>
    public const int ScratchSize = 64;

    /// <summary>
    /// The text of a cell as UTF-8, without allocating: it lies in the column's own bytes or in <paramref name="scratch"/>.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="row">From 0.</param>
    /// <param name="format">How numbers and dates are written.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> bytes; overwritten.</param>
    /// <param name="utf8">The text; empty when the value is missing.</param>
    /// <returns>False when the value is missing.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryGetUtf8(
        Column column, int row, CellFormat format, Span<byte> scratch, out ReadOnlySpan<byte> utf8)
    {
        if (column.IsNull(row))
        {
            utf8 = default;
            return false;
        }

        utf8 = column switch
        {
            StringColumn text => text.Bytes(row),
            DoubleColumn numbers => scratch[..Write(numbers.Values[row], format, scratch)],
            Int64Column numbers => scratch[..Write(numbers.Values[row], scratch)],
            CategoryColumn categories => categories.Domain.Utf8(categories.Values[row]),
            BooleanColumn booleans => booleans.Values[row] ? "True"u8 : "False"u8,
            DateTimeColumn times => scratch[..WriteDateTime(times.Values[row], format, scratch)],
            TimeSpanColumn durations => scratch[..WriteTimeSpan(durations.Values[row], scratch)],
            _ => throw new ArgumentException($"Not a kind of column: {column.GetType().Name}.", nameof(column)),
        };
        return true;
    }

    /// <summary>The text of a cell; null when the value is missing. Allocates.</summary>
    public static string? Text(Column column, int row, CellFormat format)
    {
        Span<byte> scratch = stackalloc byte[ScratchSize];
        return TryGetUtf8(column, row, format, scratch, out var utf8) ? Encoding.UTF8.GetString(utf8) : null;
    }

    /// <summary>A whole column as text; missing values stay missing.</summary>
    public static StringColumn ToText(Column column, CellFormat format)
    {
        if (column is StringColumn already)
        {
            return already;
        }

        var builder = new StringColumnBuilder(column.Length);
        Span<byte> scratch = stackalloc byte[ScratchSize];
        for (var row = 0; row < column.Length; row++)
        {
            if (TryGetUtf8(column, row, format, scratch, out var utf8))
            {
                builder.AppendUtf8(utf8);
            }
            else
            {
                builder.AppendNull();
            }
        }

        return (StringColumn)builder.Build();
    }

    /// <summary>
    /// A whole column as another type, by way of its text. Empty and missing texts become missing, except that empty text stays
    /// in a text column.
    /// </summary>
    /// <param name="column">Any column.</param>
    /// <param name="field">What the column is to become.</param>
    /// <param name="failedRow">The first row whose text means no value of the type, from 0; -1 when there is none.</param>
    /// <returns>Null when a row failed.</returns>
    public static Column? Convert(Column column, TableField field, out int failedRow)
    {
        var builder = ColumnBuilder.For(field, column.Length);
        Span<byte> scratch = stackalloc byte[ScratchSize];
        for (var row = 0; row < column.Length; row++)
        {
            if (!TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8)
                || (utf8.IsEmpty && builder is not StringColumnBuilder))
            {
                builder.AppendNull();
            }
            else if (!builder.TryAppendText(utf8))
            {
                failedRow = row;
                return null;
            }
        }

        failedRow = -1;
        return builder.Build();
    }

    /// <summary>Writes a number; gives the number of bytes.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="utf8">At least <see cref="ScratchSize"/> bytes; those behind the text may be overwritten.</param>
    public static int Write(double value, CellFormat format, Span<byte> utf8) => NumberText.Write(value, format, utf8);

    /// <summary>Writes a whole number; gives the number of bytes.</summary>
    public static int Write(long value, Span<byte> utf8)
    {
        // The runtime's own is as fast as anything tried in its place.
        value.TryFormat(utf8, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>Writes a date and time given in ticks, the fraction of a second only where there is one; gives the number of bytes.</summary>
    public static int WriteDateTime(long ticks, CellFormat format, Span<byte> utf8)
    {
        var pattern = (format, ticks % TimeSpan.TicksPerSecond) switch
        {
            (CellFormat.Wire, _) => "M/d/yyyy h:mm:ss tt",
            (_, 0) => "yyyy-MM-ddTHH:mm:ss",
            _ => "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
        };
        new DateTime(ticks).TryFormat(utf8, out var written, pattern, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>Writes a duration given in ticks; gives the number of bytes.</summary>
    public static int WriteTimeSpan(long ticks, Span<byte> utf8)
    {
        new TimeSpan(ticks).TryFormat(utf8, out var written, "c", CultureInfo.InvariantCulture);
        return written;
    }
}
