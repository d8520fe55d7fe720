using System.Text.Unicode;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

public sealed partial class DelimitedTextReader
{
    /// <summary>Takes rows out of the buffer until a batch is full (<see cref="ScanStatus.Record"/>) or none is left there.</summary>
    private ScanStatus ReadRows()
    {
        while (true)
        {
            var status = _cursor.Next();
            if (status != ScanStatus.Record)
            {
                return status;
            }

            _row++;
            if (FindFault() is { } fault)
            {
                Refuse(fault);
                continue;
            }

            if (!TryAppendRow(out var column))
            {
                _rows.RollBackRow();
                Refuse(WrongType(column));
                continue;
            }

            _rows.CompleteRow();
            _records?.Add(_cursor.Record);
            _batchBytes += _cursor.Record.Length;
            if (_rows.RowCount >= _options.BatchRows || _batchBytes >= _options.BatchBytes)
            {
                _batchBytes = 0;
                return ScanStatus.Record;
            }
        }
    }

    private bool TryAppendRow(out int failedColumn)
    {
        var builders = _rows.Columns;
        var fields = _binding.Fields.AsSpan();
        for (var i = 0; i < builders.Length; i++)
        {
            var text = _cursor.Field(fields[i], out var isQuoted);
            var builder = builders[i];
            if (text.IsEmpty)
            {
                if (isQuoted && _options.QuotedEmptyIsText && builder is StringColumnBuilder strings)
                {
                    strings.AppendUtf8(default);
                }
                else
                {
                    builder.AppendNull();
                }
            }
            else if (_markers.Length > 0 && IsMissing(text))
            {
                builder.AppendNull();
            }
            else if (!builder.TryAppendText(text) && !TryAppendMissing(builder, text))
            {
                failedColumn = i;
                return false;
            }
        }

        failedColumn = -1;
        return true;
    }

    /// <summary>Blanks are a missing value wherever they cannot be a text; so is a level that the column does not have.</summary>
    private static bool TryAppendMissing(ColumnBuilder builder, ReadOnlySpan<byte> text)
    {
        if (builder is not CategoryColumnBuilder && !CellParser.Trim(text).IsEmpty)
        {
            return false;
        }

        builder.AppendNull();
        return true;
    }

    private bool IsMissing(ReadOnlySpan<byte> text) => IsMarker(text, _markers);

    private static bool IsMarker(ReadOnlySpan<byte> text, byte[][] markers)
    {
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

    private Fault? FindFault() => FindFault(_cursor, FileColumns.Length);

    private static Fault? FindFault(RecordCursor cursor, int columns) => cursor switch
    {
        { Fault: RecordFault.QuoteNotClosed } => new Fault(
            ErrorCode.BrokenQuotes, "found a quoted field that does not end; expected its closing quote. A quote inside a field is doubled."),
        { Fault: RecordFault.TextAfterQuote } => new Fault(
            ErrorCode.BrokenQuotes, "found text after a closing quote; expected a delimiter or a line end. A quote inside a field is doubled."),
        { Fault: RecordFault.TooLong } => new Fault(
            ErrorCode.BrokenQuotes, "found a row longer than the longest allowed; most often a closing quote is missing."),
        { MayHoldZeros: true } when cursor.Record.Contains((byte)0) => new Fault(
            ErrorCode.InvalidText, "found a zero byte; expected text. A file in UTF-16 without a mark must be given its encoding."),
        { MayHoldNonAscii: true } when !Utf8.IsValid(cursor.Record) => new Fault(
            ErrorCode.InvalidText, "found bytes that are no UTF-8; save the file as UTF-8, or name the encoding that it was written in."),
        _ when cursor.FieldCount != columns => new Fault(
            ErrorCode.RaggedRow, $"found {cursor.FieldCount} fields; expected {columns}, as many as there are columns."),
        _ => null,
    };

    private Fault WrongType(int column)
    {
        var field = Schema.Fields[column];
        var cause = _binding.IsInferred[column]
            ? $" The type was inferred from the first {_options.InferenceRows} rows; give the column's type, or infer from the whole file."
            : "";
        return new Fault(
            ErrorCode.WrongCellType, $"column '{field.Name}': found text that is no {field.Type}.{cause}", field.Name);
    }

    private void Refuse(Fault fault)
    {
        var location = new TableLocation(_row, _cursor.RecordOffset, fault.Column);
        var message = $"{_options.Name}: row {location.Row} (byte {location.Offset}): {fault.Message}";
        if (_options.OnBadRow?.Invoke(new BadRow(fault.Code, message, location, _cursor.RecordMemory)) != BadRowAction.Skip)
        {
            throw new TableFormatException(fault.Code, message, location);
        }

        SkippedRows++;
    }

    private sealed record Fault(ErrorCode Code, string Message, string? Column = null);
}
