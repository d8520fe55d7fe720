using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>
/// What a TreeEnsembleRegressor predicts: a number or, with a sigmoid behind it as ML.NET writes two-class trees, a probability.
/// </summary>
internal static class OnnxRegression
{
    public static TreeModel Create(
        OnnxNode node,
        OnnxTrees trees,
        OnnxEnsemble ensemble,
        OnnxOutputs outputs,
        ModelDescription description,
        List<string> notes,
        string where)
    {
        if (node.Integer("n_targets", 1) is not 1 and var targets)
        {
            throw new ModelImportException($"{where}: it predicts {targets} numbers; a model here predicts one. Export one per number.");
        }

        var baseValues = node.Numbers("base_values");
        if (baseValues.Length > 1 || !baseValues.All(double.IsFinite))
        {
            throw new ModelImportException($"{where}: found {baseValues.Length} base values; expected one at most, finite. The file is damaged.");
        }

        if (node.Text("post_transform", "NONE") is not "NONE" and var transform)
        {
            throw new ModelImportException(
                $"{where}: post_transform '{MessagePart.Short(transform)}' of a number is not read, since runtimes differ in it. Put a Sigmoid or Exp behind the trees.");
        }

        var divisor = node.Text("aggregate_function", "SUM") switch
        {
            "SUM" => 1,
            "AVERAGE" => Math.Max(1, trees.Trees.Count),
            var function => throw new ModelImportException($"{where}: aggregate_function '{MessagePart.Short(function)}' is not read; expected SUM or AVERAGE."),
        };
        var baseValue = baseValues is [var value] ? value : 0;
        var own = new SumLink(SumLinkKind.None, 1, divisor == 1 ? 0 : baseValue, divisor);
        var link = node.Outputs is [var output, ..] ? outputs.Follow(output, own, notes) : own;
        var sum = ensemble.Build([0], divisor == 1 ? baseValue : 0).Trees;
        return link.Kind == SumLinkKind.Logistic
            ? new TreeModel(
                description with
                {
                    Task = ModelTask.Binary,
                    Classes = ["False", "True"],
                    Label = description.Label with { Type = ColumnType.Boolean },
                },
                sum,
                link)
            : new TreeModel(description, sum, link);
    }
}
