using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

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
/// Linear classifiers that are trained row by row, their scores made probabilities by Platt's scaling on the training rows. Scaling is linear too: what comes out is a weighted sum through the logistic function.
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
        double[] signs = [.. set.Targets.Numbers.Select(target => target > 0.5 ? 1.0 : -1.0)];
        var (scaled, constant) = Descent(rows, signs).Run(cancellationToken);
        if (!double.IsFinite(constant) || !scaled.All(double.IsFinite))
        {
            throw new ModuleException(83, $"The weights of {name} grew beyond all bounds; let it normalize the features, or clip them.");
        }

        var scores = rows.Sums(scaled, constant);
        var (slope, offset) = PlattScaling.Fit(scores, set.Targets.Numbers);
        var (weights, bias) = rows.Unscale(scaled, constant);
        return new LinearModel(
            set.Describe(name, ModelTask.Binary, parameters), [.. weights.Select(weight => slope * weight)], (slope * bias) + offset);
    }

    private StochasticDescent Descent(LinearRows rows, double[] signs) => options switch
    {
        SupportVectorOptions svm => OfSupportVectors(rows, signs, svm),
        PerceptronOptions perceptron => new StochasticDescent(rows, signs, options.Seed ?? DefaultSeed)
        {
            Step = static (sum, sign, rate, _) => sign * sum > 0 ? 0 : rate * sign,
            Rate = _ => perceptron.LearningRate,
            Epochs = perceptron.Iterations,
        },
        _ => throw new InvalidOperationException($"No trainer for {options.GetType().Name}."),
    };

    // Pegasos (Shalev-Shwartz and others 2007), whose first steps are held to a size that suits weights of the length to come (Bottou 2010).
    private static StochasticDescent OfSupportVectors(LinearRows rows, double[] signs, SupportVectorOptions svm)
    {
        var first = Math.Sqrt(1 / Math.Sqrt(svm.Lambda));
        var passed = 1 / (svm.Lambda * first);
        return new StochasticDescent(rows, signs, svm.Seed ?? DefaultSeed)
        {
            // As far as to the margin, and no farther.
            Step = static (sum, sign, rate, square) => sign * Math.Clamp((1 - (sign * sum)) / square, 0, rate),
            Rate = step => 1 / (svm.Lambda * (passed + step)),
            Epochs = svm.Iterations,
            L2Weight = svm.Lambda,
            MostLength = svm.Projects ? 1 / Math.Sqrt(svm.Lambda) : null,
            AveragesAfter = 0.5,
        };
    }
}
