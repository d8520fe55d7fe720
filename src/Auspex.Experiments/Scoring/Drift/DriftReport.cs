using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Auspex.Experiments.Scoring.Drift;

/// <summary>How far rows lie from those that a model was trained on.</summary>
/// <param name="Source">Whose rows they are.</param>
/// <param name="Rows">Rows counted.</param>
/// <param name="RowsBefore">Rows that were scored before a crash and are not counted.</param>
/// <param name="Score">Of the scores; null where they are not in the output.</param>
/// <param name="Columns">The farthest first.</param>
/// <param name="NotCompared">Columns of the model that other modules make on the way.</param>
public sealed record DriftReport(
    string Source,
    long Rows,
    long RowsBefore,
    ColumnDrift? Score,
    ImmutableArray<ColumnDrift> Columns,
    ImmutableArray<string> NotCompared)
{
    /// <summary>Writes the report as JSON.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("source", Source);
            writer.WriteNumber("rows", Rows);
            writer.WriteNumber("rowsNotCounted", RowsBefore);
            if (Score is not null)
            {
                writer.WritePropertyName("score");
                Write(writer, Score);
            }

            writer.WriteStartArray("columns");
            foreach (var column in Columns)
            {
                Write(writer, column);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("notCompared");
            foreach (var name in NotCompared)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, ColumnDrift column)
    {
        writer.WriteStartObject();
        writer.WriteString("name", column.Name);
        writer.WriteNumber("psi", column.Psi);
        if (column.Ks is { } ks)
        {
            writer.WriteNumber("ks", ks);
        }

        writer.WriteString("drift", column.Verdict);
        writer.WriteNumber("missingShare", column.MissingShare);
        writer.WriteNumber("trainingMissingShare", column.TrainingMissingShare);
        writer.WriteNumber("unseenShare", column.UnseenShare);
        writer.WriteStartArray("bins");
        foreach (var bin in column.Bins)
        {
            writer.WriteStartObject();
            writer.WriteString("bin", bin.Label);
            writer.WriteNumber("training", bin.Training);
            writer.WriteNumber("found", bin.Found);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>A column beside its training.</summary>
/// <param name="Name">The column.</param>
/// <param name="Psi">Population stability index over the bins of known values, levels that training has not seen in one of their own.</param>
/// <param name="Ks">For numbers the greatest difference of the two distributions at an edge of bins, 0 to 1: Kolmogorov-Smirnov's, or less.</param>
/// <param name="MissingShare">The part of rows without a value.</param>
/// <param name="TrainingMissingShare">The same at training.</param>
/// <param name="UnseenShare">The part of rows with a level that training has not seen.</param>
/// <param name="Bins">Shares of known values.</param>
public sealed record ColumnDrift(
    string Name,
    double Psi,
    double? Ks,
    double MissingShare,
    double TrainingMissingShare,
    double UnseenShare,
    ImmutableArray<DriftBin> Bins)
{
    // What an empty bin counts as: the logarithm of its share would be infinite.
    private const double LeastShare = 1e-4;

    /// <summary>The usual reading of the index: below 0.1 <c>none</c>, below 0.25 <c>moderate</c>, else <c>large</c>.</summary>
    public string Verdict => Psi < 0.1 ? "none" : Psi < 0.25 ? "moderate" : "large";

    internal static ColumnDrift Of(DriftCounts counts)
    {
        var (training, known) = (counts.Training.Known, counts.Counts.Sum() + counts.Unseen);
        var bins = ImmutableArray.CreateBuilder<DriftBin>();
        for (var i = 0; i < counts.Counts.Length; i++)
        {
            bins.Add(new DriftBin(Label(counts, i), Share(counts.Training.Counts[i], training), Share(counts.Counts[i], known)));
        }

        if (counts.Unseen > 0)
        {
            bins.Add(new DriftBin("(not seen at training)", 0, Share(counts.Unseen, known)));
        }

        var (psi, ks, below) = (0.0, 0.0, 0.0);
        foreach (var bin in bins)
        {
            var (p, q) = (Math.Max(bin.Training, LeastShare), Math.Max(bin.Found, LeastShare));
            psi += (q - p) * Math.Log(q / p);
            below += bin.Found - bin.Training;
            ks = Math.Max(ks, Math.Abs(below));
        }

        var isComparable = training > 0 && known > 0;
        return new ColumnDrift(
            counts.Column.Name,
            isComparable ? psi : 0,
            counts.Column.Levels is null && isComparable ? ks : null,
            Share(counts.Missing, known + counts.Missing),
            counts.Training.MissingShare,
            Share(counts.Unseen, known + counts.Missing),
            bins.ToImmutable());
    }

    private static double Share(long part, long all) => all == 0 ? 0 : (double)part / all;

    private static string Label(DriftCounts counts, int bin)
    {
        if (counts.Column.Levels is { } levels)
        {
            return levels[bin];
        }

        var edges = counts.Training.Edges;
        return edges.IsEmpty ? "all"
            : bin < edges.Length ? string.Create(CultureInfo.InvariantCulture, $"up to {edges[bin]:G6}")
            : string.Create(CultureInfo.InvariantCulture, $"above {edges[^1]:G6}");
    }
}

/// <summary>A bin with its part of the known values, 0 to 1, at training and now.</summary>
public sealed record DriftBin(string Label, double Training, double Found);
