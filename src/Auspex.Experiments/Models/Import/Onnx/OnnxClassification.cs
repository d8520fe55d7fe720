using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>What a TreeEnsembleClassifier predicts: one sum for two classes, or a sum per class.</summary>
internal sealed class OnnxClassification(OnnxNode node, OnnxTrees trees, OnnxEnsemble ensemble, OnnxLabels labels, string where)
{
    // Shares of votes are written in single precision.
    private const double Rounding = 1e-3;

    public TrainedModel Create(OnnxOutputs outputs, ModelDescription description, List<string> notes)
    {
        foreach (var output in node.Outputs)
        {
            outputs.CheckKept(output);
        }

        var transform = node.Text("post_transform", "NONE");
        if (transform is not ("NONE" or "LOGISTIC" or "SOFTMAX"))
        {
            throw new ModelImportException($"{where}: post_transform '{MessagePart.Short(transform)}' is not read; expected NONE, LOGISTIC or SOFTMAX.");
        }

        var baseValues = node.Numbers("base_values");
        if (!baseValues.All(double.IsFinite))
        {
            throw new ModelImportException($"{where}: a base value is not a finite number. The file is damaged.");
        }

        var voted = trees.Trees.SelectMany(tree => tree.Weights.Keys).Distinct().ToArray();
        return labels.Classes.Length == 2 && voted.Length <= 1
            ? OneSum(voted is [var only] ? only : 1, transform, baseValues, description)
            : SumPerClass(transform, baseValues, description, notes);
    }

    // Two classes, and votes for one of them: its number does not matter, the sum speaks for the second class.
    private TreeModel OneSum(int output, string transform, double[] baseValues, ModelDescription description)
    {
        var isPlain = baseValues.All(value => value == 0) || (baseValues.Length == 1 && output == 0);
        if (!isPlain)
        {
            throw new ModelImportException(
                $"{where}: runtimes differ in what {baseValues.Length} base values mean for two classes with votes for class {output} only. "
                + "Export with votes for class 0 and one base value, or none.");
        }

        var kind = (transform, trees.AllPositive) switch
        {
            ("NONE", true) => SumLinkKind.None,
            ("LOGISTIC", false) => SumLinkKind.Logistic,
            _ => throw new ModelImportException(
                $"{where}: runtimes differ in what post_transform '{transform}' means for two classes with votes for one of them, "
                + $"{(trees.AllPositive ? "none" : "some")} negative. Export margins with LOGISTIC, or shares of votes with NONE."),
        };
        return new TreeModel(
            labels.Describe(description, ModelTask.Binary),
            ensemble.Build([output], baseValues is [var value] ? value : 0).Trees,
            new SumLink(kind));
    }

    private TreeSumsModel SumPerClass(string transform, double[] baseValues, ModelDescription description, List<string> notes)
    {
        var classes = labels.Classes.Length;
        if (baseValues.Length != 0 && baseValues.Length != classes)
        {
            throw new ModelImportException($"{where}: found {baseValues.Length} base values for {classes} classes; expected none or one each.");
        }

        var biases = baseValues.Length == 0 ? new double[classes] : baseValues;
        var isShare = classes == 2 && transform == "NONE" && AreShares(biases);
        var kind = transform switch
        {
            "SOFTMAX" => SumLinkKind.Softmax,
            "LOGISTIC" => SumLinkKind.Logistic,
            _ => isShare ? SumLinkKind.Share : SumLinkKind.None,
        };
        var task = classes == 2 && kind is SumLinkKind.Softmax or SumLinkKind.Share ? ModelTask.Binary : ModelTask.Multiclass;
        if (classes == 2)
        {
            notes.Add("The label is the class with the greater score, as the operator is defined; ONNX Runtime gives the second class "
                + "wherever its sum is above 0.");
        }

        if (classes == 2 && task == ModelTask.Multiclass)
        {
            notes.Add("The two classes have scores that do not add up to 1; both are given, as for more classes.");
        }

        var (sums, starts) = ensemble.Build([.. Enumerable.Range(0, classes)], 0);
        return new TreeSumsModel(labels.Describe(description, task), sums, starts, [.. biases], new SumLink(kind));
    }

    // Whether the two sums of every row add up to 1, but for rounding: then the second says it all.
    private bool AreShares(double[] biases)
    {
        var total = biases.Sum();
        foreach (var tree in trees.Trees)
        {
            var none = new double[tree.Leaves];
            var (first, second) = (tree.Weights.GetValueOrDefault(0, none), tree.Weights.GetValueOrDefault(1, none));
            var ofTree = first[0] + second[0];
            for (var leaf = 0; leaf < tree.Leaves; leaf++)
            {
                if (Math.Abs(first[leaf] + second[leaf] - ofTree) > Rounding * Math.Abs(ofTree))
                {
                    return false;
                }
            }

            total += ofTree;
        }

        return trees.AllPositive && Math.Abs(total - 1) <= Rounding;
    }
}
