using System.Globalization;
using System.Text;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Vowpal;

/// <summary>A model as text, for people.</summary>
internal static class VowpalText
{
    /// <summary>Each weight by the hash of its feature.</summary>
    public static string Readable(VowpalModel model)
    {
        var text = Head(model);
        foreach (var (place, weight) in model.Weights)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Hash(model, place)}:{weight}\n");
        }

        return text.ToString();
    }

    /// <summary>Each weight by the name and the hash of its feature.</summary>
    public static string Inverted(VowpalModel model, Dictionary<uint, string> names)
    {
        var mask = (1u << model.Options.Bits) - 1;
        var byHash = names.OrderBy(name => name.Value, StringComparer.Ordinal).ToLookup(name => (int)(name.Key & mask), name => name.Value);
        var text = Head(model);
        foreach (var (place, weight) in model.Weights)
        {
            foreach (var name in byHash[place / Math.Max(1, model.Options.Classes)])
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}:{Hash(model, place)}:{weight}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What labels must be.</summary>
    public static string LabelsOf(VowpalOptions options) => options.Classes > 0
        ? $"its label is no class from 1 to {options.Classes}"
        : "its label is neither 1 nor -1, which this loss function needs";

    private static string Hash(VowpalModel model, int place) => model.Options.Classes == 0
        ? place.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{place / model.Options.Classes}[{place % model.Options.Classes}]");

    private static StringBuilder Head(VowpalModel model) => new StringBuilder().Append(
        CultureInfo.InvariantCulture,
        $"Min label:{model.Least}\nMax label:{model.Greatest}\nbits:{model.Options.Bits}\noptions:{model.Options.Text}\n:0\n");
}
