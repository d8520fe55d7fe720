using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>Reads a model's scores, and the label, from a scored table: as classes and as numbers. Immutable and thread-safe.</summary>
internal sealed class ScoreReading
{
    private readonly LevelFeature? _labels;
    private readonly LevelFeature? _truth;
    private readonly NumberFeature? _number;
    private readonly NumberFeature? _trueNumber;

    private ScoreReading(LevelFeature? labels, NumberFeature? number, LevelFeature? truth, NumberFeature? trueNumber) =>
        (_labels, _number, _truth, _trueNumber) = (labels, number, truth, trueNumber);

    /// <summary>Whether there are predicted classes.</summary>
    public bool HasClasses => _labels is not null;

    /// <summary>Whether there is a number: a probability, or what was predicted.</summary>
    public bool HasNumbers => _number is not null;

    /// <summary>Whether the label stands in the table.</summary>
    public bool HasTruth => _truth is not null || _trueNumber is not null;

    /// <summary>Finds the columns.</summary>
    /// <param name="model">Whose scores they are.</param>
    /// <param name="scored">The table.</param>
    /// <param name="classes">The classes that codes count; of the champion.</param>
    /// <returns>Null where none of the scores is in the table.</returns>
    public static ScoreReading? Find(ModelDescription model, TableSchema scored, ImmutableArray<string> classes)
    {
        var isClass = model.Task is ModelTask.Binary or ModelTask.Multiclass or ModelTask.Ordinal;
        var labels = isClass ? Levels(scored, ScoreNames.ScoredLabels, classes) : null;
        var number = Number(scored, model switch
        {
            { Task: ModelTask.Binary or ModelTask.Anomaly } => ScoreNames.ScoredProbabilities,
            { GivesDeviation: true } => ScoreNames.LabelMean,
            { Task: ModelTask.Regression } => ScoreNames.ScoredLabels,
            { Task: ModelTask.Quantile, Quantiles: [.., _] } => ScoreNames.QuantileOf(model.Quantiles[model.Quantiles.Length / 2]),
            _ => "",
        });
        return labels is null && number is null
            ? null
            : new ScoreReading(
                labels,
                number,
                isClass ? Levels(scored, model.Label.Name, classes) : null,
                model.Task is ModelTask.Regression ? Number(scored, model.Label.Name) : null);
    }

    /// <summary>The same where there have to be scores.</summary>
    /// <exception cref="Modules.ModuleException">13: they are not there.</exception>
    public static ScoreReading Require(string name, TrainedModel model, TableSchema scored, ImmutableArray<string> classes) =>
        Find(model.Description, scored, classes) ?? throw new Modules.ModuleException(
            13, $"The scores of '{name}' ({model.Task}) are not in its output, or are none that can be compared; expected classes, a probability or a number.");

    /// <exception cref="Modules.ModuleException">13: the two predict different things.</exception>
    public static void RequireSameTask(string name, TrainedModel challenger, TrainedModel champion)
    {
        if (challenger.Task != champion.Task)
        {
            throw new Modules.ModuleException(
                13, $"Challenger '{name}' is a model of {challenger.Task}, the champion one of {champion.Task}; their scores cannot be compared.");
        }
    }

    /// <summary>The predicted classes; negative for none or another.</summary>
    public int[] Classes(TableBatch batch) => Codes(_labels, batch);

    /// <summary>The numbers; NaN for none.</summary>
    public double[] Numbers(TableBatch batch) => Doubles(_number, batch);

    /// <summary>The labels' classes.</summary>
    public int[] TrueClasses(TableBatch batch) => Codes(_truth, batch);

    /// <summary>The labels' numbers.</summary>
    public double[] TrueNumbers(TableBatch batch) => Doubles(_trueNumber, batch);

    private static int[] Codes(LevelFeature? feature, TableBatch batch)
    {
        var codes = feature is null ? [] : new int[batch.RowCount];
        feature?.ReadCodes(batch, 0, codes);
        return codes;
    }

    private static double[] Doubles(NumberFeature? feature, TableBatch batch)
    {
        var numbers = feature is null ? [] : new double[batch.RowCount];
        feature?.ReadNumbers(batch, 0, numbers);
        return numbers;
    }

    private static LevelFeature? Levels(TableSchema scored, string name, ImmutableArray<string> classes)
    {
        var index = scored.IndexOf(name);
        if (index < 0)
        {
            return null;
        }

        // The classes as levels of the column's own type, so that numbers and text are both found.
        var field = scored.Fields[index];
        var domain = new CategoryDomain(classes, false);
        return LevelFeature.Bind(index, field, field with { Categories = domain }, domain, false);
    }

    private static NumberFeature? Number(TableSchema scored, string name)
    {
        var index = scored.IndexOf(name);
        return index >= 0 && (scored.Fields[index].IsNumeric || scored.Fields[index].Type == ColumnType.Boolean)
            ? NumberFeature.Bind(index, scored.Fields[index], scored.Fields[index] with { Categories = null })
            : null;
    }
}
