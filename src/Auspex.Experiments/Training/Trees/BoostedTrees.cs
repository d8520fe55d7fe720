using System.Collections.Immutable;
using System.Numerics.Tensors;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training.Trees;

/// <summary>Gradient boosting (Friedman 2001) with Newton steps: each tree is fitted to the loss that the trees before it leave.</summary>
internal static class BoostedTrees
{
    // Bins of a column: as many as a byte tells apart, one of them for missing values.
    private const int MostBins = 255;

    // With thousands of columns, histograms of so many bins would take gigabytes.
    private const int WideColumns = 1000;
    private const int WideBins = 63;

    private const int ChunkRows = 16_384;

    /// <summary>Trains trees: on log loss for classes 0 and 1, on squared error for numbers.</summary>
    /// <returns>The trees, and what each feature column held.</returns>
    public static (TreeEnsemble Trees, ImmutableArray<ColumnProfile> Profiles) Train(
        TrainingSet set, ModelTask task, BoostedTreesOptions options, TrainingOptions training, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, training.Threads), CancellationToken = cancellationToken };
        var columns = new BinnedColumn[set.Features.Length];
        var mostBins = columns.Length > WideColumns ? WideBins : MostBins;
        Parallel.For(0, columns.Length, parallel, column => columns[column] = BinnedColumn.Create(set, column, mostBins));
        BinnedColumn[] useful = [.. columns.Where(column => column.BinCount > 2 || column.HasMissing)];

        var targets = set.Targets.Numbers;
        var mean = TensorPrimitives.Sum<double>(targets) / targets.Length;
        var bias = task == ModelTask.Binary ? Math.Log(mean / (1 - mean)) : mean;
        var sums = new double[targets.Length];
        Array.Fill(sums, bias);
        var gradients = new Gradients(targets.Length);
        var (first, second) = (gradients.First, gradients.Second);
        var grower = new TreeGrower(useful, gradients, options, training.Threads, cancellationToken);
        var builder = new TreeEnsembleBuilder();
        var chunks = (targets.Length + ChunkRows - 1) / ChunkRows;
        var greatest = new double[chunks];
        for (var tree = 0; tree < options.Trees; tree++)
        {
            Parallel.For(0, chunks, parallel, chunk =>
            {
                var range = Rows(chunk);
                if (task == ModelTask.Binary)
                {
                    LogLoss(sums.AsSpan(range), targets.AsSpan(range), first.AsSpan(range), second.AsSpan(range));
                }
                else
                {
                    TensorPrimitives.Subtract(sums.AsSpan(range), targets.AsSpan(range), first.AsSpan(range));
                    second.AsSpan(range).Fill(1);
                }

                greatest[chunk] = Math.Abs(TensorPrimitives.MaxMagnitude<double>(first.AsSpan(range)));
            });
            gradients.Begin(greatest.Max());
            Parallel.For(0, chunks, parallel, chunk => gradients.Set(Rows(chunk)));
            grower.Grow(builder, sums);
            training.ReportProgress?.Invoke("Growing trees", tree + 1, options.Trees);
        }

        return (builder.Build(bias), [.. columns.Select(column => column.Profile)]);

        Range Rows(int chunk) => (chunk * ChunkRows)..Math.Min(targets.Length, (chunk + 1) * ChunkRows);
    }

    private static void LogLoss(ReadOnlySpan<double> sums, ReadOnlySpan<double> targets, Span<double> first, Span<double> second)
    {
        // first = p - target, second = p (1 - p)
        TensorPrimitives.Sigmoid(sums, first);
        TensorPrimitives.Subtract(1.0, first, second);
        TensorPrimitives.Multiply(first, second, second);
        TensorPrimitives.Subtract(first, targets, first);
    }
}
