using System.Globalization;
using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Reports;

/// <summary>A data set that Studio's clients saved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataTypeId">Studio's type, such as <c>GenericCSV</c>; compared ignoring case.</param>
/// <param name="SizeInBytes">Of its file.</param>
/// <param name="Open">Opens the file from a byte on; may be asked twice.</param>
public sealed record SavedDataset(string Name, string DataTypeId, long SizeInBytes, Func<long, CancellationToken, Task<Stream>> Open)
{
    /// <summary>When it was saved; null where it is not known.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What its author said of it.</summary>
    public string Description { get; init; } = "";
}

/// <summary>
/// What Studio's "Visualize" showed of a data set, as one HTML file without script: rows and columns, each column with its statistics and
/// histogram, and the first rows.
/// </summary>
public static class DatasetPage
{
    /// <summary>Of larger files only the beginning, so many bytes, is looked at.</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>
    /// Writes the page as UTF-8. It shows the first rows: who may read it may read those. What is no table, or breaks its format, is told on the page.
    /// </summary>
    public static async Task<byte[]> ToHtmlAsync(SavedDataset dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var page = ReportPage.Begin("Data set", dataset.Name);
        page.Append(CultureInfo.InvariantCulture, $"<p>{HtmlText.Encode(dataset.DataTypeId)}, {HtmlText.Counted(dataset.SizeInBytes, "byte")}");
        if (dataset.Created is { } created)
        {
            page.Append(CultureInfo.InvariantCulture, $", saved {created.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        }

        page.Append("</p>");
        if (dataset.Description.Length > 0)
        {
            page.Append("<p>").Append(HtmlText.Encode(dataset.Description)).Append("</p>");
        }

        try
        {
            await WriteAsync(page, dataset, cancellationToken);
        }
        catch (TableFormatException broken)
        {
            page.Append("<p class=\"Failed\">The file cannot be shown as a table. ").Append(HtmlText.Encode(broken.Message)).Append("</p>");
        }

        return ReportPage.End(page);
    }

    private static async Task WriteAsync(StringBuilder page, SavedDataset dataset, CancellationToken cancellationToken)
    {
        switch (dataset.DataTypeId.ToUpperInvariant())
        {
            case "GENERICCSV" or "DATASET":
                await WriteTextAsync(page, dataset, ",", hasHeader: true, cancellationToken);
                break;
            case "GENERICCSVNOHEADER":
                await WriteTextAsync(page, dataset, ",", hasHeader: false, cancellationToken);
                break;
            case "GENERICTSV":
                await WriteTextAsync(page, dataset, "\t", hasHeader: true, cancellationToken);
                break;
            case "GENERICTSVNOHEADER":
                await WriteTextAsync(page, dataset, "\t", hasHeader: false, cancellationToken);
                break;
            case "ARFF" or "SVMLIGHT" when dataset.SizeInBytes > MostBytes:
                page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Files of this type are shown up to {HtmlText.Count(MostBytes)} bytes.</p>");
                break;
            case "ARFF":
                WriteTable(page, await ArffReader.ReadAsync(await dataset.Open(0, cancellationToken), dataset.Name, cancellationToken));
                break;
            case "SVMLIGHT":
                WriteTable(page, await SvmLightReader.ReadAsync(await dataset.Open(0, cancellationToken), dataset.Name, cancellationToken));
                break;
            default:
                page.Append("<p class=\"note\">A data set of this type holds no table.</p>");
                break;
        }
    }

    private static async Task WriteTextAsync(
        StringBuilder page, SavedDataset dataset, string delimiter, bool hasHeader, CancellationToken cancellationToken)
    {
        var isWhole = dataset.SizeInBytes <= MostBytes;
        var batches = new List<TableBatch>();
        await using var reader = await DelimitedTextReader.OpenAsync(
            dataset.Open,
            new DelimitedTextOptions
            {
                Name = dataset.Name,
                Delimiter = delimiter,
                HasHeader = hasHeader,
                MissingMarkers = ["?"],
                InferenceRows = isWhole ? DelimitedTextOptions.WholeFile : DelimitedTextOptions.Csv.InferenceRows,
                OnBadRow = _ => BadRowAction.Skip,
            },
            cancellationToken);
        await foreach (var batch in reader.ReadAsync(cancellationToken))
        {
            batches.Add(batch);
            if (!isWhole && reader.NextOffset >= MostBytes)
            {
                break;
            }
        }

        WriteTable(page, batches.Count == 0 ? TableBatches.Empty(reader.Schema) : TableBatches.Concatenate(batches));
        if (!isWhole)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">The beginning of the file, {HtmlText.Count(MostBytes)} bytes of it; types of columns are those of its first rows.</p>");
        }

        if (reader.SkippedRows > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"missing\">{HtmlText.Counted(reader.SkippedRows, "row")} that cannot be read left out.</p>");
        }
    }

    private static void WriteTable(StringBuilder page, TableBatch table)
    {
        page.Append(CultureInfo.InvariantCulture, $"<p><b>{HtmlText.Size(table.RowCount, table.Columns.Length)}</b></p>");
        DatasetSection.Write(page, table);
    }
}
