using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Linear;

/// <summary>
/// Two-Class and Multiclass Logistic Regression on numbers scaled to 0 to 1: the one minimum of the summed log loss and of the penalties,
/// in double precision, by Newton's method where columns are few and by L-BFGS where they are many. The seed is accepted and has no effect,
/// since nothing is left to chance.
/// </summary>
internal sealed class LogisticRegressionLearner(
    string name,
    ModelTask task,
    LogisticOptions options,
    bool allowsUnknownLevels,
    IReadOnlyDictionary<string, string> parameters) : ILearner
{
    // Slopes are of summed losses. With the usual tolerance of 1e-7 and a penalty of 1, weights are within 1e-5 of the minimum.
    private const double SlopesOfTolerance = 100;

    public string Name => name;

    public ModelTask Task => task;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, task, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(task, training.ReportProgress);
        cancellationToken.ThrowIfCancellationRequested();
        training.ReportProgress?.Invoke("Fitting weights", 0, null);
        var rows = LinearRows.MinMax(set);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, training.Threads), CancellationToken = cancellationToken };
        var loss = new LogisticLoss(rows, set.Targets.Numbers, set.Targets.Classes.Length, options.L2Weight, parallel);
        var point = Minimize(loss, training.ReportProgress, cancellationToken);
        var description = set.Describe(name, task, parameters);
        var size = rows.SlotCount + 1;
        (double[] Weights, double Bias)[] ofClasses =
            [.. point.Chunk(size).Select(ofClass => rows.Unscale(ofClass.AsSpan(0, size - 1), ofClass[^1]))];
        return task == ModelTask.Binary
            ? new LinearModel(description, [.. ofClasses[0].Weights], ofClasses[0].Bias)
            : new MulticlassLinearModel(
                description, [.. Weights(ofClasses).Select(weights => weights.ToImmutableArray())], [.. Biases(ofClasses)]);
    }

    private double[] Minimize(LogisticLoss loss, Action<string, long, long?>? report, CancellationToken cancellationToken)
    {
        var steps = 0;
        var absolute = loss.AbsoluteWeights(options.L1Weight);
        if (loss.HasCheapCurvature)
        {
            var newton = new NewtonSteps { WayTolerance = options.OptimizationTolerance, AbsoluteWeights = absolute };
            if (newton.Minimize(Evaluate, loss.Curvature, cancellationToken) is { } point)
            {
                return point;
            }
        }

        return new QuasiNewton
        {
            Memory = options.MemorySize,
            SlopeTolerance = SlopesOfTolerance * options.OptimizationTolerance,
            AbsoluteWeights = absolute,
        }.Minimize(Evaluate, cancellationToken);

        double Evaluate(ReadOnlySpan<double> at, Span<double> slope)
        {
            report?.Invoke("Fitting weights", ++steps, null);
            return loss.Evaluate(at, slope);
        }
    }

    // Two classes take one sum, of the second; that of the first is zero.
    private static IEnumerable<double[]> Weights((double[] Weights, double Bias)[] ofClasses) =>
        ofClasses.Length == 1 ? [new double[ofClasses[0].Weights.Length], ofClasses[0].Weights] : ofClasses.Select(ofClass => ofClass.Weights);

    private static IEnumerable<double> Biases((double[] Weights, double Bias)[] ofClasses) =>
        ofClasses.Length == 1 ? [0, ofClasses[0].Bias] : ofClasses.Select(ofClass => ofClass.Bias);
}
