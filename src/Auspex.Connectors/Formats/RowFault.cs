using System.Text.Unicode;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>What is wrong with a row, in words that hold no value of it.</summary>
internal sealed record RowFault(ErrorCode Code, string Message, string? Column = null)
{
    private static readonly RowFault QuoteNotClosed = new(
        ErrorCode.BrokenQuotes,
        "found a quoted field that does not end; expected its closing quote. A quote inside a field is doubled.");

    private static readonly RowFault TextAfterQuote = new(
        ErrorCode.BrokenQuotes,
        "found text after a closing quote; expected a delimiter or a line end. A quote inside a field is doubled.");

    public static readonly RowFault TooLong = new(
        ErrorCode.BrokenQuotes, "found a row longer than MaxRecordBytes, the longest allowed (16 MiB unless set otherwise). Most often a closing quote is missing; where the row is right, allow longer ones.");

    private static readonly RowFault ZeroByte = new(
        ErrorCode.InvalidText, "found a zero byte; expected text. A file in UTF-16 without a mark must be given its encoding.");

    private static readonly RowFault NoUtf8 = new(
        ErrorCode.InvalidText, "found bytes that are no UTF-8; save the file as UTF-8, or name the encoding that it was written in.");

    /// <summary>What is wrong with the current record as such; null when its cells can be looked at.</summary>
    /// <param name="walker">Stands at the record.</param>
    /// <param name="columns">Columns of the file.</param>
    public static RowFault? Find(RecordWalker walker, int columns) => walker switch
    {
        { Fault: RecordFault.QuoteNotClosed } => QuoteNotClosed,
        { Fault: RecordFault.TextAfterQuote } => TextAfterQuote,
        { Fault: RecordFault.TooLong } => TooLong,
        { MayHoldZeros: true } when walker.Record.Contains((byte)0) => ZeroByte,
        { MayHoldNonAscii: true } when !Utf8.IsValid(walker.Record) => NoUtf8,
        _ when walker.FieldCount != columns => Ragged(walker.FieldCount, columns),
        _ => null,
    };

    public static RowFault Ragged(int found, int columns) => new(
        ErrorCode.RaggedRow, $"found {found} fields; expected {columns}, as many as there are columns.");

    /// <summary>The row as whoever decides about it sees it.</summary>
    /// <param name="name">The file.</param>
    /// <param name="row">From 1.</param>
    /// <param name="offset">The byte of the text at which the row begins.</param>
    /// <param name="record">The row's bytes.</param>
    public BadRow At(string name, long row, long offset, ReadOnlyMemory<byte> record) => new(
        Code, $"{name}: row {row} (byte {offset}): {Message}", Message, new TableLocation(row, offset, Column), record);
}
