using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training.Linear;

/// <summary>Linear Regression by online gradient descent: row by row down the slope of the squared error.</summary>
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

        training.ReportProgress?.Invoke("Fitting weights", 0, null);
        var rows = options.Normalizes ? LinearRows.MinMax(set) : LinearRows.Plain(set);

        // From the mean on, weights have only the differences to explain.
        var mean = set.Targets.Numbers.Average();
        var (scaled, constant) = new StochasticDescent(rows, Array.ConvertAll(set.Targets.Numbers, target => target - mean), options.Seed ?? DefaultSeed)
        {
            // The step to where the row's own loss and the way to it cost least: however large the rate, it does not go too far.
            Step = static (sum, target, rate, square) => rate * (target - sum) / (1 + (rate * square)),
            Rate = options.DecreasesRate ? step => options.LearningRate / Math.Sqrt(Math.Sqrt(step)) : _ => options.LearningRate,
            Epochs = options.Epochs,
            L2Weight = options.L2Weight,
            AveragesAfter = options.Averages ? 0.2 : 1,
        }.Run(cancellationToken);
        var (weights, bias) = rows.Unscale(scaled, constant + mean);
        if (!double.IsFinite(bias) || !weights.All(double.IsFinite))
        {
            throw new ModuleException(
                83,
                $"{name} by online gradient descent went to infinity on this table with learning rate "
                + FormattableString.Invariant($"{options.LearningRate}; use a smaller one, normalize the features, or choose least squares."));
        }

        return new LinearModel(description, [.. weights], bias);
    }
}
