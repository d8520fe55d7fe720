using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace Auspex.Experiments.Training.Linear;

/// <summary>Linear Regression by ML.NET's online gradient descent.</summary>
internal sealed class GradientDescentLearner(
    string name, GradientDescentOptions options, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    private const int DefaultSeed = 42;

    public string Name => name;

    public ModelTask Task => ModelTask.Regression;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, ModelTask.Regression, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(ModelTask.Regression, training.ReportProgress);
        var description = set.Describe(name, ModelTask.Regression, parameters);
        if (options.Epochs == 0)
        {
            return new LinearModel(description, [.. new double[set.Layout.SlotCount]], 0);
        }

        cancellationToken.ThrowIfCancellationRequested();
        training.ReportProgress?.Invoke("Fitting weights", 0, null);
        var rows = options.Normalizes ? LinearRows.MinMax(set) : LinearRows.Plain(set);
        var context = new MLContext(options.Seed ?? DefaultSeed);
        var trainer = context.Regression.Trainers.OnlineGradientDescent(new OnlineGradientDescentTrainer.Options
        {
            LearningRate = (float)options.LearningRate,
            NumberOfIterations = options.Epochs,
            L2Regularization = (float)options.L2Weight,
            DecreaseLearningRate = options.DecreasesRate,
            Averaged = options.Averages,
        });
        var model = Fit(trainer, new MlRows(rows, set.Targets.Numbers, cancellationToken).OfNumbers(context));
        var (weights, bias) = rows.Unscale([.. model.Weights.Select(weight => (double)weight)], model.Bias);
        if (!double.IsFinite(bias) || !weights.All(double.IsFinite))
        {
            throw Diverged(null);
        }

        return new LinearModel(description, [.. weights], bias);
    }

    private LinearRegressionModelParameters Fit(OnlineGradientDescentTrainer trainer, IDataView rows)
    {
        try
        {
            return trainer.Fit(rows).Model;
        }
        catch (InvalidOperationException exception)
        {
            throw Diverged(exception);
        }
    }

    private ModuleException Diverged(Exception? inner) => new(
        83,
        $"{name} by online gradient descent went to infinity on this table with learning rate "
        + FormattableString.Invariant($"{options.LearningRate}; use a smaller one, normalize the features, or choose least squares."),
        inner);
}
