using System.Collections.Immutable;
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

        var round = new BoostingRound(set.Targets.Numbers, task, options, parallel);
        var grower = new TreeGrower(useful, round.Gradients, options, parallel);
        var builder = new TreeEnsembleBuilder();
        for (var tree = 0; tree < options.Trees; tree++)
        {
            var total = round.Begin(grower.Words);
            var nodes = new List<TreeSplit>();
            var rows = grower.Grow(total, nodes);
            builder.Add(nodes, round.End(grower.LeafOfRow, rows.Length), [.. rows.Select(count => (double)count)]);
            training.ReportProgress?.Invoke("Growing trees", tree + 1, options.Trees);
        }

        return (builder.Build(round.Bias), [.. columns.Select(column => column.Profile)]);
    }
}
