using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Auspex.Experiments.Reports;

/// <summary>What Evaluate Model shows beside its table, as a part of a page: metrics, curves, confusion matrices, histograms.</summary>
internal static class EvaluationSection
{
    private const int MostClasses = 40;

    /// <summary>Writes the section for the JSON that the module gave.</summary>
    /// <param name="page">Takes the text.</param>
    /// <param name="view">What Evaluate Model shows.</param>
    /// <param name="nodeAt">The node that feeds an input port; null for none.</param>
    public static void Write(StringBuilder page, JsonNode view, Func<string, string?> nodeAt)
    {
        var models = (view["models"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        if (models.Count == 0)
        {
            return;
        }

        foreach (var model in models)
        {
            model["name"] = nodeAt(Name(model)) ?? Name(model);
        }

        WriteMetrics(page, models);
        if (models.Exists(model => model["roc"] is JsonArray))
        {
            WriteCurves(page, models);
        }

        for (var i = 0; i < models.Count; i++)
        {
            var name = models.Count > 1 ? $" of {Name(models[i])}" : "";
            switch (models[i]["confusion"])
            {
                case JsonObject two:
                    WriteConfusion(page, $"Confusion matrix{name}, threshold 0.5", Labels(models[i]), TwoByTwo(two));
                    WriteBins(page, models[i], name);
                    break;
                case JsonArray many:
                    WriteConfusion(page, $"Confusion matrix{name}", Texts(models[i]["classes"]), [.. many.Select(row => Numbers(row))]);
                    break;
                default:
                    break;
            }

            if (models[i]["errorHistogram"] is JsonArray { Count: > 0 } bars)
            {
                page.Append("<div class=\"charts\">")
                    .Append(SvgChart.Bars(
                        $"Errors{name}", "error (scored minus actual)", "rows", [.. bars.Select(bar => Numbers(bar)).Select(bar => (bar[0], bar[1], bar[2]))], Kind(i)))
                    .Append("</div>");
            }
        }
    }

    private static void WriteMetrics(StringBuilder page, List<JsonObject> models)
    {
        page.Append("<table class=\"metrics\"><tr><th>metric</th>");
        for (var i = 0; i < models.Count; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th>{(models.Count > 1 ? $"<span class=\"key {Kind(i)}\"></span>" : "")}{HtmlText.Encode(Name(models[i]))}</th>");
        }

        page.Append("</tr>");
        foreach (var metric in models[0]["metrics"]!.AsObject().Select(metric => metric.Key))
        {
            page.Append("<tr><td>").Append(HtmlText.Encode(metric)).Append("</td>");
            foreach (var model in models)
            {
                page.Append("<td>").Append(Metric((double?)model["metrics"]?[metric])).Append("</td>");
            }

            page.Append("</tr>");
        }

        page.Append("<tr><td>rows</td>");
        foreach (var model in models)
        {
            page.Append("<td>").Append(HtmlText.Count((long?)model["rows"] ?? 0)).Append("</td>");
        }

        page.Append("</tr></table>");
    }

    private static void WriteCurves(StringBuilder page, List<JsonObject> models)
    {
        page.Append("<div class=\"charts\">");
        page.Append(SvgChart.Lines(
            "ROC", "false positive rate", "true positive rate", 1, 1, [new("random", "ref", [(0, 0), (1, 1)]), .. Curves(models, "roc")]));
        page.Append(SvgChart.Lines("Precision / recall", "recall", "precision", 1, 1, Curves(models, "precisionRecall")));
        var lift = Curves(models, "lift").ToList();
        var positives = Math.Max(1, lift.SelectMany(line => line.Points).Select(point => point.Y).Where(double.IsFinite).DefaultIfEmpty(1).Max());
        page.Append(SvgChart.Lines(
            "Lift", "share of rows, highest scores first", "true positives", 1, positives, [new("random", "ref", [(0, 0), (1, positives)]), .. lift]));
        page.Append("</div>");
    }

    private static IEnumerable<ChartLine> Curves(List<JsonObject> models, string curve)
    {
        for (var i = 0; i < models.Count; i++)
        {
            var auc = curve == "roc" && (double?)models[i]["metrics"]?["AUC"] is { } area ? $", AUC {Metric(area)}" : "";
            yield return new ChartLine(
                Name(models[i]) + auc, Kind(i), [.. (models[i][curve] as JsonArray ?? []).Select(point => Numbers(point)).Select(point => (point[0], point[1]))]);
        }
    }

    private static void WriteConfusion(StringBuilder page, string title, string[] classes, double[][] counts)
    {
        page.Append("<h4>").Append(HtmlText.Encode(title)).Append("</h4>");
        var shown = Math.Min(MostClasses, classes.Length);
        page.Append("<div class=\"scroll\"><table class=\"confusion\"><tr><th></th><th colspan=\"").Append(shown).Append("\">predicted</th></tr><tr><th>actual</th>");
        for (var j = 0; j < shown; j++)
        {
            page.Append("<th>").Append(HtmlText.Encode(HtmlText.Shorten(classes[j], 24))).Append("</th>");
        }

        page.Append("</tr>");
        for (var i = 0; i < shown; i++)
        {
            var sum = counts[i].Sum();
            page.Append("<tr><th>").Append(HtmlText.Encode(HtmlText.Shorten(classes[i], 24))).Append("</th>");
            for (var j = 0; j < shown; j++)
            {
                var share = sum > 0 ? counts[i][j] / sum : 0;
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"{(i == j ? "hit" : "miss")}{(counts[i][j] == 0 ? " zero" : "")}\" style=\"--s:{share:0.###}\">{HtmlText.Count((long)counts[i][j])}")
                    .Append(CultureInfo.InvariantCulture, $"<small>{share:0.0%}</small></td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table></div>");
        if (shown < classes.Length)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">The first {shown} of {classes.Length} classes.</p>");
        }
    }

    private static void WriteBins(StringBuilder page, JsonObject model, string name)
    {
        if (model["scoreBins"] is not JsonArray { Count: > 0 } bins)
        {
            return;
        }

        (string Title, string Member)[] columns =
        [
            ("positive", "positiveExamples"), ("negative", "negativeExamples"), ("share above", "fractionAboveThreshold"), ("accuracy", "accuracy"), ("F1", "f1Score"),
            ("precision", "precision"), ("recall", "recall"), ("neg. precision", "negativePrecision"), ("neg. recall", "negativeRecall"), ("cumulative AUC", "cumulativeAuc"),
        ];
        page.Append("<h4>By score").Append(HtmlText.Encode(name)).Append("</h4><table><tr><th>score</th>");
        foreach (var (title, _) in columns)
        {
            page.Append("<th>").Append(title).Append("</th>");
        }

        page.Append("</tr>");
        foreach (var bin in bins.OfType<JsonObject>())
        {
            page.Append("<tr><td>").Append(HtmlText.Encode((string?)bin["scoreBin"] ?? "")).Append("</td>");
            foreach (var (title, member) in columns)
            {
                var value = (double?)bin[member];
                page.Append("<td>").Append(title is "positive" or "negative" ? HtmlText.Count((long)(value ?? 0)) : Metric(value)).Append("</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table>");
    }

    private static double[][] TwoByTwo(JsonObject two) =>
    [
        [(double)two["truePositive"]!, (double)two["falseNegative"]!],
        [(double)two["falsePositive"]!, (double)two["trueNegative"]!],
    ];

    private static string[] Labels(JsonObject model) => [Label(model, "positiveLabel", "positive"), Label(model, "negativeLabel", "negative")];

    private static string Label(JsonObject model, string member, string role) =>
        (string?)model[member] is { Length: > 0 } label ? $"{label} ({role})" : role;

    private static string[] Texts(JsonNode? array) => [.. (array as JsonArray ?? []).Select(text => (string?)text ?? "")];

    private static double[] Numbers(JsonNode? array) => [.. (array as JsonArray ?? []).Select(number => (double?)number ?? double.NaN)];

    // Rates are compared in their fourth digit; other metrics may be of any size.
    private static string Metric(double? value) => value is { } number && double.IsFinite(number) && Math.Abs(number) is < 10 and >= 1e-3 or 0
        ? value.Value.ToString("0.0000", CultureInfo.InvariantCulture)
        : HtmlText.Number(value);

    private static string Name(JsonObject model) => (string?)model["name"] ?? "model";

    private static string Kind(int model) => model == 0 ? "m0" : "m1";
}
