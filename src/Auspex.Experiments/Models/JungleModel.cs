using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>
/// Decision graphs whose leaves' class distributions are averaged. A node asks as one of a <see cref="TreeEnsemble"/>
/// does; other than there, several nodes may lead to the same.
/// </summary>
public sealed class JungleModel : TrainedModel, IStoredModel
{
    internal const string FormName = "jungle";

    /// <summary>Describes graphs.</summary>
    /// <param name="description">Binary or multiclass.</param>
    /// <param name="nodes">The nodes of all graphs; the first of a graph is where rows begin.</param>
    /// <exception cref="ArgumentException">The nodes are not graphs without circles, or do not fit the features.</exception>
    internal JungleModel(ModelDescription description, JungleNodes nodes)
        : base(description)
    {
        if (description.Task is not (ModelTask.Binary or ModelTask.Multiclass))
        {
            throw new ArgumentException($"A {description.Task} model is no jungle.", nameof(description));
        }

        nodes.Check(Layout, description.Classes.Length);
        Nodes = nodes;
    }

    internal JungleNodes Nodes { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        sections["starts"] = ModelContainer.Bytes<int>(Nodes.Starts);
        sections["features"] = ModelContainer.Bytes<int>(Nodes.Features);
        sections["thresholds"] = ModelContainer.Bytes<float>(Nodes.Thresholds);
        sections["levels"] = ModelContainer.Bytes<int>(Nodes.Levels);
        sections["missingRight"] = Nodes.MissingRight;
        sections["left"] = ModelContainer.Bytes<int>(Nodes.Left);
        sections["right"] = ModelContainer.Bytes<int>(Nodes.Right);
        sections["distributions"] = ModelContainer.Bytes<double>(Nodes.Distributions);
    }

    internal static JungleModel Read(ModelDescription description, Container container) => new(description, new JungleNodes(
        ModelContainer.Array<int>(container, "starts"),
        ModelContainer.Array<int>(container, "features"),
        ModelContainer.Array<float>(container, "thresholds"),
        ModelContainer.Array<int>(container, "levels"),
        ModelContainer.Array<byte>(container, "missingRight"),
        ModelContainer.Array<int>(container, "left"),
        ModelContainer.Array<int>(container, "right"),
        ModelContainer.Finite(container, "distributions")));

    private protected override void DemandExplainable() => throw NoReasons(
        "several ways lead to a node of its graphs, and how many rows took which is not kept. Train the decision forest of the same task instead.");

    internal override IScorer CreateScorer(BoundFeature[] features) => new JungleScorer(
        Layout, features, Nodes, Description.Classes.Length, Task == ModelTask.Binary ? 1 : Description.Classes.Length, Description.AllowsUnknownLevels);
}
