using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Reports;

/// <summary>
/// A run of an experiment as one HTML file: no script, nothing fetched, pictures in SVG. Evaluations come first, since they are
/// what people look for; then every node with its tables.
/// </summary>
public static class RunReport
{
    private const int MostLogLines = 200;

    /// <summary>Writes the page as UTF-8. It shows the first rows of tables: who may read it may read those.</summary>
    public static byte[] ToHtml(ExperimentRunResult run)
    {
        var page = new StringBuilder().Append(Head).Append("<h1>").Append(HtmlText.Encode(run.Experiment.Definition.Name)).Append("</h1>");
        WriteOverview(page, run);
        var evaluations = run.Nodes.SelectMany(node => Tables(run, node).Where(port => port.Value.Visualization is not null).Select(port => (node, port.Value))).ToList();
        foreach (var (node, value) in evaluations)
        {
            page.Append("<section><h2>").Append(HtmlText.Encode(Title(run, node))).Append("</h2>");
            WriteView(page, value.Visualization!, Compiled(run, node));
            page.Append("</section>");
        }

        foreach (var node in run.Nodes)
        {
            WriteNode(page, run, node, evaluations.Exists(evaluation => evaluation.node == node));
        }

        return Encoding.UTF8.GetBytes(page.Append("</body></html>\n").ToString());
    }

    private static void WriteOverview(StringBuilder page, ExperimentRunResult run)
    {
        page.Append(CultureInfo.InvariantCulture, $"<p><b class=\"{run.Status}\">{run.Status}</b>, {run.Nodes.Length} nodes");
        if (run.Nodes.Select(node => node.Started).Where(started => started is not null).DefaultIfEmpty().Min() is { } started)
        {
            page.Append(CultureInfo.InvariantCulture, $", begun {started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        }

        page.Append("</p><table><tr><th>node</th><th class=\"text\">module</th><th>status</th><th>time</th><th class=\"text\">results</th></tr>");
        foreach (var node in run.Nodes)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"#{Anchor(run, node)}\">{HtmlText.Encode(node.Node)}</a></td><td class=\"text\">{HtmlText.Encode(node.Module)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"{node.Status}\">{node.Status}{(node.IsFromCache ? ", kept result" : "")}</td><td>{HtmlText.Duration(node.Elapsed)}</td>")
                .Append("<td class=\"text\">").AppendJoin("; ", Compiled(run, node).Outputs.Select(port => Result(run, node, port.Name)).Where(text => text.Length > 0)).Append("</td></tr>");
        }

        page.Append("</table>");
    }

    private static void WriteNode(StringBuilder page, ExperimentRunResult run, NodeRun node, bool isEvaluated)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section id=\"{Anchor(run, node)}\"><h2>{HtmlText.Encode(Title(run, node))}</h2>");
        if (node.Error is { } error)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"Failed\">Error {error.Number:0000}: {HtmlText.Encode(error.Message)}</p>");
        }

        var tables = Tables(run, node).ToList();
        foreach (var (port, value) in tables)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h3>{HtmlText.Encode(port)} <small>{HtmlText.Count(value.Table.RowCount)} rows, {HtmlText.Count(value.Table.Columns.Length)} columns</small></h3>");
            DatasetSection.Write(page, value.Table);
        }

        if (!node.Log.IsEmpty)
        {
            page.Append("<details><summary>Log</summary><pre>").AppendJoin('\n', node.Log.Take(MostLogLines).Select(HtmlText.Encode));
            page.Append(node.Log.Length > MostLogLines ? "\n\u2026" : "").Append("</pre></details>");
        }

        if (tables.Count == 0 && node.Error is null && node.Log.IsEmpty && !isEvaluated)
        {
            page.Append("<p class=\"note\">").Append(Compiled(run, node).Outputs.Select(port => Result(run, node, port.Name)).FirstOrDefault(text => text.Length > 0) ?? "Nothing to show.").Append("</p>");
        }

        page.Append("</section>");
    }

    private static void WriteView(StringBuilder page, string visualization, CompiledNode node)
    {
        JsonNode? view;
        try
        {
            view = JsonNode.Parse(visualization);
        }
        catch (JsonException)
        {
            page.Append("<p class=\"note\">The picture of this result cannot be read.</p>");
            return;
        }

        // A port says little; what is connected to it bears the author's own name.
        EvaluationSection.Write(page, view!, port => node.Inputs.FirstOrDefault(edge => edge.Port.Name == port)?.Source.Node);
    }

    private static IEnumerable<(string Port, TableValue Value)> Tables(ExperimentRunResult run, NodeRun node)
    {
        foreach (var port in Compiled(run, node).Outputs)
        {
            if (run.Find(new PortKey(node.Node, port.Name)) is TableValue value)
            {
                yield return (port.Name, value);
            }
        }
    }

    private static string Result(ExperimentRunResult run, NodeRun node, string port) => run.Find(new PortKey(node.Node, port)) switch
    {
        TableValue { Table: var table } => string.Create(CultureInfo.InvariantCulture, $"{HtmlText.Count(table.RowCount)} rows &times; {HtmlText.Count(table.Columns.Length)}"),
        ModelValue { Model: var model } => $"model of {HtmlText.Encode(model.Label.Name)}",
        { } value => HtmlText.Encode(value.Kind),
        null => "",
    };

    private static CompiledNode Compiled(ExperimentRunResult run, NodeRun node) => run.Experiment.Nodes.First(known => known.Id == node.Node);

    private static string Title(ExperimentRunResult run, NodeRun node) =>
        node.Node.Equals(node.Module, StringComparison.OrdinalIgnoreCase) ? node.Module : $"{node.Node}: {Compiled(run, node).DisplayName}";

    private static string Anchor(ExperimentRunResult run, NodeRun node) =>
        string.Create(CultureInfo.InvariantCulture, $"n{run.Nodes.IndexOf(node) + 1}");

    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Run of an experiment</title><style>
        body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:76em;padding:0 1.5em;color:#222}
        h1{margin-bottom:.2em}h2{font-size:1.2em;margin:2.2em 0 .5em;border-bottom:1px solid #ddd;padding-bottom:.2em}h3{font-size:1em;margin:1.2em 0 .4em}h4{margin:1.4em 0 .4em}
        h3 small{font-weight:400;color:#666}table{border-collapse:collapse}td,th{padding:.2em .7em;text-align:right;border-bottom:1px solid #eee;vertical-align:middle}
        th{font-weight:600;color:#555}td:first-child,th:first-child,.text,.rows td,.rows th{text-align:left}td small{color:#777;display:block;font-size:.8em}
        .columns td:nth-child(2),.columns td:nth-child(3),.columns th:nth-child(2){text-align:left}.scroll{overflow-x:auto}.rows td,.rows th{white-space:nowrap}
        em{color:#1f6fb2;font-style:normal;font-size:.85em}.missing{color:#b3541e}.note{color:#777}.Finished{color:#2a6f2a}.Failed{color:#b00020}.Canceled,.Skipped{color:#a65b00}
        .charts{display:flex;flex-wrap:wrap;gap:1em;margin:1em 0}.chart{background:#fff}.title{font-weight:600;font-size:13px}.axis{font-size:11px;fill:#555}.tick{font-size:10px;fill:#666}
        .grid{stroke:#e8e8e8}.line{fill:none;stroke-width:1.8;stroke-linejoin:round}.line.m0{stroke:#1f6fb2}.line.m1{stroke:#d95f02}.line.ref{stroke:#999;stroke-dasharray:4 4;stroke-width:1}
        .bar.m0{fill:#6fa3cf}.bar.m1{fill:#eca468}.key{display:inline-block;width:.8em;height:.8em;margin-right:.4em}.key.m0{background:#1f6fb2}.key.m1{background:#d95f02}
        .confusion td,.confusion th{text-align:center;min-width:4.5em;border:1px solid #fff}.confusion .hit{background:rgba(31,111,178,calc(.08 + var(--s)*.6))}
        .confusion .miss{background:rgba(217,95,2,calc(var(--s)*.7))}details{margin:.6em 0}summary{cursor:pointer;color:#1f6fb2}pre{background:#f6f6f6;padding:.8em;overflow:auto}
        </style></head><body>
        """;
}
