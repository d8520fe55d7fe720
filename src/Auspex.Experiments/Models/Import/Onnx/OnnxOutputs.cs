using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>
/// Follows what trees give forward to the outputs of the graph, through the operators that keep it, scale it, or make a
/// probability of it.
/// </summary>
internal sealed class OnnxOutputs(OnnxGraph graph, string fileName)
{
    private const int MostSteps = 1000;

    /// <summary>What becomes of a number, from the link that the trees themselves have.</summary>
    /// <param name="value">The number's name.</param>
    /// <param name="link">The trees' own link.</param>
    /// <param name="notes">Takes what is left out.</param>
    public SumLink Follow(string value, SumLink link, List<string> notes)
    {
        var found = new List<SumLink> { link };
        var labels = new List<(SumLink Link, double Threshold)>();
        var pending = new Queue<(string Value, SumLink Link)>([(value, link)]);
        for (var step = 0; pending.TryDequeue(out var entry); step++)
        {
            foreach (var node in graph.Consumers(entry.Value))
            {
                if (step > MostSteps)
                {
                    throw new ModelImportException($"{fileName}: more than {MostSteps} operators stand after the trees, or they form a circle.");
                }

                if (node.Operator == "Binarizer")
                {
                    labels.Add((entry.Link, node.Number("threshold", 0)));
                    continue;
                }

                var next = Next(node, entry.Value, entry.Link);
                found.Add(next);
                if (node.Outputs is [var output, ..])
                {
                    pending.Enqueue((output, next));
                }
            }
        }

        SumLink[] last = [.. found.Where(each => each.Kind != SumLinkKind.None).Distinct()];
        last = last.Length > 0 ? last : [.. found.Distinct()];
        var result = last is [_] ? last[0] : last is [var first, var second] && first == link ? second : throw new ModelImportException(
            $"{fileName}: the trees' sum is scaled or transformed in {last.Length} ways; which is the score cannot be told. Keep one.");
        if (labels.Any(label => !Agrees(label.Link, label.Threshold, result)))
        {
            notes.Add("The file draws its label from the sum of the trees; here the label is the second class where its probability is above 0.5.");
        }

        return result;
    }

    /// <summary>Checks that nothing but renaming is done to a value.</summary>
    public void CheckKept(string value)
    {
        var pending = new Queue<string>([value]);
        for (var step = 0; pending.TryDequeue(out var name); step++)
        {
            foreach (var node in graph.Consumers(name))
            {
                if (node.Operator is not ("Identity" or "Cast" or "ZipMap" or "Reshape") || step > MostSteps)
                {
                    throw new ModelImportException($"{fileName}: {node.Where} after the trees is not read; expected Identity, Cast, Reshape or ZipMap.");
                }

                foreach (var output in node.Outputs)
                {
                    pending.Enqueue(output);
                }
            }
        }
    }

    private static bool Agrees(SumLink link, double threshold, SumLink result) =>
        result.Kind != SumLinkKind.Logistic
        || (link.Kind == SumLinkKind.Logistic ? threshold == 0.5
            : link.Kind == SumLinkKind.None && link.Slope > 0 && result.Slope > 0
                && (result.Slope * ((threshold - link.Offset) / link.Slope)) + result.Offset == 0);

    private SumLink Next(OnnxNode node, string value, SumLink link)
    {
        var isFirst = node.Inputs.Count > 0 && node.Inputs[0] == value;
        var other = node.Inputs.Count == 2 ? graph.Constant(node.Inputs[isFirst ? 1 : 0]) is [var number] && double.IsFinite(number) ? number : null : (double?)null;
        var isLinear = link.Kind == SumLinkKind.None;
        return node.Operator switch
        {
            "Identity" or "Cast" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" when isFirst => link,
            "Sigmoid" when isLinear => link with { Kind = SumLinkKind.Logistic },
            "Exp" when isLinear => link with { Kind = SumLinkKind.Exponential },
            "Affine" when isLinear => Linear(node.Number("alpha", 1), node.Number("beta", 0)),
            "Mul" when isLinear && other is { } factor => Linear(factor, 0),
            "Div" when isLinear && isFirst && other is { } divisor && divisor != 0 => Linear(1 / divisor, 0),
            "Add" when isLinear && other is { } term => Linear(1, term),
            "Sub" when isLinear && other is { } term => isFirst ? Linear(1, -term) : Linear(-1, term),
            _ => throw new ModelImportException(
                $"{fileName}: {node.Where} after the trees is not read; expected Identity, Cast, Reshape, Flatten, Squeeze, "
                + "Mul, Div, Add or Sub with one constant, Sigmoid, Exp or Binarizer."),
        };

        SumLink Linear(double slope, double offset) => link with { Slope = link.Slope * slope, Offset = (link.Offset * slope) + offset };
    }
}
