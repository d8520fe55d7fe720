using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>A two-class model per class; their probabilities are divided by their sum.</summary>
public sealed class OneVsAllModel : TrainedModel, IStoredModel
{
    internal const string FormName = "oneVsAll";

    /// <summary>Puts models together.</summary>
    /// <param name="description">Multiclass.</param>
    /// <param name="parts">Per class, in the description's order, the model that tells it from all others; of the same features.</param>
    /// <exception cref="ArgumentException">The parts do not fit the classes or features.</exception>
    public OneVsAllModel(ModelDescription description, ImmutableArray<TrainedModel> parts)
        : base(description)
    {
        if (description.Task != ModelTask.Multiclass || parts.Length != description.Classes.Length)
        {
            throw new ArgumentException($"Found {parts.Length} models; there are {description.Classes.Length} classes.", nameof(parts));
        }

        foreach (var part in parts)
        {
            ModelParts.CheckPart(description, part, part.Features);
        }

        Parts = parts;
    }

    /// <summary>Per class the model that tells it from all others.</summary>
    public ImmutableArray<TrainedModel> Parts { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections) => sections["parts"] = ModelParts.Write(Parts);

    internal static OneVsAllModel Read(ModelDescription description, Container container) =>
        new(description, ModelParts.Read(container, "parts"));

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        new OneVsAllScorer([.. Parts.Select(part => part.CreateScorer(features))]);
}
