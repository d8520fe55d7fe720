using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>An anomaly detector: what of a row lies outside the directions that training rows spread in.</summary>
public sealed class SubspaceModel : TrainedModel, IStoredModel
{
    internal const string FormName = "subspace";

    /// <summary>Describes a subspace.</summary>
    /// <param name="description">Anomaly.</param>
    /// <param name="center">Per slot what is subtracted from rows first.</param>
    /// <param name="components">Orthogonal directions of length 1, a number per slot each.</param>
    /// <exception cref="ArgumentException">The parts do not fit the features.</exception>
    public SubspaceModel(ModelDescription description, ImmutableArray<double> center, ImmutableArray<ImmutableArray<double>> components)
        : base(description)
    {
        if (description.Task != ModelTask.Anomaly || center.Length != Layout.SlotCount
            || components.IsEmpty || components.Any(component => component.Length != center.Length))
        {
            throw new ArgumentException($"Found {components.Length} directions, which do not fit {Layout.SlotCount} slots.", nameof(components));
        }

        Center = center;
        Components = components;
    }

    /// <summary>Per slot what is subtracted from rows first.</summary>
    public ImmutableArray<double> Center { get; }

    /// <summary>Orthogonal directions of length 1.</summary>
    public ImmutableArray<ImmutableArray<double>> Components { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        sections["center"] = ModelContainer.Bytes<double>(Center.AsSpan());
        sections["components"] = ModelContainer.Bytes<double>([.. Components.SelectMany(component => component)]);
    }

    internal static SubspaceModel Read(ModelDescription description, Container container)
    {
        var center = ModelContainer.Finite(container, "center");
        var components = ModelContainer.Finite(container, "components");
        return new SubspaceModel(
            description,
            ImmutableCollectionsMarshal.AsImmutableArray(center),
            center.Length > 0 && components.Length % center.Length == 0
                ? [.. components.Chunk(center.Length).Select(component => component.ToImmutableArray())]
                : throw new FormatException($"Found {components.Length} numbers of directions over {center.Length} slots."));
    }

    internal override IScorer CreateScorer(BoundFeature[] features) => new SubspaceScorer(Layout, features, Center, Components);
}
