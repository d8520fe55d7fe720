using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>How far two rows are apart.</summary>
public enum ClusterMetric
{
    /// <summary>The straight way.</summary>
    Euclidean,

    /// <summary>1 less the cosine of the angle between them.</summary>
    Cosine,
}

/// <summary>Clusters by their centres.</summary>
public sealed class CentroidModel : TrainedModel, IStoredModel
{
    internal const string FormName = "centroids";

    /// <summary>Describes clusters.</summary>
    /// <param name="description">Clustering.</param>
    /// <param name="metric">How distances are measured.</param>
    /// <param name="scale">From numbers to the scale of the centres.</param>
    /// <param name="centers">Per cluster a value per slot.</param>
    /// <param name="labels">The labels that clusters give; null where they give none.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    internal CentroidModel(
        ModelDescription description, ClusterMetric metric, SlotScale scale, ImmutableArray<ImmutableArray<double>> centers, ClusterLabels? labels)
        : base(description)
    {
        if (description.Task != ModelTask.Clustering || centers.Length != description.Clusters
            || centers.Any(center => center.Length != Layout.SlotCount)
            || !scale.Fits(Layout.Columns.Length)
            || (labels is not null && labels.Values.Length != centers.Length) || !Enum.IsDefined(metric))
        {
            throw new ArgumentException($"Found {centers.Length} centres, which do not fit the features or the number of clusters.", nameof(centers));
        }

        if (labels is not null)
        {
            // Its constructor checks that every label is a value of the label's type.
            _ = new LabelValues(description.Label, labels.Values);
        }

        Metric = metric;
        Scale = scale;
        Centers = centers;
        ClusterLabels = labels;
    }

    /// <summary>How distances are measured.</summary>
    public ClusterMetric Metric { get; }

    /// <summary>Per cluster a value per slot, on the model's own scale.</summary>
    public ImmutableArray<ImmutableArray<double>> Centers { get; }

    internal SlotScale Scale { get; }

    internal override ClusterLabels? ClusterLabels { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        writer.WriteString("metric", Metric.ToString());
        SlotScales.Write(Scale, sections);
        sections["centers"] = ModelContainer.Bytes<double>([.. Centers.SelectMany(center => center)]);
        if (ClusterLabels is { } labels)
        {
            writer.WriteBoolean("fillsOnlyMissing", labels.OnlyMissing);
            writer.WriteStartArray("clusterLabels");
            foreach (var label in labels.Values)
            {
                writer.WriteStringValue(label);
            }

            writer.WriteEndArray();
        }
    }

    internal static CentroidModel Read(ModelDescription description, JsonElement json, Container container)
    {
        var values = ModelContainer.Finite(container, "centers");
        if (values.Length % description.Clusters != 0)
        {
            throw new FormatException($"Found {values.Length} values for {description.Clusters} clusters.");
        }

        return new CentroidModel(
            description,
            Enum.Parse<ClusterMetric>(json.GetProperty("metric").GetString() ?? ""),
            SlotScales.Read(container),
            [.. values.Chunk(Math.Max(1, values.Length / description.Clusters)).Select(center => center.ToImmutableArray())],
            json.TryGetProperty("clusterLabels", out var labels)
                ? new ClusterLabels(
                    [.. labels.EnumerateArray().Select(label => label.GetString() ?? throw new FormatException("A cluster's label is null."))],
                    json.GetProperty("fillsOnlyMissing").GetBoolean())
                : null);
    }

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        new CentroidScorer(Layout, features, Scale, new CentroidDistances(Layout, Metric, [.. Centers.Select(center => center.ToArray())]));
}
