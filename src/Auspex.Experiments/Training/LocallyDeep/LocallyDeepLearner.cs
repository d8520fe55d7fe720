using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Linear;
using Auspex.Experiments.Training.Networks;

namespace Auspex.Experiments.Training.LocallyDeep;

/// <summary>Two-Class Locally Deep Support Vector Machine, its sums made probabilities by Platt's scaling on the training rows.</summary>
internal sealed class LocallyDeepLearner(
    string name, LocallyDeepOptions options, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    private const long MostWeights = 1L << 26;

    public string Name => name;

    public ModelTask Task => ModelTask.Binary;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, ModelTask.Binary, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(ModelTask.Binary, training.ReportProgress);
        var weights = (2L << options.Depth) * (set.Layout.SlotCount + 1);
        if (weights > MostWeights)
        {
            throw new ModuleException(
                138, $"A tree of depth {options.Depth} over {set.Layout.SlotCount} features has {weights} weights; it may have {MostWeights}. "
                + "Choose a lower depth, or columns with fewer levels.");
        }

        var rows = options.Normalizer switch
        {
            NumberNormalizer.MinMax => LinearRows.MinMax(set),
            NumberNormalizer.Gaussian => LinearRows.Standard(set, center: true),
            _ => LinearRows.Plain(set),
        };
        var trainer = new LocallyDeepTrainer(options, rows, set.Targets.Numbers);
        trainer.Train(training.ReportProgress, cancellationToken);
        if (!trainer.Votes.All(double.IsFinite) || !trainer.Gates.All(double.IsFinite) || !trainer.Routes.All(double.IsFinite))
        {
            throw new ModuleException(83, $"The weights of {name} grew beyond all bounds; choose a normalizer.");
        }

        var description = set.Describe(name, ModelTask.Binary, parameters);
        var (slope, offset) = PlattScaling.Fit(Margins(description, rows, trainer, set), set.Targets.Numbers);
        return Model(description, rows, trainer, new LogisticLink(slope, offset));
    }

    // The model itself says what its margins are: a probability by the plain link, undone.
    private double[] Margins(ModelDescription description, LinearRows rows, LocallyDeepTrainer trainer, TrainingSet set)
    {
        var scores = new double[set.RowCount];
        Model(description, rows, trainer, LogisticLink.Plain).CreateScorer(set.Features).Score(set.Table, [scores]);
        return [.. scores.Select(score => Math.Log(Math.Clamp(score, 1e-15, 1 - 1e-15) / (1 - Math.Clamp(score, 1e-15, 1 - 1e-15))))];
    }

    private LocallyDeepModel Model(ModelDescription description, LinearRows rows, LocallyDeepTrainer trainer, LogisticLink link) => new(
        description, rows.Scale, options.Depth, options.Sharpness, [.. trainer.Votes], [.. trainer.Gates], [.. trainer.Routes], link);
}
