using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>
/// A tree of weighted sums (Jose and others 2013): a row walks by the signs of the inner nodes' own sums, and every node that it
/// passes adds what it thinks of it.
/// </summary>
public sealed class LocallyDeepModel : TrainedModel, IStoredModel
{
    internal const string FormName = "locallyDeep";

    private const int MostDepth = 16;

    /// <summary>Describes a tree.</summary>
    /// <param name="description">Binary.</param>
    /// <param name="scale">From numbers to the scale of the weights.</param>
    /// <param name="depth">Inner nodes on the way to a leaf.</param>
    /// <param name="sharpness">How steep nodes judge.</param>
    /// <param name="votes">Per node, breadth first, a weight per slot and a bias: what it thinks.</param>
    /// <param name="gates">The same: how much that counts here.</param>
    /// <param name="routes">The same for inner nodes: above 0 rows go left.</param>
    /// <param name="link">From the sum to the probability.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    internal LocallyDeepModel(
        ModelDescription description,
        SlotScale scale,
        int depth,
        double sharpness,
        ImmutableArray<double> votes,
        ImmutableArray<double> gates,
        ImmutableArray<double> routes,
        LogisticLink link)
        : base(description)
    {
        var size = Layout.SlotCount + 1L;
        if (description.Task != ModelTask.Binary || depth is < 1 or > MostDepth || !scale.Fits(Layout.Columns.Length)
            || votes.Length != size * ((2L << depth) - 1) || gates.Length != votes.Length || routes.Length != size * ((1L << depth) - 1))
        {
            throw new ArgumentException($"Found {votes.Length} weights, which are no tree of depth {depth} over {size - 1} slots.", nameof(votes));
        }

        Scale = scale;
        Depth = depth;
        Sharpness = sharpness;
        Votes = votes;
        Gates = gates;
        Routes = routes;
        Link = link;
    }

    /// <summary>Inner nodes on the way to a leaf.</summary>
    public int Depth { get; }

    internal SlotScale Scale { get; }

    internal double Sharpness { get; }

    internal ImmutableArray<double> Votes { get; }

    internal ImmutableArray<double> Gates { get; }

    internal ImmutableArray<double> Routes { get; }

    internal LogisticLink Link { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        writer.WriteNumber("depth", Depth);
        writer.WriteNumber("sharpness", Sharpness);
        writer.WriteNumber("slope", Link.Slope);
        writer.WriteNumber("linkOffset", Link.Offset);
        SlotScales.Write(Scale, sections);
        sections["votes"] = ModelContainer.Bytes<double>(Votes.AsSpan());
        sections["gates"] = ModelContainer.Bytes<double>(Gates.AsSpan());
        sections["routes"] = ModelContainer.Bytes<double>(Routes.AsSpan());
    }

    internal static LocallyDeepModel Read(ModelDescription description, JsonElement json, Container container) => new(
        description,
        SlotScales.Read(container),
        json.GetProperty("depth").GetInt32(),
        TreeSections.Finite(json, "sharpness"),
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "votes")),
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "gates")),
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "routes")),
        new LogisticLink(TreeSections.Finite(json, "slope"), TreeSections.Finite(json, "linkOffset")));

    internal override IScorer CreateScorer(BoundFeature[] features) => new LocallyDeepScorer(Layout, features, this);
}
