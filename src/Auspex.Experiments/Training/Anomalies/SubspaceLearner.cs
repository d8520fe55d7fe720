using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.Anomalies;

/// <summary>PCA-Based Anomaly Detection.</summary>
internal sealed class SubspaceLearner(
    string name, int rank, int oversampling, bool centers, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    private const long Seed = 42;

    public string Name => name;

    public ModelTask Task => ModelTask.Anomaly;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.CreateUnlabelled(table, labelColumn, allowsUnknownLevels: true)
            .WithoutMissing(ModelTask.Anomaly, training.ReportProgress);
        var slots = set.Layout.SlotCount;
        if (rank > slots)
        {
            throw new ModuleException(
                47, $"The table gives {slots} features, levels counted singly; {name} is to find {rank} components. Use fewer components.");
        }

        training.ReportProgress?.Invoke("Finding components", 0, null);
        var rows = LinearRows.Plain(set);
        var center = centers ? Mean(rows) : new double[slots];
        var components = PrincipalComponents.Find(rows, center, rank, oversampling, Seed, cancellationToken);
        return new SubspaceModel(
            set.Describe(name, ModelTask.Anomaly, parameters), [.. center], [.. components.Select(component => component.ToImmutableArray())]);
    }

    private static double[] Mean(LinearRows rows)
    {
        var mean = new double[rows.SlotCount];
        var slots = new int[rows.EntryCount];
        var values = new double[rows.EntryCount];
        for (var row = 0; row < rows.RowCount; row++)
        {
            rows.Read(row, slots, values);
            for (var i = 0; i < slots.Length; i++)
            {
                mean[slots[i]] += values[i] / rows.RowCount;
            }
        }

        return mean;
    }
}
