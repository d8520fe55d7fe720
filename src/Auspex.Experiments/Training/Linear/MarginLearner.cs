using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace Auspex.Experiments.Training.Linear;

/// <summary>How a linear classifier without probabilities of its own is trained.</summary>
/// <param name="Normalizes">Whether numbers are brought to 0 to 1 first.</param>
/// <param name="Seed">Seed of the order of rows; null takes a fixed one.</param>
internal abstract record MarginOptions(bool Normalizes, int? Seed);

/// <summary>Two-Class Support Vector Machine.</summary>
internal sealed record SupportVectorOptions(int Iterations, double Lambda, bool Projects, bool Normalizes, int? Seed)
    : MarginOptions(Normalizes, Seed);

/// <summary>Two-Class Averaged Perceptron.</summary>
internal sealed record PerceptronOptions(double LearningRate, int Iterations, int? Seed)
    : MarginOptions(true, Seed);

/// <summary>
/// Linear classifiers that ML.NET trains on one thread, their scores made probabilities by Platt's scaling on the training
/// rows. Scaling is linear too: what comes out is a weighted sum through the logistic function.
/// </summary>
internal sealed class MarginLearner(
    string name, MarginOptions options, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    private const int DefaultSeed = 42;

    public string Name => name;

    public ModelTask Task => ModelTask.Binary;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, ModelTask.Binary, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(ModelTask.Binary, training.ReportProgress);
        training.ReportProgress?.Invoke("Fitting weights", 0, null);
        var rows = options.Normalizes ? LinearRows.MinMax(set) : LinearRows.Plain(set);
        var source = new MlRows(rows, set.Targets.Numbers, cancellationToken);
        var context = new MLContext(options.Seed ?? DefaultSeed);
        LinearBinaryModelParameters model;
        try
        {
            model = Fit(context, source.OfClasses(context));
        }
        catch (InvalidOperationException exception)
        {
            throw new ModuleException(83, $"{name} could not be trained on this table: {exception.Message}", exception);
        }

        double[] scaled = [.. model.Weights.Select(weight => (double)weight)];
        var scores = rows.Sums(scaled, model.Bias);
        var (slope, offset) = PlattScaling.Fit(scores, set.Targets.Numbers);
        var (weights, bias) = rows.Unscale(scaled, model.Bias);
        return new LinearModel(
            set.Describe(name, ModelTask.Binary, parameters), [.. weights.Select(weight => slope * weight)], (slope * bias) + offset);
    }

    private LinearBinaryModelParameters Fit(MLContext context, IDataView rows) => options switch
    {
        SupportVectorOptions svm => context.BinaryClassification.Trainers.LinearSvm(new LinearSvmTrainer.Options
        {
            NumberOfIterations = svm.Iterations,
            Lambda = (float)svm.Lambda,
            PerformProjection = svm.Projects,
        }).Fit(rows).Model,
        PerceptronOptions perceptron => context.BinaryClassification.Trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options
        {
            LearningRate = (float)perceptron.LearningRate,
            NumberOfIterations = perceptron.Iterations,
        }).Fit(rows).Model,
        _ => throw new InvalidOperationException($"No trainer for {options.GetType().Name}."),
    };
}
