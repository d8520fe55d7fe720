using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Auspex.Experiments.Training.Linear;

/// <summary>
/// Two-Class and Multiclass Logistic Regression: ML.NET's L-BFGS on numbers scaled to 0 to 1. One thread, since sums over
/// several would make the weights depend on their number.
/// </summary>
internal sealed class LogisticRegressionLearner(
    string name,
    ModelTask task,
    LogisticOptions options,
    bool allowsUnknownLevels,
    IReadOnlyDictionary<string, string> parameters) : ILearner
{
    // The seed that stands for a blank one.
    private const int DefaultSeed = 42;

    public string Name => name;

    public ModelTask Task => task;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, task, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(task, training.ReportProgress);
        cancellationToken.ThrowIfCancellationRequested();
        training.ReportProgress?.Invoke("Fitting weights", 0, null);
        var rows = new MlRows(LinearRows.MinMax(set), set.Targets.Numbers, cancellationToken);
        var context = new MLContext(options.Seed ?? DefaultSeed);
        var description = set.Describe(name, task, parameters);
        try
        {
            return task == ModelTask.Binary
                ? TrainBinary(context, rows, description)
                : TrainMulticlass(context, rows, description);
        }
        catch (InvalidOperationException exception)
        {
            throw new ModuleException(83, $"{name} could not be trained on this table: {exception.Message}", exception);
        }
    }

    private LinearModel TrainBinary(MLContext context, MlRows rows, ModelDescription description)
    {
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                OptimizationTolerance = (float)options.OptimizationTolerance,
                L1Regularization = (float)options.L1Weight,
                L2Regularization = (float)options.L2Weight,
                HistorySize = options.MemorySize,
                NumberOfThreads = 1,
            });
        var model = trainer.Fit(rows.OfClasses(context)).Model.SubModel;
        var (weights, bias) = rows.Source.Unscale([.. model.Weights.Select(weight => (double)weight)], model.Bias);
        return new LinearModel(description, [.. weights], bias);
    }

    private MulticlassLinearModel TrainMulticlass(MLContext context, MlRows rows, ModelDescription description)
    {
        var trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                OptimizationTolerance = (float)options.OptimizationTolerance,
                L1Regularization = (float)options.L1Weight,
                L2Regularization = (float)options.L2Weight,
                HistorySize = options.MemorySize,
                NumberOfThreads = 1,
            });
        var model = trainer.Fit(rows.OfKeys(context, description.Classes.Length)).Model;
        VBuffer<float>[]? ofClasses = null;
        model.GetWeights(ref ofClasses, out _);
        var allWeights = ImmutableArray.CreateBuilder<ImmutableArray<double>>();
        var biases = ImmutableArray.CreateBuilder<double>();
        foreach (var (ofClass, ofBias) in ofClasses.Zip(model.GetBiases()))
        {
            var (weights, bias) = rows.Source.Unscale([.. ofClass.DenseValues().Select(weight => (double)weight)], ofBias);
            allWeights.Add([.. weights]);
            biases.Add(bias);
        }

        return new MulticlassLinearModel(description, allWeights.ToImmutable(), biases.ToImmutable());
    }
}
