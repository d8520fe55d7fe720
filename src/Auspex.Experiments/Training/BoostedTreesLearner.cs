using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training;

/// <summary>Two-Class Boosted Decision Tree and Boosted Decision Tree Regression.</summary>
internal sealed class BoostedTreesLearner(
    string name,
    ModelTask task,
    BoostedTreesOptions options,
    bool allowsUnknownLevels,
    IReadOnlyDictionary<string, string> parameters) : ILearner
{
    public string Name => name;

    public ModelTask Task => task;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, task, allowsUnknownLevels, training.ReportProgress);
        var (trees, profiles) = BoostedTrees.Train(set, task, options, training, cancellationToken);
        return new TreeModel(set.Describe(name, task, parameters, profiles), trees, LogisticLink.Plain);
    }
}
