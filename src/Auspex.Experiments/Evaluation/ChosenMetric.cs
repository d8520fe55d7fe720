using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Evaluation;

/// <summary>The one metric that models are compared by.</summary>
/// <param name="Name">As the choice of the module names it.</param>
/// <param name="IsError">Whether less is better.</param>
/// <param name="Of">Its value; NaN where it is not defined.</param>
internal sealed record ChosenMetric(string Name, bool IsError, Func<ModelMetrics, double> Of)
{
    /// <summary>A metric of classes by its name in a choice; for several classes the one that corresponds.</summary>
    public static ChosenMetric OfClasses(string name) => name switch
    {
        "Accuracy" => new(name, false, metrics => metrics is BinaryMetrics binary ? binary.Accuracy : ((MulticlassMetrics)metrics).OverallAccuracy),
        "Precision" => new(name, false, metrics => metrics is BinaryMetrics binary ? binary.Precision : ((MulticlassMetrics)metrics).MacroPrecision),
        "Recall" => new(name, false, metrics => metrics is BinaryMetrics binary ? binary.Recall : ((MulticlassMetrics)metrics).MacroRecall),
        "F-score" => new(name, false, metrics => metrics is BinaryMetrics binary
            ? binary.FScore
            : Harmonic(((MulticlassMetrics)metrics).MacroPrecision, ((MulticlassMetrics)metrics).MacroRecall)),
        "AUC" => new(name, false, metrics => metrics is BinaryMetrics binary ? binary.Auc : ((MulticlassMetrics)metrics).OverallAccuracy),
        "Average Log Loss" => new(name, true, metrics => metrics is BinaryMetrics binary ? binary.AverageLogLoss : ((MulticlassMetrics)metrics).AverageLogLoss),
        _ => new(name, false, metrics => metrics is BinaryMetrics binary ? binary.TrainingLogLoss : -((MulticlassMetrics)metrics).AverageLogLoss),
    };

    /// <summary>A metric of numbers by its name in a choice.</summary>
    public static ChosenMetric OfNumbers(string name) => name.ToUpperInvariant() switch
    {
        "MEAN ABSOLUTE ERROR" => new(name, true, metrics => ((RegressionMetrics)metrics).MeanAbsoluteError),
        "ROOT OF MEAN SQUARED ERROR" or "ROOT MEAN SQUARED ERROR" => new(name, true, metrics => ((RegressionMetrics)metrics).RootMeanSquaredError),
        "RELATIVE ABSOLUTE ERROR" => new(name, true, metrics => ((RegressionMetrics)metrics).RelativeAbsoluteError),
        "RELATIVE SQUARED ERROR" => new(name, true, metrics => ((RegressionMetrics)metrics).RelativeSquaredError),
        _ => new(name, false, metrics => ((RegressionMetrics)metrics).CoefficientOfDetermination),
    };

    /// <summary>Puts an undefined value behind all others.</summary>
    public double Rank(double value) => double.IsNaN(value) ? double.PositiveInfinity : IsError ? value : -value;

    /// <summary>Whether models of a task have classes; other tasks than classes and numbers are refused.</summary>
    /// <exception cref="ModuleException">The error that the module gives for other tasks.</exception>
    public static bool HasClasses(ModelTask task, int errorForOthers, string module) => task switch
    {
        ModelTask.Binary or ModelTask.Multiclass => true,
        ModelTask.Regression => false,
        _ => throw new ModuleException(
            errorForOthers, $"The model's task is {task}; {module} works with two-class, multiclass and regression models."),
    };

    private static double Harmonic(double precision, double recall) =>
        precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}
