using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>Reads one cell of a request: text, number, boolean or null, whatever the column's type is.</summary>
internal sealed class CellReader
{
    private byte[] _scratch = [];

    /// <summary>
    /// Appends the cell at which the reader stands. Null, empty text and NaN are missing values, as an empty field of a
    /// CSV file is. False, with nothing appended, when it is no value of the type.
    /// </summary>
    public bool TryAppend(ref Utf8JsonReader reader, ColumnType type, ColumnBuilder column)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                column.AppendNull();
                return true;
            case JsonTokenType.Number:
                return column.TryAppendText(reader.ValueSpan);
            case JsonTokenType.True:
                return column.TryAppendText(IsNumber(type) ? "1"u8 : "True"u8);
            case JsonTokenType.False:
                return column.TryAppendText(IsNumber(type) ? "0"u8 : "False"u8);
            case JsonTokenType.String:
                return TryAppendText(ReadText(ref reader), type, column);
            default:
                return false;
        }
    }

    private static bool TryAppendText(ReadOnlySpan<byte> text, ColumnType type, ColumnBuilder column)
    {
        if (text.IsEmpty || (type != ColumnType.String && IsMissing(text)))
        {
            column.AppendNull();
            return true;
        }

        return column.TryAppendText(text);
    }

    private static bool IsMissing(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t"u8);
        return text.IsEmpty || text.SequenceEqual("NaN"u8) || text.SequenceEqual("NaT"u8);
    }

    private static bool IsNumber(ColumnType type) => type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double;

    private ReadOnlySpan<byte> ReadText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (_scratch.Length < reader.ValueSpan.Length)
        {
            _scratch = new byte[Math.Max(256, reader.ValueSpan.Length)];
        }

        return _scratch.AsSpan(0, reader.CopyString(_scratch));
    }
}
