using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>
/// Ranks by one two-class model that is asked, rank after rank, whether the rank is exceeded (Li and Lin 2007): which rank
/// is meant is one more feature of it, its last.
/// </summary>
public sealed class OrdinalModel : TrainedModel, IStoredModel
{
    internal const string FormName = "ordinal";

    /// <summary>Makes a model of ranks.</summary>
    /// <param name="description">Ordinal; the classes are the ranks, ascending.</param>
    /// <param name="part">The two-class model; its last feature has one level per rank but the highest.</param>
    /// <exception cref="ArgumentException">The part does not fit the ranks or features.</exception>
    public OrdinalModel(ModelDescription description, TrainedModel part)
        : base(description)
    {
        var fields = part.Features.Fields;
        if (description.Task != ModelTask.Ordinal || fields.IsEmpty || fields[^1].Categories?.Levels.Length != description.Classes.Length - 1)
        {
            throw new ArgumentException($"The model's last feature is no question for each of {description.Classes.Length} ranks.", nameof(part));
        }

        ModelParts.CheckPart(description, part, new TableSchema(fields[..^1]));
        Part = part;
    }

    /// <summary>The two-class model.</summary>
    public TrainedModel Part { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections) => sections["parts"] = ModelParts.Write([Part]);

    internal static OrdinalModel Read(ModelDescription description, Container container) =>
        ModelParts.Read(container, "parts") is [var part]
            ? new OrdinalModel(description, part)
            : throw new FormatException("Expected one model inside a model of ranks.");

    internal override IScorer CreateScorer(BoundFeature[] features) => new OrdinalScorer(
    [
        .. Enumerable.Range(0, Description.Classes.Length - 1)
            .Select(rank => Part.CreateScorer([.. features, new ConstantLevel(rank)])),
    ]);
}
