using System.Globalization;
using System.Net;
using System.Text;

namespace Auspex.Experiments.Scoring.Drift;

/// <summary>A drift report as one HTML file: no script, nothing fetched, pictures in SVG.</summary>
public static class DriftPage
{
    // Pictures of columns with thousands of levels would make the file larger than the data.
    private const int MostBins = 30;
    private const int Width = 480;
    private const int Height = 90;

    /// <summary>Writes the page as UTF-8.</summary>
    public static byte[] ToHtml(DriftReport report)
    {
        var page = new StringBuilder("""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Drift</title><style>
            body{font:14px system-ui,sans-serif;margin:2em;max-width:60em;color:#222}table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:right}
            td:first-child,th:first-child{text-align:left}.large{color:#b00020;font-weight:600}.moderate{color:#a65b00}.none{color:#2a6f2a}
            h2{font-size:1.1em;margin-top:2em}svg{display:block}.t{fill:#9db4c8}.f{fill:#c8553d}
            </style></head><body>
            """);
        page.Append("<h1>Drift of ").Append(Encode(report.Source)).Append("</h1><p>")
            .Append(CultureInfo.InvariantCulture, $"{report.Rows:N0} rows, held against those that the model was trained on. ");
        if (report.RowsBefore > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"{report.RowsBefore:N0} rows that were scored before an interruption are not counted. ");
        }

        page.Append("PSI below 0.1: none; below 0.25: moderate; else large. Bars: <span style=\"color:#9db4c8\">&#9632;</span> training, ")
            .Append("<span style=\"color:#c8553d\">&#9632;</span> these rows.</p><table><tr><th>column</th><th>drift</th><th>PSI</th><th>KS</th>")
            .Append("<th>missing</th><th>at training</th><th>not seen</th></tr>");
        ColumnDrift[] columns = [.. report.Score is null ? [] : new[] { report.Score }, .. report.Columns];
        foreach (var column in columns)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encode(column.Name)}</td><td class=\"{column.Verdict}\">{column.Verdict}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{column.Psi:0.0000}</td><td>{column.Ks:0.0000}</td><td>{column.MissingShare:0.00%}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{column.TrainingMissingShare:0.00%}</td><td>{column.UnseenShare:0.00%}</td></tr>");
        }

        page.Append("</table>");
        foreach (var column in columns)
        {
            page.Append("<h2>").Append(Encode(column.Name)).Append("</h2>");
            Draw(page, column);
        }

        if (report.NotCompared.Length > 0)
        {
            page.Append("<p>Not compared, since other modules make or change them on the way: ")
                .Append(string.Join(", ", report.NotCompared.Select(Encode))).Append(".</p>");
        }

        return Encoding.UTF8.GetBytes(page.Append("</body></html>\n").ToString());
    }

    private static void Draw(StringBuilder page, ColumnDrift column)
    {
        DriftBin[] bins = [.. column.Bins.Length <= MostBins ? column.Bins : column.Bins.OrderByDescending(bin => Math.Abs(bin.Found - bin.Training)).Take(MostBins)];
        var most = Math.Max(1e-9, bins.Max(bin => Math.Max(bin.Training, bin.Found)));
        var step = (double)Width / bins.Length;
        page.Append(CultureInfo.InvariantCulture, $"<svg width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        for (var i = 0; i < bins.Length; i++)
        {
            page.Append("<g><title>").Append(Encode(bins[i].Label))
                .Append(CultureInfo.InvariantCulture, $": {bins[i].Training:0.0%} at training, {bins[i].Found:0.0%} now</title>");
            Bar(bins[i].Training, 0.08, "t");
            Bar(bins[i].Found, 0.5, "f");
            page.Append("</g>");

            void Bar(double share, double at, string kind)
            {
                var height = Height * share / most;
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"{kind}\" x=\"{(i + at) * step:0.##}\" y=\"{Height - height:0.##}\" width=\"{step * 0.4:0.##}\" height=\"{height:0.##}\"/>");
            }
        }

        page.Append("</svg>");
        if (bins.Length < column.Bins.Length)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>The {bins.Length} levels of {column.Bins.Length} that differ most.</p>");
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
