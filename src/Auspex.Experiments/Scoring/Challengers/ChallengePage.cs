using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Auspex.Experiments.Evaluation;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>A report of disagreement as one HTML file: no script, nothing fetched, pictures in SVG.</summary>
public static class ChallengePage
{
    // A confusion of more classes than this is no picture any more; the JSON has all of it.
    private const int MostClasses = 20;
    private const int Cell = 44;
    private const int Margin = 110;

    /// <summary>Writes the page as UTF-8.</summary>
    public static byte[] ToHtml(ChallengeReport report)
    {
        var page = new StringBuilder("""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Champion and challengers</title><style>
            body{font:14px system-ui,sans-serif;margin:2em;max-width:60em;color:#222}table{border-collapse:collapse;margin:.5em 0}td,th{padding:.2em .8em;text-align:right}
            td:first-child,th:first-child{text-align:left}h2{font-size:1.15em;margin-top:2em}svg{display:block;font-size:11px}
            </style></head><body>
            """);
        page.Append("<h1>Champion and challengers: ").Append(Encode(report.Source)).Append("</h1><p>The output holds the scores of <b>")
            .Append(Encode(report.Champion)).Append("</b> (").Append(Encode(report.ChampionLearner)).Append(").");
        if (report.RowsBefore > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $" {report.RowsBefore:N0} rows that were scored before an interruption are not counted.");
        }

        page.Append("</p>");
        WriteMetrics(page, report);
        foreach (var challenger in report.Challengers)
        {
            page.Append("<h2>").Append(Encode(challenger.Name)).Append(" (").Append(Encode(challenger.Learner)).Append(")</h2><p>")
                .Append(CultureInfo.InvariantCulture, $"{challenger.Rows:N0} rows, {challenger.Agreement:0.00%} agree");
            if (challenger.Correlation is { } correlation)
            {
                page.Append(CultureInfo.InvariantCulture, $"; scores correlate by {correlation:0.0000}, differ by {challenger.MeanDifference:G4} on average");
            }

            page.Append(CultureInfo.InvariantCulture, $"; {challenger.ScoredByOneOnly:N0} scored by one of the two only.</p>");
            WriteDifferences(page, challenger);
            if (challenger.Confusion.Length > 0 && report.Classes.Length <= MostClasses)
            {
                Draw(page, report.Classes, challenger.Confusion);
            }

            WriteRows(page, challenger);
        }

        return Encoding.UTF8.GetBytes(page.Append("</body></html>\n").ToString());
    }

    private static void WriteMetrics(StringBuilder page, ChallengeReport report)
    {
        if (report.ChampionMetrics.IsEmpty)
        {
            page.Append("<p>The rows have no label: who is right cannot be said.</p>");
            return;
        }

        page.Append("<table><tr><th>model</th>");
        foreach (var metric in report.ChampionMetrics)
        {
            page.Append("<th>").Append(Encode(metric.Name)).Append("</th>");
        }

        page.Append("</tr>");
        Row(report.Champion, report.ChampionMetrics);
        foreach (var challenger in report.Challengers)
        {
            Row(challenger.Name, challenger.Metrics);
        }

        page.Append("</table>");

        void Row(string name, ImmutableArray<Metric> metrics)
        {
            page.Append("<tr><td>").Append(Encode(name)).Append("</td>");
            foreach (var metric in report.ChampionMetrics)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{metrics.FirstOrDefault(found => found.Name == metric.Name)?.Value:0.000000}</td>");
            }

            page.Append("</tr>");
        }
    }

    private static void WriteDifferences(StringBuilder page, ChallengerFinding challenger)
    {
        if (challenger.Differences.IsEmpty)
        {
            return;
        }

        page.Append("<table><tr><th>part of the rows</th>");
        foreach (var (part, _) in challenger.Differences)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th>{part:0.0%}</th>");
        }

        page.Append("</tr><tr><td>differ by no more than</td>");
        foreach (var (_, size) in challenger.Differences)
        {
            page.Append(CultureInfo.InvariantCulture, $"<td>{size:G4}</td>");
        }

        page.Append("</tr></table>");
    }

    private static void WriteRows(StringBuilder page, ChallengerFinding challenger)
    {
        if (challenger.FarthestRows.IsEmpty)
        {
            return;
        }

        page.Append("<p>The rows of the output that differ most, counted from 1: ")
            .AppendJoin(", ", challenger.FarthestRows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Row} ({row.Size:G3})"))).Append(".</p>");
    }

    private static void Draw(StringBuilder page, ImmutableArray<string> classes, ImmutableArray<ImmutableArray<long>> confusion)
    {
        string[] names = [.. classes, "none"];
        var most = Math.Max(1, confusion.Max(row => row.Max()));
        var size = Margin + (Cell * names.Length);
        page.Append(CultureInfo.InvariantCulture, $"<p>Classes of the champion down, of the challenger across:</p><svg width=\"{size}\" height=\"{size - 80}\" role=\"img\">");
        for (var row = 0; row < names.Length; row++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + (row * Cell) + 4}\" y=\"20\">{Encode(Short(names[row], 6))}</text>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{52 + (row * Cell)}\">{Encode(Short(names[row], 16))}</text>");
            for (var column = 0; column < names.Length; column++)
            {
                var (x, y) = (Margin + (column * Cell), 28 + (row * Cell));
                var shade = 0.05 + (0.75 * confusion[row][column] / most);
                page.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{Cell - 2}\" height=\"{Cell - 2}\" fill=\"{(row == column ? "#2a6f2a" : "#b00020")}\" fill-opacity=\"{shade:0.###}\"/>")
                    .Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 3}\" y=\"{y + 24}\">{confusion[row][column]}</text>");
            }
        }

        page.Append("</svg>");
    }

    private static string Short(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
