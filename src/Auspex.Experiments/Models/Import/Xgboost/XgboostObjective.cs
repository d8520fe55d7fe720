using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.Xgboost;

/// <summary>What an XGBoost model predicts, what its sums begin with, and what it makes of them.</summary>
internal sealed record XgboostObjective(string Name, ModelTask Task, int Sums, double Bias, SumLink Link)
{
    /// <exception cref="ModelImportException">The objective is not known, or does not fit the number of sums.</exception>
    public static XgboostObjective Read(JsonElement learner, JsonElement parameters, string fileName)
    {
        var name = learner.GetProperty("objective").GetProperty("name").GetString() ?? "";
        var score = (float)XgboostJson.Number(parameters.GetProperty("base_score"));
        var sums = Math.Max(1, (int)XgboostJson.Number(parameters.GetProperty("num_class")));
        if (parameters.TryGetProperty("num_target", out var targets) && XgboostJson.Number(targets) > 1)
        {
            throw new ModelImportException($"{fileName}: the model predicts several numbers; a model here predicts one. Train one per number.");
        }

        var (task, kind, bias) = name switch
        {
            "binary:logistic" => (ModelTask.Binary, SumLinkKind.Logistic, -MathF.Log((1 / score) - 1)),
            "reg:logistic" => (ModelTask.Regression, SumLinkKind.Logistic, -MathF.Log((1 / score) - 1)),
            "count:poisson" or "reg:gamma" or "reg:tweedie" => (ModelTask.Regression, SumLinkKind.Exponential, MathF.Log(score)),
            "multi:softprob" or "multi:softmax" => (ModelTask.Multiclass, SumLinkKind.Softmax, score),
            "reg:squarederror" or "reg:linear" or "reg:pseudohubererror" or "reg:absoluteerror" or "reg:quantileerror"
                or "rank:pairwise" or "rank:ndcg" or "rank:map" or "binary:logitraw" => (ModelTask.Regression, SumLinkKind.None, score),
            _ => throw new ModelImportException(
                $"{fileName}: objective '{MessagePart.Short(name)}' is not read. Known: binary:logistic, binary:logitraw, multi:softprob, multi:softmax, "
                + "reg:squarederror, reg:pseudohubererror, reg:absoluteerror, reg:quantileerror, reg:logistic, reg:gamma, reg:tweedie, "
                + "count:poisson, rank:pairwise, rank:ndcg, rank:map."),
        };
        if (!float.IsFinite(bias) || (task == ModelTask.Multiclass ? sums is < 2 or > 1 << 16 : sums != 1))
        {
            throw new ModelImportException(
                $"{fileName}: objective '{name}' with {sums} classes and base score {score} cannot be read. The file is damaged.");
        }

        return new XgboostObjective(name, task, sums, bias, new SumLink(kind));
    }

    /// <summary>The description of the model.</summary>
    public ModelDescription Describe(ModelImportOptions options, TableSchema schema) => new()
    {
        Learner = "XGBoost",
        Task = Task,
        Label = new TableField
        {
            Name = options.Label,
            Type = Task == ModelTask.Regression ? ColumnType.Double : ColumnType.Int64,
            Role = ColumnRole.Label,
        },
        Features = schema,
        Classes = Task == ModelTask.Regression
            ? []
            : [.. Enumerable.Range(0, Math.Max(2, Sums)).Select(index => index.ToString(CultureInfo.InvariantCulture))],
        Parameters = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("objective", Name)]),
    };
}
