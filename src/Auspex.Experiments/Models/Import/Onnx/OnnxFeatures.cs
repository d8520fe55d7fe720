using System.Globalization;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>
/// Follows a value back to the inputs of the graph, through the operators that only rename, join, round or scale columns.
/// </summary>
internal sealed class OnnxFeatures(OnnxGraph graph, string fileName)
{
    private const int MostFeatures = 1 << 17;
    private const int MostWork = 1 << 22;
    private const int MostSteps = 1000;

    // Each node on the way counts, however often it is passed: a graph that shares its parts could double them at each step.
    private int _steps;
    private long _work;

    /// <summary>The columns of a value.</summary>
    /// <param name="value">The value's name.</param>
    /// <param name="width">How many columns it must have where the file does not say.</param>
    public OnnxFeature[] Resolve(string value, int width)
    {
        if (++_steps > MostSteps)
        {
            throw Refused($"more than {MostSteps} operators stand before the trees, or they form a circle");
        }

        if (graph.Producer(value) is not { } node)
        {
            return OfInput(graph.Inputs.Find(input => input.Name == value)
                ?? throw Refused($"'{MessagePart.Short(value)}' before the trees is neither an input nor given by a node"), width);
        }

        var features = Through(node, width);
        _work += features.Length;
        return _work <= MostWork ? features : throw Refused($"the operators before the trees pass on more than {MostWork} columns in all");
    }

    private OnnxFeature[] Through(OnnxNode node, int width) => node.Operator switch
    {
        "Identity" => Resolve(Only(node), width),
        "Cast" => Cast(node, Resolve(Only(node), width)),
        "Scaler" => Scale(node, Resolve(Only(node), width)),
        "Concat" when node.Integer("axis", 1) is 1 or -1 => Join(node),
        "FeatureVectorizer" => [.. Join(node).Select(feature => feature with { IsDouble = false })],
        _ => throw Refused($"{node.Where} before the trees is not read; expected Identity, Cast, Scaler, Concat of columns or FeatureVectorizer"),
    };

    private OnnxFeature[] OfInput(OnnxInput input, int width)
    {
        if (input.Type is not (OnnxTensor.Single or OnnxTensor.Double or OnnxTensor.Int32 or OnnxTensor.Int64 or OnnxTensor.Boolean))
        {
            throw Refused($"input '{MessagePart.Short(input.Name)}' is of type {input.Type}; expected a tensor of numbers or truth values");
        }

        var count = input.Width >= 0 ? input.Width : width;
        if (count is < 0 or > MostFeatures)
        {
            throw Refused(string.Create(
                CultureInfo.InvariantCulture, $"input '{MessagePart.Short(input.Name)}' has {count} columns; expected a size in the file, of at most {MostFeatures}"));
        }

        return
        [
            .. Enumerable.Range(0, (int)count).Select(index => new OnnxFeature(
                input, index, input.Type == OnnxTensor.Double, ReadOnlyMemory<(float, float)>.Empty)),
        ];
    }

    private OnnxFeature[] Join(OnnxNode node)
    {
        var joined = new List<OnnxFeature>();
        foreach (var input in node.Inputs)
        {
            joined.AddRange(Resolve(input, width: -1));
            if (joined.Count > MostFeatures)
            {
                throw Refused($"{node.Where} joins more than {MostFeatures} columns");
            }
        }

        return [.. joined];
    }

    private OnnxFeature[] Cast(OnnxNode node, OnnxFeature[] features) => node.Integer("to", 0) switch
    {
        OnnxTensor.Single => [.. features.Select(feature => feature with { IsDouble = false })],
        OnnxTensor.Double => [.. features.Select(feature => feature with { IsDouble = feature.IsDouble && feature.Scales.IsEmpty })],
        var type => throw Refused($"{node.Where} before the trees makes type {type} of numbers; expected single (1) or double (11) precision"),
    };

    private OnnxFeature[] Scale(OnnxNode node, OnnxFeature[] features)
    {
        var (offsets, scales) = (node.Numbers("offset"), node.Numbers("scale"));
        if (!Fits(offsets) || !Fits(scales) || !offsets.All(double.IsFinite) || !scales.All(scale => double.IsFinite(scale) && scale != 0)
            || features.Any(feature => feature.IsDouble))
        {
            throw Refused(
                $"{node.Where} before the trees is not read: expected an offset and a scale for each of {features.Length} columns of single "
                + "precision, finite, no scale of 0");
        }

        return
        [
            .. features.Select((feature, index) => feature with
            {
                Scales = (ReadOnlyMemory<(float, float)>)(((float, float)[])
                [
                    .. feature.Scales.Span, ((float)offsets[offsets.Length == 1 ? 0 : index], (float)scales[scales.Length == 1 ? 0 : index]),
                ]),
            }),
        ];

        bool Fits(double[] values) => values.Length == 1 || values.Length == features.Length;
    }

    private string Only(OnnxNode node) =>
        node.Inputs is [var input] ? input : throw Refused($"{node.Where} has {node.Inputs.Count} inputs; expected one");

    private ModelImportException Refused(string what) => new($"{fileName}: {what}.");
}
