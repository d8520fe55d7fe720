using Auspex.Connectors.Formats;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>What is wrong with a file or its rows before any cell is looked at.</summary>
internal static class RowRules
{
    /// <summary>Whether the bytes can be text of columns; if not, that is reported.</summary>
    public static bool CheckBytes(SampleBytes bytes, DelimitedTextOptions options, DifferenceList found)
    {
        var expected = $"text in {(string.IsNullOrEmpty(options.EncodingName) ? "UTF-8" : options.EncodingName)}";
        if (bytes.OtherFormat() is { } format)
        {
            found.Error(
                ErrorCode.ContractTextUnreadable, null, $"{format}, by its first bytes", expected, "Give the table as delimited text.");
            return false;
        }

        if (bytes.IsUnmarkedUtf16())
        {
            found.Error(
                ErrorCode.ContractTextUnreadable,
                null,
                "a zero in nearly every second byte: text in UTF-16 without a byte-order mark",
                expected,
                "Save the file as UTF-8, or as UTF-16 with a byte-order mark.");
            return false;
        }

        if (bytes.Text.IsEmpty && !bytes.IsWhole)
        {
            found.Error(
                ErrorCode.ContractRowsUnreadable,
                null,
                $"no line end in the first {bytes.BytesRead >> 20} MiB",
                "rows that end with a line end",
                "Check that the file is delimited text.");
            return false;
        }

        return true;
    }

    /// <summary>Reports a header that cannot be read, or text that breaks off in its encoding.</summary>
    public static void AddUnreadable(TableFormatException exception, DifferenceList found)
    {
        var (code, problem, expected, remedy) = exception.Code.Value switch
        {
            var value when value == ErrorCode.NoHeader.Value => (
                ErrorCode.ContractNoRows, "an empty file", "a header row with the columns' names, and rows", "Check that the file was written to its end."),
            var value when value == ErrorCode.InvalidText.Value => (
                ErrorCode.ContractTextUnreadable,
                exception.Location is null ? "bytes that are no text in the file's encoding" : "a header with zeros or with bytes that are no UTF-8",
                "text",
                "Save the file as UTF-8, or as UTF-16 with a byte-order mark."),
            var value when value == ErrorCode.BrokenQuotes.Value => (
                ErrorCode.ContractRowsUnreadable,
                "a header with a quote that is not closed, or text after one that is",
                "names without quotes, or within a pair of them",
                "Mend the header's quotes."),
            _ => (ErrorCode.ContractRowsUnreadable, "a header that cannot be read", "the columns' names", exception.Message),
        };
        found.Error(code, null, problem, expected, remedy);
    }

    /// <summary>Rows: none, unreadable ones, headers among them.</summary>
    public static void Check(InputSample sample, DifferenceList found)
    {
        var rows = sample.Rows;
        if (rows == 0 && sample.IsWhole)
        {
            found.Warn(
                ErrorCode.ContractNoRows,
                null,
                sample.Delimiter is null ? "no rows" : "a header and no rows",
                "rows",
                "Check that the input was written to its end. Scoring it gives a table without rows.");
        }

        if (sample.HeaderRepeats is { Count: > 0 } repeats)
        {
            found.AddRows(
                ErrorCode.ContractHeaderRepeated,
                isError: false,
                null,
                $"the header again as a row: {repeats.Of(rows, "rows")}",
                "the header once, at the start",
                "Remove these rows; files that are put one after the other bring them.",
                repeats,
                rows);
        }

        Hits text = default, shape = default, quotes = default;
        foreach (var (row, code) in sample.Faults)
        {
            ref var hits = ref shape;
            if (code == ErrorCode.InvalidText)
            {
                hits = ref text;
            }
            else if (code == ErrorCode.BrokenQuotes)
            {
                hits = ref quotes;
            }

            hits.Add(row);
        }

        var isAll = sample.Faults.Length > 0 && sample.Faults.Length == rows;
        if (text.Count > 0)
        {
            found.AddRows(
                ErrorCode.ContractTextUnreadable,
                isAll,
                null,
                $"bytes that are no UTF-8, or zeros: {text.Of(rows, "rows")}",
                "text in UTF-8",
                "Save the file as UTF-8; it was probably written in a national encoding.",
                text,
                rows);
        }

        if (shape.Count > 0)
        {
            found.AddRows(
                ErrorCode.ContractRowsUnreadable,
                isAll,
                null,
                $"more or fewer fields than the header's {sample.Columns.Length}: {shape.Of(rows, "rows")}",
                $"{sample.Columns.Length} fields in every row",
                "Put fields that hold the delimiter in quotes, and see that no row is cut off.",
                shape,
                rows);
        }

        if (quotes.Count > 0)
        {
            found.AddRows(
                ErrorCode.ContractRowsUnreadable,
                isAll,
                null,
                $"quotes that do not fit, or too long a row: {quotes.Of(rows, "rows")}",
                "a quoted field that ends where its quotes end",
                "Double a quote inside a quoted field.",
                quotes,
                rows);
        }
    }
}
