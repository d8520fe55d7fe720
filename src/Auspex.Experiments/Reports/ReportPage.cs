using System.Text;

namespace Auspex.Experiments.Reports;

/// <summary>The frame of a page for people: one HTML file, no script, nothing fetched.</summary>
internal static class ReportPage
{
    /// <summary>Begins a page with its heading.</summary>
    /// <param name="title">What kind of page it is.</param>
    /// <param name="heading">Whose it is.</param>
    public static StringBuilder Begin(string title, string heading) => new StringBuilder()
        .Append(Start).Append(HtmlText.Encode(title)).Append(Style).Append("<h1>").Append(HtmlText.Encode(heading)).Append("</h1>");

    /// <summary>The whole page as UTF-8.</summary>
    public static byte[] End(StringBuilder page) => Encoding.UTF8.GetBytes(page.Append("</body></html>\n").ToString());

    private const string Start = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>
        """;

    private const string Style = """
        </title><style>
        body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:76em;padding:0 1.5em;color:#222}
        h1{margin-bottom:.2em}h2{font-size:1.2em;margin:2.2em 0 .5em;border-bottom:1px solid #ddd;padding-bottom:.2em}h3{font-size:1em;margin:1.2em 0 .4em}h4{margin:1.4em 0 .4em}
        h3 small{font-weight:400;color:#666}table{border-collapse:collapse}td,th{padding:.2em .7em;text-align:right;border-bottom:1px solid #eee;vertical-align:middle}
        th{font-weight:600;color:#555}td:first-child,th:first-child,.text,.rows td,.rows th{text-align:left}td small{color:#777;display:block;font-size:.8em}
        .columns td:nth-child(2),.columns td:nth-child(3),.columns th:nth-child(2){text-align:left}.scroll{overflow-x:auto}.rows td,.rows th{white-space:nowrap}
        em{color:#1f6fb2;font-style:normal;font-size:.85em}.missing{color:#b3541e}.note{color:#777}.Finished{color:#2a6f2a}.Failed{color:#b00020}.Canceled,.Skipped{color:#a65b00}.NotStarted{color:#777}
        .charts{display:flex;flex-wrap:wrap;gap:1em;margin:1em 0}.chart{background:#fff}.title{font-weight:600;font-size:13px}.axis{font-size:11px;fill:#555}.tick{font-size:10px;fill:#666}
        .grid{stroke:#e8e8e8}.line{fill:none;stroke-width:1.8;stroke-linejoin:round}.line.m0{stroke:#1f6fb2}.line.m1{stroke:#d95f02}.line.ref{stroke:#999;stroke-dasharray:4 4;stroke-width:1}
        .bar.m0{fill:#6fa3cf}.bar.m1{fill:#eca468}.key{display:inline-block;width:.8em;height:.8em;margin-right:.4em}.key.m0{background:#1f6fb2}.key.m1{background:#d95f02}
        .confusion small{color:#333}.confusion .zero,.confusion .zero small{color:#bbb}.confusion td,.confusion th{text-align:center;min-width:4.5em;border:1px solid #fff}.confusion .hit{background:rgba(31,111,178,calc(.08 + var(--s)*.6))}
        .confusion .miss{background:rgba(217,95,2,calc(var(--s)*.7))}.confusion th[colspan]{text-align:left}details{margin:.6em 0}summary{cursor:pointer;color:#1f6fb2}pre{background:#f6f6f6;padding:.8em;overflow:auto}
        </style></head><body>
        """;
}
