using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Where a rejected row stood in the input that it was taken from.</summary>
/// <param name="Row">Its number there, from 1, bad rows included.</param>
/// <param name="Offset">The byte of the input's text at which it began.</param>
public readonly record struct RejectedPlace(long Row, long Offset);

/// <summary>
/// Reads a rejects file back: the records, mended meanwhile or not, as the text of an input with the header that they were
/// taken from under, and where each belongs.
/// </summary>
public sealed class RejectsReader
{
    private static readonly TableSchema Columns = new(
        [.. RejectedRows.Header.Split(',').Select(name => new TableField { Name = name, Type = ColumnType.String })]);

    private RejectsReader(string inputName, byte[] text, ImmutableArray<RejectedPlace> places)
    {
        InputName = inputName;
        Text = text;
        Places = places;
    }

    /// <summary>The file name of the input; its extension says how records are read.</summary>
    public string InputName { get; }

    /// <summary>The input's header, where it had one, and the records, a line each.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>Where the records belong, in order.</summary>
    public ImmutableArray<RejectedPlace> Places { get; }

    /// <summary>Whether a file bears the name of an output's rejects.</summary>
    public static bool IsRejectsOf(string path, string output) => path == RejectedRows.PathFor(output);

    /// <summary>Reads a rejects file into memory.</summary>
    /// <param name="stream">The file; disposed.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="mostBytes">The largest text to take.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="TableFormatException">It is no rejects file, or rows of it are missing or out of order.</exception>
    public static async Task<RejectsReader> ReadAsync(
        Stream stream, string name, long mostBytes, CancellationToken cancellationToken)
    {
        var options = DelimitedTextOptions.Csv with { Name = name, Schema = Columns, QuotedEmptyIsText = true };
        await using var reader = await DelimitedTextReader.OpenAsync(stream, options, cancellationToken);
        using var text = new MemoryStream();
        var places = ImmutableArray.CreateBuilder<RejectedPlace>();
        string? inputName = null;
        await foreach (var batch in reader.ReadAsync(cancellationToken))
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                var (number, place) = (Number(batch, 0, row, name), new RejectedPlace(Number(batch, 1, row, name), Number(batch, 2, row, name)));
                if (inputName is null)
                {
                    inputName = number == 0 ? Cell(batch, 3, row) : throw Broken(name, "the row of number 0, with the input's header, first");
                }
                else if (number != places.Count + 1 || (places.Count > 0 && place.Row <= places[^1].Row))
                {
                    throw Broken(name, $"reject {places.Count + 1} after {places.Count}; leave records that cannot be mended as they are, and in their place");
                }
                else
                {
                    places.Add(place);
                }

                var record = Record(Cell(batch, 5, row), name);
                if (record.Length > 0)
                {
                    text.Write(record);
                    text.WriteByte(Dialect.LineFeed);
                }
                else if (number > 0)
                {
                    throw Broken(name, $"a record in reject {number}");
                }

                if (text.Length > mostBytes)
                {
                    throw new TableFormatException(
                        ErrorCode.RejectsFile, $"{name}: found more than {mostBytes} bytes of records; mend and submit so many in parts.");
                }
            }
        }

        return inputName is null
            ? throw Broken(name, "the row of number 0, with the input's header, first")
            : new RejectsReader(inputName, text.ToArray(), places.ToImmutable());
    }

    private static string Cell(TableBatch batch, int column, int row) => ((StringColumn)batch.Columns[column]).Text(row) ?? "";

    private static long Number(TableBatch batch, int column, int row, string name) =>
        long.TryParse(Cell(batch, column, row), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Broken(name, $"a number in column {Columns.Fields[column].Name}");

    private static byte[] Record(string text, string name)
    {
        if (!text.StartsWith(RejectedRows.Base64Prefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        try
        {
            return Convert.FromBase64String(text[RejectedRows.Base64Prefix.Length..]);
        }
        catch (FormatException)
        {
            throw Broken(name, $"base64 after {RejectedRows.Base64Prefix}");
        }
    }

    private static TableFormatException Broken(string name, string expected) =>
        new(ErrorCode.RejectsFile, $"{name}: found a rejects file that was changed in other places than its records; expected {expected}.");
}
