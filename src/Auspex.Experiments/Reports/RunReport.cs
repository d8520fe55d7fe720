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
        var page = ReportPage.Begin("Run of an experiment", run.Experiment.Definition.Name);
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

        return ReportPage.End(page);
    }

    private static void WriteOverview(StringBuilder page, ExperimentRunResult run)
    {
        page.Append(CultureInfo.InvariantCulture, $"<p><b class=\"{run.Status}\">{run.Status}</b>, {HtmlText.Counted(run.Nodes.Length, "node")}");
        if (run.Nodes.Select(node => node.Started).Where(started => started is not null).DefaultIfEmpty().Min() is { } started)
        {
            page.Append(CultureInfo.InvariantCulture, $", begun {started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        }

        page.Append("</p><table><tr><th>node</th><th class=\"text\">module</th><th>status</th><th>time</th><th class=\"text\">results</th></tr>");
        foreach (var node in run.Nodes)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"#{Anchor(run, node)}\">{HtmlText.Encode(node.Node)}</a></td><td class=\"text\">{HtmlText.Encode(node.Module)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"{node.Status}\">{node.StatusText}{(node.IsFromCache ? ", kept result" : "")}</td><td>{HtmlText.Duration(node.Elapsed)}</td>")
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
            page.Append(CultureInfo.InvariantCulture, $"<h3>{HtmlText.Encode(port)} <small>{HtmlText.Size(value.Table.RowCount, value.Table.Columns.Length)}</small></h3>");
            DatasetSection.Write(page, value.Table);
        }

        if (!node.Log.IsEmpty)
        {
            page.Append("<details><summary>Log</summary><pre>").AppendJoin('\n', node.Log.Take(MostLogLines).Select(HtmlText.Encode));
            page.Append(node.Log.Length > MostLogLines ? "\n\u2026" : "").Append("</pre></details>");
        }

        if (tables.Count == 0 && node.Error is null && node.Log.IsEmpty && !isEvaluated)
        {
            page.Append("<p class=\"note\">").Append(Compiled(run, node).Outputs.Select(port => Result(run, node, port.Name)).FirstOrDefault(text => text.Length > 0) ?? (node.IsGiven ? "The caller gave a table in its place." : node.Status == NodeStatus.NotStarted ? "Nothing needed it." : "Nothing to show.")).Append("</p>");
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
        TableValue { Table: var table } => string.Create(CultureInfo.InvariantCulture, $"{HtmlText.Counted(table.RowCount, "row")} &times; {HtmlText.Count(table.Columns.Length)}"),
        ModelValue { Model: var model } => $"model of {HtmlText.Encode(model.Label.Name)}",
        { } value => HtmlText.Encode(value.Kind),
        null => "",
    };

    private static CompiledNode Compiled(ExperimentRunResult run, NodeRun node) => run.Experiment.Nodes.First(known => known.Id == node.Node);

    private static string Title(ExperimentRunResult run, NodeRun node) =>
        node.Node.Equals(node.Module, StringComparison.OrdinalIgnoreCase) ? node.Module : $"{node.Node}: {Compiled(run, node).DisplayName}";

    private static string Anchor(ExperimentRunResult run, NodeRun node) =>
        string.Create(CultureInfo.InvariantCulture, $"n{run.Nodes.IndexOf(node) + 1}");
}
