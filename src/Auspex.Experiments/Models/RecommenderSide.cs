using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Models;

/// <summary>The users of a recommender, or its items: ids, and a bias and traits of each. Immutable and thread-safe.</summary>
internal sealed class RecommenderSide
{
    private readonly double[] _totals;
    private readonly double[] _own;
    private readonly double[] _weights;

    /// <param name="ids">Whom training has seen.</param>
    /// <param name="size">1 and the number of traits.</param>
    /// <param name="totals">Per id the bias and then the traits, its features' part included.</param>
    /// <param name="own">The same without the features' part; the totals themselves without features.</param>
    /// <param name="features">The feature columns; none for none.</param>
    /// <param name="scale">From numbers to the scale of the weights.</param>
    /// <param name="weights">Per slot of the features and element a weight, slot by slot.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public RecommenderSide(
        IdList ids, int size, double[] totals, double[] own, TableSchema features, SlotScale scale, double[] weights)
    {
        Layout = new FeatureLayout(features, allowsUnknownLevels: true);
        if (size < 1 || totals.Length != (long)ids.Count * size || own.Length != totals.Length
            || weights.Length != (long)Layout.SlotCount * size || !scale.Fits(features.Fields.Length))
        {
            throw new ArgumentException($"Found {totals.Length} traits and {weights.Length} weights, which do not fit {ids.Count} ids.", nameof(totals));
        }

        (Ids, Size, _totals, _own, Scale, _weights) = (ids, size, totals, own, scale, weights);
    }

    public IdList Ids { get; }

    /// <summary>1 and the number of traits.</summary>
    public int Size { get; }

    public FeatureLayout Layout { get; }

    public SlotScale Scale { get; }

    /// <summary>Whether traits depend on features.</summary>
    public bool HasFeatures => Layout.Columns.Length > 0;

    /// <summary>Bias and traits of an id as training knew it.</summary>
    public ReadOnlySpan<double> Of(int index) => _totals.AsSpan(index * Size, Size);

    /// <summary>Bias and traits by the features of a row, and by what training has learned of the id beyond them.</summary>
    /// <param name="index">The id's place; -1 for one that training has not seen.</param>
    /// <param name="features">Features of several.</param>
    /// <param name="row">The row there.</param>
    /// <param name="result">Bias and traits.</param>
    public void Of(int index, FeatureRows features, int row, Span<double> result)
    {
        for (var element = 0; element < Size; element++)
        {
            result[element] = features.Sum(row, _weights, Size, element) + (index < 0 ? 0 : _own[(index * Size) + element]);
        }
    }

    public void Write(string name, Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        writer.WriteStartObject(name);
        writer.WriteString("idType", Ids.Type.ToString());
        writer.WriteStartArray("features");
        foreach (var field in Layout.Columns)
        {
            ModelHeader.WriteField(writer, field);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        Ids.Write(name, sections);
        sections[name + "Traits"] = ModelContainer.Bytes<double>(_totals);
        if (HasFeatures)
        {
            sections[name + "Own"] = ModelContainer.Bytes<double>(_own);
            sections[name + "Weights"] = ModelContainer.Bytes<double>(_weights);
            sections[name + "Offsets"] = ModelContainer.Bytes<double>(Scale.Offsets.AsSpan());
            sections[name + "Factors"] = ModelContainer.Bytes<double>(Scale.Factors.AsSpan());
        }
    }

    public static RecommenderSide Read(string name, int size, JsonElement json, Container container)
    {
        var header = json.GetProperty(name);
        if (!Enum.TryParse<ColumnType>(header.GetProperty("idType").GetString(), out var type))
        {
            throw new FormatException("The type of ids is unknown.");
        }

        var features = new TableSchema(ModelHeader.ReadAll(header.GetProperty("features"), ModelHeader.ReadField));
        var ids = IdList.Read(name, type, container);
        var totals = ModelContainer.Finite(container, name + "Traits");
        return features.Fields.IsEmpty
            ? new RecommenderSide(ids, size, totals, totals, features, SlotScale.Plain(0), [])
            : new RecommenderSide(
                ids,
                size,
                totals,
                ModelContainer.Finite(container, name + "Own"),
                features,
                new SlotScale(
                    [.. ModelContainer.Finite(container, name + "Offsets")], [.. ModelContainer.Finite(container, name + "Factors")]),
                ModelContainer.Finite(container, name + "Weights"));
    }
}
