using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>An anomaly detector by rows of training: how little a row is like them.</summary>
public sealed class SupportModel : TrainedModel, IStoredModel
{
    internal const string FormName = "support";

    /// <summary>Describes the rows and their weights.</summary>
    /// <param name="description">Anomaly.</param>
    /// <param name="scale">From numbers to the scale of the rows.</param>
    /// <param name="gamma">The kernel is exp(-gamma * squared distance).</param>
    /// <param name="offset">The likeness at which a row begins to be usual.</param>
    /// <param name="weights">One per support row.</param>
    /// <param name="rows">Row by row a value per column: a scaled number, or the number of a level.</param>
    /// <exception cref="ArgumentException">The parts do not fit the features.</exception>
    internal SupportModel(
        ModelDescription description, SlotScale scale, double gamma, double offset, ImmutableArray<double> weights, ImmutableArray<double> rows)
        : base(description)
    {
        var columns = Layout.Columns.Length;
        var fits = description.Task == ModelTask.Anomaly && scale.Fits(columns) && gamma > 0 && !weights.IsEmpty
            && rows.Length == (long)weights.Length * columns;
        for (var i = 0; fits && i < rows.Length; i++)
        {
            fits = !Layout.IsLevels(i % columns) || (rows[i] == (int)rows[i] && rows[i] >= 0 && rows[i] < Layout.Width(i % columns));
        }

        if (!fits)
        {
            throw new ArgumentException($"Found {weights.Length} support rows, which do not fit {columns} columns.", nameof(rows));
        }

        Scale = scale;
        Gamma = gamma;
        Offset = offset;
        Weights = weights;
        SupportRows = rows;
    }

    /// <summary>The kernel is exp(-gamma * squared distance).</summary>
    public double Gamma { get; }

    /// <summary>The likeness at which a row begins to be usual.</summary>
    public double Offset { get; }

    /// <summary>One per support row.</summary>
    public ImmutableArray<double> Weights { get; }

    internal ImmutableArray<double> SupportRows { get; }

    internal SlotScale Scale { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        writer.WriteNumber("gamma", Gamma);
        writer.WriteNumber("offset", Offset);
        SlotScales.Write(Scale, sections);
        sections["weights"] = ModelContainer.Bytes<double>(Weights.AsSpan());
        sections["supportRows"] = ModelContainer.Bytes<double>(SupportRows.AsSpan());
    }

    internal static SupportModel Read(ModelDescription description, JsonElement json, Container container) => new(
        description,
        SlotScales.Read(container),
        TreeSections.Finite(json, "gamma"),
        TreeSections.Finite(json, "offset"),
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "weights")),
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "supportRows")));

    internal override IScorer CreateScorer(BoundFeature[] features) => new SupportScorer(Layout, features, this);
}
