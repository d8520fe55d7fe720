using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training.Linear;
using MathNet.Numerics.LinearAlgebra;

namespace Auspex.Experiments.Training.Bayes;

/// <summary>
/// Bayesian Linear Regression in closed form (Bishop 2006, section 3.3): normal weights, of which the regularization weight is the
/// precision in units of the noise's; the noise is what the rows make most probable.
/// </summary>
internal sealed class BayesianLinearLearner(
    string name, double regularization, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    // The model holds the covariance of all weights: 32 MB.
    private const int MostSlots = 2000;

    public string Name => name;

    public ModelTask Task => ModelTask.Regression;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, ModelTask.Regression, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(ModelTask.Regression, training.ReportProgress);
        if (set.Layout.SlotCount > MostSlots)
        {
            throw new ModuleException(
                129, $"The table gives {set.Layout.SlotCount} features, levels counted singly; {name} takes up to {MostSlots}. "
                + "Use Linear Regression, or select fewer columns.");
        }

        training.ReportProgress?.Invoke("Solving", 0, null);
        var rows = LinearRows.Standard(set, center: true);
        var targets = set.Targets.Numbers;
        var (precision, right) = Normal(rows, targets, cancellationToken);
        var cholesky = precision.Cholesky();
        var solution = cholesky.Solve(right);
        var covariance = cholesky.Solve(Matrix<double>.Build.DenseIdentity(right.Count));
        double[] scaled = [.. solution.Take(rows.SlotCount)];
        var residuals = rows.Sums(scaled, solution[^1]).Zip(targets, (sum, target) => (target - sum) * (target - sum)).Sum();
        var penalty = rows.SlotFactors().Zip(scaled, (factor, weight) => regularization * factor * factor * weight * weight).Sum();
        var noise = (residuals + penalty) / targets.Length;
        var (weights, bias) = rows.Unscale(scaled, solution[^1]);
        var description = set.Describe(name, ModelTask.Regression, parameters) with { GivesDeviation = true };
        return new GaussianLinearModel(
            description, [.. weights], bias, noise, rows.Scale, [.. covariance.ToRowMajorArray()]);
    }

    // The penalty counts on the columns' own scale, the constant's next to nothing.
    private (Matrix<double> Precision, Vector<double> Right) Normal(LinearRows rows, double[] targets, CancellationToken cancellationToken)
    {
        var size = rows.SlotCount + 1;
        var sums = new double[size, size];
        var right = new double[size];
        var factors = rows.SlotFactors();
        for (var slot = 0; slot < factors.Length; slot++)
        {
            // A constant column, of factor 0, has no effect that a penalty could weigh; 1 keeps the matrix definite.
            sums[slot, slot] = factors[slot] == 0 ? 1 : regularization * factors[slot] * factors[slot];
        }

        sums[size - 1, size - 1] = 1e-9;
        var slots = new int[rows.EntryCount + 1];
        var values = new double[rows.EntryCount + 1];
        (slots[^1], values[^1]) = (size - 1, 1);
        for (var row = 0; row < targets.Length; row++)
        {
            if (row % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            rows.Read(row, slots.AsSpan(0, rows.EntryCount), values.AsSpan(0, rows.EntryCount));
            for (var i = 0; i < slots.Length; i++)
            {
                right[slots[i]] += values[i] * targets[row];
                for (var j = 0; j <= i; j++)
                {
                    sums[slots[i], slots[j]] += values[i] * values[j];
                }
            }
        }

        var precision = Matrix<double>.Build.Dense(size, size, (i, j) => i >= j ? sums[i, j] : sums[j, i]);
        return (precision, Vector<double>.Build.Dense(right));
    }
}
