using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Forests;

/// <summary>
/// Decision forests: trees of drawn splits (Criminisi, Shotton and Konukoglu 2011) whose leaves' distributions are averaged;
/// and quantile forests (Meinshausen 2006). The model does not depend on threads: each tree has a seed of its own.
/// </summary>
internal sealed class DecisionForestLearner(
    string name,
    ModelTask task,
    ForestOptions options,
    ImmutableArray<double> quantiles,
    bool allowsUnknownLevels,
    IReadOnlyDictionary<string, string> parameters) : ILearner
{
    private const int MostBins = 255;

    public string Name => name;

    public ModelTask Task => task;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var target = task == ModelTask.Quantile ? ModelTask.Regression : task;
        var set = TrainingSet.Create(table, labelColumn, target, allowsUnknownLevels, training.ReportProgress);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, training.Threads), CancellationToken = cancellationToken };
        var columns = new BinnedColumn[set.Features.Length];
        Parallel.For(0, columns.Length, parallel, column => columns[column] = BinnedColumn.Create(set, column, MostBins));
        BinnedColumn[] useful = [.. columns.Where(column => column.BinCount > 2 || column.HasMissing)];
        var statistics = new NodeStatistics(set.Targets.Numbers, set.Targets.Classes.Length);
        var trees = new ForestTree[options.Trees];
        var done = 0;
        Parallel.For(0, trees.Length, parallel, tree =>
        {
            trees[tree] = new ForestTreeGrower(useful, statistics, options, set.RowCount, unchecked((options.Seed * 1_000_003) + tree), cancellationToken).Grow();
            training.ReportProgress?.Invoke("Growing trees", Interlocked.Increment(ref done), trees.Length);
        });
        var description = set.Describe(name, task, parameters, [.. columns.Select(column => column.Profile)]) with
        {
            GivesDeviation = task == ModelTask.Regression,
            Quantiles = quantiles,
        };
        return task == ModelTask.Binary ? TwoClasses(description, trees) : Distributions(description, trees);
    }

    // The second class's part is all there is to say, and sums of numbers are what the tree kernels are fastest at.
    private static TreeModel TwoClasses(ModelDescription description, ForestTree[] trees)
    {
        var builder = new TreeEnsembleBuilder();
        foreach (var tree in trees)
        {
            builder.Add(tree.Nodes, [.. tree.Leaves.Select(leaf => leaf[1])], tree.Covers);
        }

        return new TreeModel(description, builder.Build(0), new SumLink(SumLinkKind.None, Divisor: trees.Length));
    }

    private static ForestModel Distributions(ModelDescription description, ForestTree[] trees)
    {
        var order = new TreeEnsembleBuilder();
        foreach (var tree in trees)
        {
            // Quantiles are not explained, and need no numbers of rows.
            order.Add(
                tree.Nodes,
                [.. Enumerable.Range(0, tree.Leaves.Count).Select(leaf => (double)leaf)],
                description.Task == ModelTask.Quantile ? null : tree.Covers);
        }

        // The builder puts leaves into its own order and leaves show which of the grown ones each is.
        var arrays = order.Build(0).Arrays;
        var starts = new List<int> { 0 };
        var values = new List<double>();
        for (var tree = 0; tree < trees.Length; tree++)
        {
            for (var leaf = arrays.LeafStarts[tree]; leaf < arrays.LeafStarts[tree + 1]; leaf++)
            {
                values.AddRange(trees[tree].Leaves[(int)arrays.LeafValues[leaf]]);
                starts.Add(values.Count);
            }
        }

        var numbered = arrays with { LeafValues = [.. Enumerable.Range(0, arrays.LeafValues.Length).Select(leaf => (double)leaf)] };
        return new ForestModel(description, new TreeEnsemble(numbered, 0), [.. starts], [.. values]);
    }
}
