using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Reports;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.Reports;

public sealed class RunReportTests
{
    private const string Scoring = """
        { "name": "Scoring",
          "nodes": {
            "raw": { "module": "Enter Data Manually", "parameters": { "Data": "label,x\na,1\nb,2\n" } },
            "data": { "module": "Remove Duplicate Rows", "inputs": { "Dataset": "raw" }, "parameters": { "Key column selection filter expression": "x" } },
            "learner": { "module": "LEARNER", "parameters": {} },
            "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "data" }, "parameters": { "Label column": "label" } },
            "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "data" } },
            "metrics": { "module": "Evaluate Model", "inputs": { "Scored dataset": "score" } } },
          "webServiceInputs": { "input1": "data" },
          "webServiceOutputs": { "output1": "metrics" } }
        """;

    [Fact]
    public async Task ToHtml_OfAnInputThatTheCallerGave_SaysSo()
    {
        var page = await ReportAsync("Multiclass Decision Forest", row => row % 3 == 0 ? "a" : row % 3 == 1 ? "b" : "c & d");

        Assert.Contains("<td class=\"NotStarted\">Given</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"NotStarted\">Not run</td>", page, StringComparison.Ordinal);
        Assert.Contains("Nothing needed it.", page, StringComparison.Ordinal);
        Assert.Contains("<title>Run of an experiment</title>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToHtml_OfSeveralClasses_ShowsTheirConfusion()
    {
        var page = await ReportAsync("Multiclass Decision Forest", row => row % 3 == 0 ? "a" : row % 3 == 1 ? "b" : "c & d");

        Assert.Contains("Overall accuracy", page, StringComparison.Ordinal);
        Assert.Contains("<div class=\"scroll\"><table class=\"confusion\">", page, StringComparison.Ordinal);
        Assert.Equal(9, page.Split("<td class=\"hit").Length + page.Split("<td class=\"miss").Length - 2);
        Assert.Contains("c &amp; d", page, StringComparison.Ordinal);
        Assert.Contains("1 row &times; 6", page, StringComparison.Ordinal);
        Assert.Equal(page.Split("<div").Length, page.Split("</div>").Length);
    }

    [Fact]
    public async Task ToHtml_OfNumbers_ShowsErrorsOverWholeRows()
    {
        var page = await ReportAsync("Linear Regression", row => (row * 2.0) + (row % 2));

        Assert.Contains("Coefficient of Determination", page, StringComparison.Ordinal);
        var chart = page[page.IndexOf(">Errors</text>", StringComparison.Ordinal)..];
        chart = chart[..chart.IndexOf("</svg>", StringComparison.Ordinal)];
        Assert.Contains("error (scored minus actual)", chart, StringComparison.Ordinal);
        Assert.Contains("<rect class=\"bar m0\"", chart, StringComparison.Ordinal);
        var ticks = chart.Split("text-anchor=\"end\">").Skip(1).Select(tick => tick[..tick.IndexOf('<', StringComparison.Ordinal)]).ToList();
        Assert.NotEmpty(ticks);
        Assert.DoesNotContain(ticks, tick => tick.Contains('.', StringComparison.Ordinal));
    }

    private static async Task<string> ReportAsync(string learner, Func<int, object> label)
    {
        var harness = new ExperimentHarness(ModuleCatalog.CreateDefault());
        var isNumber = label(0) is double;
        var rows = Tables.Of([isNumber ? Tables.Number("label") : Tables.Text("label"), Tables.Number("x")], 60, row => [label(row), (double)row]);
        var run = await harness.RunAsync(
            Scoring.Replace("LEARNER", learner, StringComparison.Ordinal),
            request => request with { Inputs = new Dictionary<string, TableBatch> { ["input1"] = rows }, Targets = ["metrics"] });
        Assert.Equal(NodeStatus.Finished, run.Status);
        return Encoding.UTF8.GetString(RunReport.ToHtml(run));
    }
}
