using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.Anomalies;

/// <summary>
/// One-Class Support Vector Machine with a radial kernel, whose width is the number of features; numbers are brought to 0 to 1.
/// </summary>
internal sealed class OneClassLearner(string name, double nu, double epsilon, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    public string Name => name;

    public ModelTask Task => ModelTask.Anomaly;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.CreateUnlabelled(table, labelColumn, allowsUnknownLevels: true)
            .WithoutMissing(ModelTask.Anomaly, training.ReportProgress);
        var rows = LinearRows.MinMax(set);
        var dense = Enumerable.Range(0, rows.RowCount).Select(row => Read(set, rows, row)).ToArray();
        var gamma = 1.0 / rows.SlotCount;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, training.Threads), CancellationToken = cancellationToken };
        var kernel = new KernelRows(set.Layout, dense, gamma, parallel);
        var (weights, offset) = new OneClassSolver(kernel, rows.RowCount, nu, epsilon, cancellationToken)
            .Solve(step => training.ReportProgress?.Invoke("Weighing rows", step, null));
        int[] support = [.. Enumerable.Range(0, weights.Length).Where(row => weights[row] > 0)];
        return new SupportModel(
            set.Describe(name, ModelTask.Anomaly, parameters),
            rows.Scale,
            gamma,
            offset,
            [.. support.Select(row => weights[row])],
            [.. support.SelectMany(row => dense[row])]);
    }

    private static double[] Read(TrainingSet set, LinearRows rows, int row)
    {
        var slots = new int[rows.EntryCount];
        var values = new double[rows.EntryCount];
        rows.Read(row, slots, values);
        for (var column = 0; column < values.Length; column++)
        {
            values[column] = set.Layout.IsLevels(column) ? slots[column] - set.Layout.Start(column) : values[column];
        }

        return values;
    }
}
