using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Auspex.Experiments.Evaluation;

/// <summary>
/// What Evaluate Model shows beside its table, as JSON: for each model its metrics, and by task ROC, precision/recall and lift
/// curves with ten score bins, a confusion matrix with its percentages, or a histogram of errors.
/// </summary>
internal static class EvaluationView
{
    private const int MostPoints = 500;

    /// <summary>The JSON of one or two models, the left one first.</summary>
    public static string Write(params IReadOnlyList<ModelMetrics> models)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("task", models[0].Task.ToString());
            writer.WriteStartArray("models");
            for (var i = 0; i < models.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("name", i == 0 ? "Scored dataset" : "Scored dataset to compare");
                writer.WriteNumber("rows", models[i].Rows);
                writer.WriteStartObject("metrics");
                foreach (var metric in models[i].Values)
                {
                    Number(writer, metric.Name, metric.Value);
                }

                writer.WriteEndObject();
                WriteTask(writer, models[i]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteTask(Utf8JsonWriter writer, ModelMetrics metrics)
    {
        switch (metrics)
        {
            case BinaryMetrics { Curve: { } curve } binary:
                WriteBinary(writer, binary, curve);
                break;
            case MulticlassMetrics multiclass:
                WriteConfusion(writer, multiclass);
                break;
            case RegressionMetrics regression:
                writer.WriteStartArray("errorHistogram");
                foreach (var bar in regression.Errors)
                {
                    Row(writer, bar.From, bar.To, bar.Rows);
                }

                writer.WriteEndArray();
                break;
            default:
                break;
        }
    }

    private static void WriteBinary(Utf8JsonWriter writer, BinaryMetrics metrics, BinaryCurve curve)
    {
        writer.WriteString("positiveLabel", metrics.PositiveLabel);
        writer.WriteString("negativeLabel", metrics.NegativeLabel);
        writer.WriteStartObject("confusion");
        writer.WriteNumber("truePositive", metrics.TruePositives);
        writer.WriteNumber("falseNegative", metrics.FalseNegatives);
        writer.WriteNumber("falsePositive", metrics.FalsePositives);
        writer.WriteNumber("trueNegative", metrics.TrueNegatives);
        writer.WriteEndObject();
        CurvePoint[] points = [new(double.PositiveInfinity, 0, 0), .. curve.Thin(MostPoints)];
        double positives = curve.Positives, negatives = curve.Negatives, rows = curve.Positives + curve.Negatives;
        Curve("thresholds", point => [point.Threshold]);
        Curve("roc", point => [point.FalsePositives / negatives, point.TruePositives / positives]);

        // Nothing claimed has no precision; the curve begins at 1 by custom.
        Curve("precisionRecall", point => [point.TruePositives / positives, point.TruePositives + point.FalsePositives == 0 ? 1 : point.TruePositives / (double)(point.TruePositives + point.FalsePositives)]);
        Curve("lift", point => [(point.TruePositives + point.FalsePositives) / rows, point.TruePositives]);
        writer.WriteStartArray("scoreBins");
        foreach (var bin in ScoreBin.Of(curve))
        {
            writer.WriteStartObject();
            writer.WriteString("scoreBin", FormattableString.Invariant($"({bin.Above:0.000},{bin.UpTo:0.000}]"));
            writer.WriteNumber("positiveExamples", bin.PositiveExamples);
            writer.WriteNumber("negativeExamples", bin.NegativeExamples);
            Number(writer, "fractionAboveThreshold", bin.FractionAboveThreshold);
            Number(writer, "accuracy", bin.Accuracy);
            Number(writer, "f1Score", bin.F1Score);
            Number(writer, "precision", bin.Precision);
            Number(writer, "recall", bin.Recall);
            Number(writer, "negativePrecision", bin.NegativePrecision);
            Number(writer, "negativeRecall", bin.NegativeRecall);
            Number(writer, "cumulativeAuc", bin.CumulativeAuc);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();

        void Curve(string name, Func<CurvePoint, double[]> of)
        {
            writer.WriteStartArray(name);
            foreach (var point in points)
            {
                Row(writer, of(point));
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteConfusion(Utf8JsonWriter writer, MulticlassMetrics metrics)
    {
        writer.WriteStartArray("classes");
        foreach (var name in metrics.Classes)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("confusion");
        foreach (var actual in metrics.Confusion)
        {
            Row(writer, [.. actual.Select(count => (double)count)]);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("confusionPercent");
        foreach (var actual in metrics.Confusion)
        {
            double sum = actual.Sum();
            Row(writer, [.. actual.Select(count => 100 * count / sum)]);
        }

        writer.WriteEndArray();
    }

    private static void Row(Utf8JsonWriter writer, params ReadOnlySpan<double> numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers)
        {
            if (double.IsFinite(number))
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
