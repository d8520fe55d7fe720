using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.Bayes;

/// <summary>Two-Class Bayes Point Machine: the mean of the weights that the rows leave probable, and a probit of its sum.</summary>
internal sealed class BayesPointLearner(
    string name, int iterations, bool hasBias, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    public string Name => name;

    public ModelTask Task => ModelTask.Binary;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, ModelTask.Binary, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(ModelTask.Binary, training.ReportProgress);

        // Around their means numbers say little about the bias: weights that are told apart for themselves alone lose less by it.
        var rows = hasBias ? LinearRows.AroundMean(set) : LinearRows.MinMax(set);
        var means = new ExpectationPropagation(rows, set.Targets.Numbers, hasBias)
            .Run(iterations, training.ReportProgress, cancellationToken);
        var (weights, bias) = rows.Unscale(means.AsSpan(0, rows.SlotCount), hasBias ? means[^1] : 0);
        return new LinearModel(set.Describe(name, ModelTask.Binary, parameters), [.. weights], bias, SumLinkKind.Probit);
    }
}
