using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>A network of fully connected layers, for two classes, several, or a number.</summary>
public sealed class NetworkModel : TrainedModel, IStoredModel
{
    internal const string FormName = "network";

    private const int MostLayers = 60;

    /// <summary>Describes a network.</summary>
    /// <param name="description">Binary, multiclass or regression.</param>
    /// <param name="scale">From numbers to the scale of the first layer.</param>
    /// <param name="layers">At least one. The first one's inputs are the slots; the last one's nodes are the scores.</param>
    /// <exception cref="ArgumentException">Layers do not fit each other, the features or the task.</exception>
    internal NetworkModel(ModelDescription description, SlotScale scale, ImmutableArray<NetworkLayer> layers)
        : base(description)
    {
        var (outputs, function) = description.Task switch
        {
            ModelTask.Binary => (1, NodeFunction.Sigmoid),
            ModelTask.Multiclass => (description.Classes.Length, NodeFunction.Softmax),
            ModelTask.Regression => (1, NodeFunction.Linear),
            _ => throw new ArgumentException($"A {description.Task} model is no network.", nameof(description)),
        };
        var inputs = Layout.SlotCount;
        var fits = layers.Length is > 0 and <= MostLayers && scale.Fits(Layout.Columns.Length);
        for (var i = 0; fits && i < layers.Length; i++)
        {
            var layer = layers[i];
            var isLast = i == layers.Length - 1;
            fits = layer.Nodes > 0 && layer.Weights.Length == (long)inputs * layer.Nodes && Enum.IsDefined(layer.Function)
                && (isLast ? layer.Nodes == outputs && layer.Function == function : layer.Function != NodeFunction.Softmax);
            inputs = layer.Nodes;
        }

        if (!fits)
        {
            throw new ArgumentException("The network's layers do not fit each other, the features or the task.", nameof(layers));
        }

        Scale = scale;
        Layers = layers;
    }

    /// <summary>The layers, from the features to the scores.</summary>
    public ImmutableArray<NetworkLayer> Layers { get; }

    internal SlotScale Scale { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        SlotScales.Write(Scale, sections);
        writer.WriteStartArray("layers");
        foreach (var layer in Layers)
        {
            writer.WriteStartObject();
            writer.WriteString("function", layer.Function.ToString());
            writer.WriteNumber("nodes", layer.Nodes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        sections["weights"] = ModelContainer.Bytes<double>([.. Layers.SelectMany(layer => layer.Weights)]);
        sections["biases"] = ModelContainer.Bytes<double>([.. Layers.SelectMany(layer => layer.Biases)]);
    }

    internal static NetworkModel Read(ModelDescription description, JsonElement json, Container container)
    {
        var weights = ModelContainer.Finite(container, "weights");
        var biases = ModelContainer.Finite(container, "biases");
        var layers = ImmutableArray.CreateBuilder<NetworkLayer>();
        var inputs = new FeatureLayout(description.Features, description.AllowsUnknownLevels).SlotCount;
        var (atWeight, atBias) = (0, 0);
        foreach (var layer in json.GetProperty("layers").EnumerateArray())
        {
            var nodes = layer.GetProperty("nodes").GetInt32();
            if (nodes < 1 || nodes > biases.Length - atBias || (long)nodes * inputs > weights.Length - atWeight)
            {
                throw new FormatException($"A layer of {nodes} nodes has no weights.");
            }

            layers.Add(new NetworkLayer(
                Enum.Parse<NodeFunction>(layer.GetProperty("function").GetString() ?? ""),
                [.. weights.AsSpan(atWeight, nodes * inputs)],
                [.. biases.AsSpan(atBias, nodes)]));
            (atWeight, atBias, inputs) = (atWeight + (nodes * inputs), atBias + nodes, nodes);
        }

        return atWeight == weights.Length && atBias == biases.Length
            ? new NetworkModel(description, SlotScales.Read(container), layers.ToImmutable())
            : throw new FormatException("The network has weights of no layer.");
    }

    internal override IScorer CreateScorer(BoundFeature[] features) => new NetworkScorer(Layout, features, Scale, Layers);
}
