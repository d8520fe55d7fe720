using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Reads an SVMLight file: <c>label index:value ... # comment</c>, indexes from 1 and ascending. The columns are <c>Label</c>, a
/// number marked as label, then <c>Col1</c> to the greatest index; what a line does not name is 0. A <c>qid</c> is left out.
/// </summary>
public static class SvmLightReader
{
    // Tables are dense here. So many cells are 4 GB; a wider file would only fail later and worse.
    private const long MostCells = 500_000_000;
    private const int MostColumns = 100_000;

    /// <summary>Reads the whole file.</summary>
    /// <param name="stream">Disposed afterwards.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="TableFormatException">The file breaks the format, or is too wide; the message says the line.</exception>
    public static async Task<TableBatch> ReadAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        using var lines = await LineReader.OpenAsync(stream, null, name, cancellationToken);
        var labels = new List<double>();
        var cells = new List<(int Row, int Index, double Value)>();
        var width = 0;
        while (await lines.NextAsync(cancellationToken) is { } line)
        {
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var tokens = (comment < 0 ? line : line[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (tokens.Length > 0)
            {
                width = Math.Max(width, ReadRow(tokens, labels, cells, name, lines.Line));
            }
        }

        if (width > MostColumns || (long)width * labels.Count > MostCells)
        {
            throw Broken(name, lines.Line, $"{labels.Count} rows of {width} columns are more than a table can hold");
        }

        var columns = new double[width][];
        for (var i = 0; i < width; i++)
        {
            columns[i] = new double[labels.Count];
        }

        foreach (var (row, index, value) in cells)
        {
            columns[index - 1][row] = value;
        }

        return new TableBatch(
            new TableSchema(
            [
                new TableField { Name = "Label", Type = ColumnType.Double, IsNullable = false, Role = ColumnRole.Label },
                .. Enumerable.Range(1, width).Select(index => new TableField
                {
                    Name = string.Create(CultureInfo.InvariantCulture, $"Col{index}"),
                    Type = ColumnType.Double,
                    IsNullable = false,
                }),
            ]),
            [
                new DoubleColumn([.. labels], labels.Count, null),
                .. columns.Select(values => new DoubleColumn(values, values.Length, null)),
            ],
            labels.Count);
    }

    private static int ReadRow(
        string[] tokens, List<double> labels, List<(int Row, int Index, double Value)> cells, string name, int line)
    {
        if (!TryParse(tokens[0], out var label))
        {
            throw Broken(name, line, "the label is no number");
        }

        var last = 0;
        foreach (var token in tokens.Skip(1).Where(token => !token.StartsWith("qid:", StringComparison.OrdinalIgnoreCase)))
        {
            var colon = token.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !int.TryParse(token.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                || !TryParse(token[(colon + 1)..], out var value))
            {
                throw Broken(name, line, "expected index:value behind the label, both numbers");
            }

            if (index <= last)
            {
                throw Broken(name, line, "indexes must begin at 1 and ascend");
            }

            last = index;
            cells.Add((labels.Count, index, value));
        }

        labels.Add(label);
        return last;
    }

    private static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static TableFormatException Broken(string name, int line, string why) =>
        new(ErrorCode.SvmLightInvalid, $"{name}, line {line}: {why}.", new TableLocation(line, 0));
}
