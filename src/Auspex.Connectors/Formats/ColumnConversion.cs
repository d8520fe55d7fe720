using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Turns a column that has a type into one of another type, as a delimited text with the same values would be read.</summary>
internal static class ColumnConversion
{
    /// <summary>Converts a column; cells that are no value of the wanted type become missing and are noted.</summary>
    /// <param name="column">The column as the file has it.</param>
    /// <param name="from">Its field in the file.</param>
    /// <param name="to">The field it is to have.</param>
    /// <param name="isWanted">Whether somebody asked for that field; else it is the file's own.</param>
    /// <param name="markers">Texts that mean a missing value.</param>
    /// <param name="faults">Where cells without a value are noted.</param>
    public static Column Convert(
        Column column, TableField from, TableField to, bool isWanted, byte[][] markers, CellFaults faults)
    {
        var isText = column is StringColumn or CategoryColumn;
        if (!(isText && markers.Length > 0))
        {
            switch (column)
            {
                case CategoryColumn categories when to.Categories is { } domain && categories.Domain.Equals(domain):
                case not CategoryColumn when from.Categories is null && to.Categories is null && from.Type == to.Type:
                case Int64Column when to is { Categories: null, Type: ColumnType.Int64 }:
                    return column;
                case Int64Column integers when to is { Categories: null, Type: ColumnType.Double }:
                    return Widen(integers);
            }
        }

        return ByText(column, to, isWanted, markers, faults);
    }

    private static DoubleColumn Widen(Int64Column integers)
    {
        var numbers = new double[integers.Length];
        var values = integers.Values;
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = values[row];
        }

        return new DoubleColumn(numbers, numbers.Length, integers.Validity);
    }

    private static Column ByText(Column column, TableField to, bool isWanted, byte[][] markers, CellFaults faults)
    {
        var builder = ColumnBuilder.For(to, column.Length);
        var isText = column is StringColumn or CategoryColumn;
        Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
        for (var row = 0; row < column.Length; row++)
        {
            // A row at fault already may hold what has no text, such as a date outside the calendar.
            if (faults.ByRow.ContainsKey(row)
                || !ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8)
                || (isText && IsMarker(utf8, markers)))
            {
                builder.AppendNull();
                continue;
            }

            if (builder.TryAppendText(utf8))
            {
                continue;
            }

            builder.AppendNull();
            if (builder is CategoryColumnBuilder)
            {
                if (!isWanted)
                {
                    faults.Add(row, ErrorCode.WrongCellType, to.Name, "found a value that is none of the levels known before the first row. Ask for the column as text");
                }
            }
            else if (!CellParser.Trim(utf8).IsEmpty)
            {
                faults.Add(row, ErrorCode.WrongCellType, to.Name, $"found a value that is no {to.Type}");
            }
        }

        return builder.Build();
    }

    private static bool IsMarker(ReadOnlySpan<byte> text, byte[][] markers)
    {
        if (markers.Length == 0)
        {
            return false;
        }

        var trimmed = CellParser.Trim(text);
        foreach (var marker in markers)
        {
            if (trimmed.SequenceEqual(marker))
            {
                return true;
            }
        }

        return false;
    }
}
