using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace Auspex.Experiments.Training.Linear;

/// <summary>Poisson Regression: ML.NET's L-BFGS on numbers scaled to 0 to 1, one thread.</summary>
internal sealed class PoissonLearner(
    string name, LogisticOptions options, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    private const int DefaultSeed = 42;

    public string Name => name;

    public ModelTask Task => ModelTask.Regression;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, ModelTask.Regression, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(ModelTask.Regression, training.ReportProgress);
        if (set.Targets.Numbers.Any(number => number < 0))
        {
            throw new ModuleException(
                83, $"Label column '{set.Label.Name}' has a number below 0; {name} counts, and needs numbers of at least 0.");
        }

        training.ReportProgress?.Invoke("Fitting weights", 0, null);
        var rows = new MlRows(LinearRows.MinMax(set), set.Targets.Numbers, cancellationToken);
        var context = new MLContext(options.Seed ?? DefaultSeed);
        try
        {
            var model = context.Regression.Trainers.LbfgsPoissonRegression(new LbfgsPoissonRegressionTrainer.Options
            {
                OptimizationTolerance = (float)options.OptimizationTolerance,
                L1Regularization = (float)options.L1Weight,
                L2Regularization = (float)options.L2Weight,
                HistorySize = options.MemorySize,
                NumberOfThreads = 1,
            }).Fit(rows.OfNumbers(context)).Model;
            var (weights, bias) = rows.Source.Unscale([.. model.Weights.Select(weight => (double)weight)], model.Bias);
            return new LinearModel(set.Describe(name, ModelTask.Regression, parameters), [.. weights], bias, SumLinkKind.Exponential);
        }
        catch (InvalidOperationException exception)
        {
            throw new ModuleException(83, $"{name} could not be trained on this table: {exception.Message}", exception);
        }
    }
}
