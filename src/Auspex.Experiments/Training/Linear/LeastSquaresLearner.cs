using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Linear;

/// <summary>Linear Regression by ordinary least squares, in double precision.</summary>
internal sealed class LeastSquaresLearner(
    string name, LeastSquaresOptions options, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    public string Name => name;

    public ModelTask Task => ModelTask.Regression;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, ModelTask.Regression, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(ModelTask.Regression, training.ReportProgress);
        training.ReportProgress?.Invoke("Solving least squares", 0, null);
        var rows = LinearRows.Standard(set, center: options.IncludesIntercept);
        var (scaled, constant) = LeastSquares.Solve(
            rows, set.Targets.Numbers, options.L2Weight, options.IncludesIntercept, cancellationToken);
        var (weights, bias) = rows.Unscale(scaled, constant);
        return new LinearModel(set.Describe(name, ModelTask.Regression, parameters), [.. weights], bias);
    }
}
