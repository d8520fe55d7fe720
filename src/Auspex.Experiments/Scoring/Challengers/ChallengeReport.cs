using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Experiments.Evaluation;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>What champion and challengers disagree about. Holds no value of a row: only numbers of rows, classes and counts.</summary>
/// <param name="Source">Whose rows they are.</param>
/// <param name="Champion">The model whose scores are in the output.</param>
/// <param name="ChampionLearner">Its learner.</param>
/// <param name="RowsBefore">Rows that were scored before a crash and are not counted.</param>
/// <param name="ChampionMetrics">By its label, where the rows have it.</param>
/// <param name="Classes">Of the champion.</param>
/// <param name="Challengers">In the order that they were given in.</param>
public sealed record ChallengeReport(
    string Source,
    string Champion,
    string ChampionLearner,
    long RowsBefore,
    ImmutableArray<Metric> ChampionMetrics,
    ImmutableArray<string> Classes,
    ImmutableArray<ChallengerFinding> Challengers)
{
    /// <summary>Writes the report as JSON.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("source", Source);
            writer.WriteNumber("rowsNotCounted", RowsBefore);
            writer.WriteStartObject("champion");
            writer.WriteString("name", Champion);
            writer.WriteString("learner", ChampionLearner);
            Write(writer, ChampionMetrics);
            writer.WriteEndObject();
            writer.WriteStartArray("classes");
            foreach (var name in Classes)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("challengers");
            foreach (var challenger in Challengers)
            {
                Write(writer, challenger);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, ChallengerFinding found)
    {
        writer.WriteStartObject();
        writer.WriteString("name", found.Name);
        writer.WriteString("learner", found.Learner);
        writer.WriteNumber("rows", found.Rows);
        writer.WriteNumber("agreement", found.Agreement);
        writer.WriteNumber("scoredByOneOnly", found.ScoredByOneOnly);
        WriteFinite(writer, "correlation", found.Correlation);
        WriteFinite(writer, "meanDifference", found.MeanDifference);
        writer.WriteStartArray("differences");
        foreach (var (part, size) in found.Differences)
        {
            writer.WriteStartObject();
            writer.WriteNumber("quantile", part);
            WriteFinite(writer, "size", size);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("confusion");
        foreach (var row in found.Confusion)
        {
            writer.WriteStartArray();
            foreach (var count in row)
            {
                writer.WriteNumberValue(count);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("farthestRows");
        foreach (var (row, size) in found.FarthestRows)
        {
            writer.WriteStartObject();
            writer.WriteNumber("row", row);
            WriteFinite(writer, "difference", size);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        Write(writer, found.Metrics);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ImmutableArray<Metric> metrics)
    {
        writer.WriteStartObject("metrics");
        foreach (var metric in metrics)
        {
            WriteFinite(writer, metric.Name, metric.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteFinite(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}

/// <summary>What champion and one challenger disagree about.</summary>
/// <param name="Name">The challenger.</param>
/// <param name="Learner">Its learner.</param>
/// <param name="Rows">Rows counted.</param>
/// <param name="Agreement">The part with the same class, or, of numbers, with the same number (to nine digits).</param>
/// <param name="ScoredByOneOnly">Rows that one of the two gave no score.</param>
/// <param name="Correlation">Pearson's, of probabilities or predicted numbers; null where one of them is constant or there are none.</param>
/// <param name="MeanDifference">The mean size of their differences; null where there are none.</param>
/// <param name="Differences">Sizes that parts of the rows do not exceed, from below within 1 %.</param>
/// <param name="Confusion">Rows by the champion's class (down) and the challenger's (across); the last of both stands for none or another.</param>
/// <param name="FarthestRows">The rows of the output that differ most, counted from 1.</param>
/// <param name="Metrics">By the champion's label, where the rows have it; the area under the curve from 4,096 bins of the probability.</param>
public sealed record ChallengerFinding(
    string Name,
    string Learner,
    long Rows,
    double Agreement,
    long ScoredByOneOnly,
    double? Correlation,
    double? MeanDifference,
    ImmutableArray<DifferenceQuantile> Differences,
    ImmutableArray<ImmutableArray<long>> Confusion,
    ImmutableArray<FarRow> FarthestRows,
    ImmutableArray<Metric> Metrics);

/// <summary>A size that this part of the differences, 0 to 1, does not exceed.</summary>
public sealed record DifferenceQuantile(double Part, double Size);

/// <summary>A row of the output, from 1, and how far champion and challenger are apart in it.</summary>
public sealed record FarRow(long Row, double Size);
