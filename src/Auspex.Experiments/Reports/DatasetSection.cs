using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Reports;

/// <summary>A table as a part of a page: its columns with their statistics and pictures, and its first rows.</summary>
internal static class DatasetSection
{
    private const int MostColumns = 100;
    private const int MostPreviewColumns = 30;
    private const int PreviewRows = 10;
    private const int LongestCell = 40;

    public static void Write(StringBuilder page, TableBatch table)
    {
        page.Append("<table class=\"columns\"><tr><th>column</th><th>type</th><th></th><th>distinct</th><th>missing</th><th>mean</th><th>std. dev.</th><th>min</th><th>median</th><th>max</th></tr>");
        var shown = Math.Min(MostColumns, table.Columns.Length);
        for (var i = 0; i < shown; i++)
        {
            WriteColumn(page, table.Schema.Fields[i], table.Columns[i]);
        }

        page.Append("</table>");
        Note(page, table, shown);
        WriteRows(page, table);
    }

    private static void WriteColumn(StringBuilder page, TableField field, Column column)
    {
        var summary = ColumnSummary.Of(field, column);
        var numbers = summary.Numbers;
        var role = field.Role == ColumnRole.Label ? " <em>label</em>" : field.Score is not null ? " <em>score</em>" : "";
        page.Append("<tr><td>").Append(HtmlText.Encode(field.Name)).Append(role).Append("</td><td>")
            .Append(field.IsCategorical ? "Category" : field.Type.ToString()).Append("</td><td>").Append(SvgChart.Spark(summary.Bars));
        if (summary.Others > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<small>{HtmlText.Count(summary.Others)} rows of {HtmlText.Count(summary.Distinct - summary.Bars.Length)} other values</small>");
        }

        page.Append(CultureInfo.InvariantCulture, $"</td><td>{HtmlText.Count(summary.Distinct)}</td><td{(summary.Missing > 0 ? " class=\"missing\"" : "")}>{Share(summary.Missing, column.Length)}</td>");
        if (numbers is null)
        {
            var most = summary.Bars is [var first, ..] ? $"most: {HtmlText.Encode(HtmlText.Shorten(first.Label, LongestCell))}" : "";
            page.Append("<td colspan=\"5\" class=\"text\">").Append(most).Append("</td></tr>");
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"<td>{HtmlText.Number(numbers.Mean)}</td><td>{HtmlText.Number(Math.Sqrt(numbers.SampleVariance))}</td>")
            .Append(CultureInfo.InvariantCulture, $"<td>{HtmlText.Number(numbers.Min)}</td><td>{HtmlText.Number(numbers.Median)}</td><td>{HtmlText.Number(numbers.Max)}</td></tr>");
    }

    private static void Note(StringBuilder page, TableBatch table, int shown)
    {
        if (shown < table.Columns.Length)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">The first {shown} of {HtmlText.Count(table.Columns.Length)} columns.</p>");
        }

        if (table.RowCount > ColumnSummary.MostRows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Statistics and pictures are of {HtmlText.Count(ColumnSummary.MostRows)} rows evenly apart; missing values are counted in all.</p>");
        }
    }

    private static void WriteRows(StringBuilder page, TableBatch table)
    {
        var columns = Math.Min(MostPreviewColumns, table.Columns.Length);
        var rows = Math.Min(PreviewRows, table.RowCount);
        if (columns == 0 || rows == 0)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"<details><summary>First {rows} rows</summary><div class=\"scroll\"><table class=\"rows\"><tr>");
        for (var i = 0; i < columns; i++)
        {
            page.Append("<th>").Append(HtmlText.Encode(table.Schema.Fields[i].Name)).Append("</th>");
        }

        page.Append("</tr>");
        for (var row = 0; row < rows; row++)
        {
            page.Append("<tr>");
            for (var i = 0; i < columns; i++)
            {
                var text = ColumnText.Text(table.Columns[i], row, CellFormat.File);
                page.Append(text is null ? "<td class=\"missing\">missing</td>" : $"<td>{HtmlText.Encode(HtmlText.Shorten(text, LongestCell))}</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table></div></details>");
    }

    private static string Share(int missing, int rows) => missing == 0
        ? "0"
        : string.Create(CultureInfo.InvariantCulture, $"{HtmlText.Count(missing)} ({(double)missing / rows:0.0%})");
}
