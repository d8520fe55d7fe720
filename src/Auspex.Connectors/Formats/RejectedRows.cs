using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Decides about the bad rows of a job by its policy, counts them, and writes the quarantined ones as the text of a rejects
/// file: a row each with number, place, reason and the record itself. Not thread-safe.
/// </summary>
/// <remarks>
/// The file is comma-separated with the columns of <see cref="Header"/>. Its first row, of row number 0, holds the input's
/// header and file name: with them the file is all that is needed to score the mended records. A record that is no UTF-8
/// stands in base64 after <see cref="Base64Prefix"/>.
/// </remarks>
public sealed class RejectedRows
{
    /// <summary>The column names of a rejects file.</summary>
    public const string Header = "Reject,Row,Offset,Column,Reason,Record";

    /// <summary>Stands before a record that is no text.</summary>
    public const string Base64Prefix = "base64:";

    private readonly string _name;
    private readonly BadRowPolicy _policy;
    private readonly DelimitedTextEncoder _text = new(DelimitedTextWriterOptions.Csv with { QuoteAllText = true });

    /// <summary>Begins, or goes on after a crash.</summary>
    /// <param name="name">The input in messages.</param>
    /// <param name="policy">What becomes of bad rows.</param>
    /// <param name="count">How many there were already.</param>
    /// <param name="firstProblem">What was wrong with the first of those; null for none.</param>
    public RejectedRows(string name, BadRowPolicy policy, long count = 0, string? firstProblem = null)
    {
        _name = name;
        _policy = policy;
        Count = count;
        FirstProblem = firstProblem;
    }

    /// <summary>How many rows were left out.</summary>
    public long Count { get; private set; }

    /// <summary>What was wrong with the first, and where; null when there is none. Holds no value.</summary>
    public string? FirstProblem { get; private set; }

    /// <summary>The text of quarantined rows that was not taken yet.</summary>
    public ReadOnlyMemory<byte> Pending => _text.Written;

    /// <summary>Forgets the pending text, once it is written.</summary>
    public void ClearPending() => _text.Clear();

    /// <summary>The file name of the rejects of an output.</summary>
    public static string PathFor(string output) => output + ".rejects.csv";

    /// <summary>The name under which an input's records are read again: they are text, whatever the file was.</summary>
    public static string RecordName(string inputPath) => TableFileFormat.Find(inputPath) switch
    {
        { Kind: TableFileKind.DelimitedText, IsPlainText: false } => Path.GetFileNameWithoutExtension(inputPath),
        null or { Kind: TableFileKind.DelimitedText } => Path.GetFileName(inputPath),
        _ => Path.GetFileName(inputPath) + ".csv",
    };

    /// <summary>The header of records that come from columns and no text.</summary>
    public static byte[] HeaderOf(IEnumerable<string> columns, DelimitedTextOptions records)
    {
        var text = new DelimitedTextEncoder(DelimitedTextWriterOptions.Csv with { Delimiter = records.Delimiter });
        var names = columns.ToList();
        for (var i = 0; i < names.Count; i++)
        {
            text.WriteDelimiter(i);
            text.WriteText(Encoding.UTF8.GetBytes(names[i]));
        }

        return text.Written.ToArray();
    }

    /// <summary>What a rejects file begins with.</summary>
    /// <param name="inputName">The input's file name; its extension says how records are read.</param>
    /// <param name="headerRecord">The input's header as it stands there; empty when it has none.</param>
    public static byte[] Preamble(string inputName, ReadOnlySpan<byte> headerRecord)
    {
        var text = new DelimitedTextEncoder(DelimitedTextWriterOptions.Csv with { QuoteAllText = true });
        text.WriteRaw(Encoding.UTF8.GetBytes(Header));
        text.EndRow();
        WriteRow(text, 0, 0, 0, inputName, "the header of the input", headerRecord);
        return text.Written.ToArray();
    }

    /// <summary>Decides about a row.</summary>
    /// <exception cref="TableFormatException">There are more of them than the policy allows.</exception>
    public BadRowAction Take(BadRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (_policy.Mode == BadRowMode.Fail)
        {
            return BadRowAction.Fail;
        }

        Count++;
        FirstProblem ??= row.Message;
        if (_policy.Mode == BadRowMode.Quarantine)
        {
            WriteRow(_text, Count, row.Location.Row, row.Location.Offset, row.Location.Column ?? "", row.Reason, row.Record.Span);
        }

        return Count <= (_policy.MaxRows ?? long.MaxValue) ? BadRowAction.Skip : throw TooMany(
            row.Code, $"more than {_policy.MaxRows} rows cannot be read, the most that the job's limit allows.");
    }

    /// <summary>Holds what was left out against the policy, once all rows are read.</summary>
    /// <param name="rows">All rows, bad ones included.</param>
    /// <exception cref="TableFormatException">It is more than the policy allows, or nothing is left.</exception>
    public void CheckAll(long rows)
    {
        if (Count > 0 && Count == rows)
        {
            throw TooMany(ErrorCode.RaggedRow, $"none of its {rows} row(s) can be read.");
        }

        if (_policy.MaxShare is { } share && Count > share * rows)
        {
            throw TooMany(ErrorCode.RaggedRow, FormattableString.Invariant(
                $"{Count} of its {rows} rows cannot be read, more than the {share * 100:0.####} % that the job's limit allows."));
        }
    }

    private TableFormatException TooMany(ErrorCode code, string what) => new(code, $"{_name}: {what} The first: {FirstProblem}");

    private static void WriteRow(
        DelimitedTextEncoder text, long number, long row, long offset, string column, string reason, ReadOnlySpan<byte> record)
    {
        Span<byte> digits = stackalloc byte[20];
        ReadOnlySpan<long> numbers = [number, row, offset];
        foreach (var value in numbers)
        {
            Utf8Formatter.TryFormat(value, digits, out var length);
            text.WriteRaw(digits[..length]);
            text.WriteDelimiter(1);
        }

        text.WriteText(Encoding.UTF8.GetBytes(column));
        text.WriteDelimiter(1);
        text.WriteText(Encoding.UTF8.GetBytes(reason));
        text.WriteDelimiter(1);
        text.WriteText(Utf8.IsValid(record) && !record.Contains((byte)0)
            ? record
            : Encoding.UTF8.GetBytes(Base64Prefix + Convert.ToBase64String(record)));
        text.EndRow();
    }
}
