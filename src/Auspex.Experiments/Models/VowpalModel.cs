using System.Text.Json;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Vowpal;

namespace Auspex.Experiments.Models;

/// <summary>Weights by the hashes of features. It scores lines of text, by Score Vowpal Wabbit Model, not columns.</summary>
public sealed class VowpalModel : TrainedModel, IStoredModel
{
    internal const string FormName = "vowpal";

    private readonly int[] _places;
    private readonly float[] _weights;
    private readonly Lazy<float[]> _dense;

    /// <param name="description">A number, without features.</param>
    /// <param name="options">The arguments it was trained with.</param>
    /// <param name="least">The least prediction.</param>
    /// <param name="greatest">The greatest prediction.</param>
    /// <param name="places">Where weights are that are not 0, ascending.</param>
    /// <param name="weights">The weights there.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    internal VowpalModel(
        ModelDescription description, VowpalOptions options, double least, double greatest, int[] places, float[] weights)
        : base(description)
    {
        var size = (1L << options.Bits) * Math.Max(1, options.Classes);
        var isSound = description.Task == ModelTask.Regression && description.Features.Fields.IsEmpty && places.Length == weights.Length
            && size <= MostWeights && least <= greatest && weights.All(float.IsFinite);
        for (var i = 0; i < places.Length; i++)
        {
            isSound &= places[i] < size && places[i] > (i == 0 ? -1 : places[i - 1]);
        }

        if (!isSound)
        {
            throw new ArgumentException($"Found {weights.Length} weights, which do not fit their places.", nameof(weights));
        }

        (Options, Least, Greatest, _places, _weights) = (options, least, greatest, places, weights);
        _dense = new Lazy<float[]>(() =>
        {
            var dense = new float[size];
            CopyTo(dense);
            return dense;
        });
    }

    /// <summary>The most weights of a model: those of 2^28 features.</summary>
    internal const long MostWeights = 1L << 28;

    internal VowpalOptions Options { get; }

    internal double Least { get; }

    internal double Greatest { get; }

    /// <summary>Where weights are that are not 0, and what they are.</summary>
    internal IEnumerable<(int Place, float Weight)> Weights => _places.Zip(_weights);

    string IStoredModel.Form => FormName;

    /// <summary>Sums of a line, one for each class; one for a number.</summary>
    internal double[] Sums(VowpalExample example)
    {
        var (dense, sets, mask) = (_dense.Value, Math.Max(1, Options.Classes), (1u << Options.Bits) - 1);
        var sums = new double[sets];
        Array.Fill(sums, example.Base);
        for (var i = 0; i < example.Indexes.Length; i++)
        {
            var place = (int)(example.Indexes[i] & mask) * sets;
            for (var set = 0; set < sets; set++)
            {
                sums[set] += (double)dense[place + set] * example.Values[i];
            }
        }

        return sums;
    }

    /// <summary>Copies the weights to an array of all.</summary>
    internal void CopyTo(float[] weights)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            weights[_places[i]] = _weights[i];
        }
    }

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        writer.WriteString("arguments", Options.Text);
        sections["bounds"] = ModelContainer.Bytes<double>([Least, Greatest]);
        sections["places"] = ModelContainer.Bytes<int>(_places);
        sections["weights"] = ModelContainer.Bytes<float>(_weights);
    }

    internal static VowpalModel Read(ModelDescription description, JsonElement json, Container container) =>
        ModelContainer.Finite(container, "bounds") is [var least, var greatest]
            ? new VowpalModel(
                description,
                VowpalArguments.Read(json.GetProperty("arguments").GetString() ?? ""),
                least,
                greatest,
                ModelContainer.Array<int>(container, "places"),
                ModelContainer.Array<float>(container, "weights"))
            : throw new FormatException("Expected the least and the greatest prediction.");

    internal override IScorer CreateScorer(BoundFeature[] features) => throw new ModuleException(
        13, $"A model of '{Learner}' scores lines of text; use it with the module that scores Vowpal Wabbit models.");
}
