using System.Globalization;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.LightGbm;

/// <summary>What a LightGBM model predicts, and what it makes of its sums.</summary>
internal sealed record LightGbmObjective(string Name, ModelTask Task, int Classes, SumLink Link)
{
    /// <exception cref="ModelImportException">The objective is not known, or does not fit the number of sums.</exception>
    public static LightGbmObjective Read(LightGbmFile file, string fileName)
    {
        var sums = file.Number("num_tree_per_iteration", least: 1, missing: file.Number("num_class", least: 1, missing: 1));
        var words = file.Words("objective");
        var name = words.Length == 0 ? "none" : words[0];
        var mean = file.HasFlag("average_output") && file.Trees.Count > 0 ? (double)file.Trees.Count / sums : 1;
        var objective = name switch
        {
            "binary" => new LightGbmObjective(name, ModelTask.Binary, 2, new SumLink(SumLinkKind.Logistic, Sigmoid(), 0, mean)),
            "multiclass" => new LightGbmObjective(name, ModelTask.Multiclass, sums, new SumLink(SumLinkKind.Softmax, 1, 0, mean)),
            "multiclassova" => new LightGbmObjective(
                name, ModelTask.Multiclass, sums, new SumLink(SumLinkKind.Logistic, Sigmoid(), 0, mean)),
            "poisson" or "gamma" or "tweedie" => Regression(SumLinkKind.Exponential),
            "cross_entropy" => Regression(SumLinkKind.Logistic),
            "regression" when words.Contains("sqrt") => Regression(SumLinkKind.SignedSquare),
            "regression" or "regression_l1" or "huber" or "fair" or "quantile" or "mape" or "lambdarank" or "rank_xendcg"
                or "none" or "custom" => Regression(SumLinkKind.None),
            _ => throw new ModelImportException(
                $"{fileName}: objective '{MessagePart.Short(name)}' is not read; what it makes of the trees' sum is not known. Known: binary, multiclass, "
                + "multiclassova, regression, regression_l1, huber, fair, quantile, mape, poisson, gamma, tweedie, cross_entropy, "
                + "lambdarank, rank_xendcg, none."),
        };
        if (objective.Task == ModelTask.Multiclass ? sums is < 2 or > 1 << 16 : sums != 1)
        {
            throw new ModelImportException(
                $"{fileName}: objective '{name}' with {sums} trees per iteration cannot be read; expected "
                + (objective.Task == ModelTask.Multiclass ? "one per class, 2 to 65536." : "one."));
        }

        return objective;

        LightGbmObjective Regression(SumLinkKind kind) => new(name, ModelTask.Regression, 0, new SumLink(kind, 1, 0, mean));

        double Sigmoid()
        {
            const string Key = "sigmoid:";
            var word = words.FirstOrDefault(word => word.StartsWith(Key, StringComparison.Ordinal));
            return word is null ? 1
                : double.TryParse(word[Key.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out var slope)
                    && slope > 0 && double.IsFinite(slope) ? slope
                : throw new ModelImportException($"{fileName}: '{MessagePart.Short(word)}' of the objective; expected a number above 0. The file is damaged.");
        }
    }
}
