using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Forests;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Jungles;

/// <summary>Decision jungles (Shotton and others 2013): decision graphs of bounded width whose distributions are averaged.</summary>
internal sealed class DecisionJungleLearner(
    string name, ModelTask task, JungleOptions options, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    private const int MostBins = 255;

    public string Name => name;

    public ModelTask Task => task;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, task, allowsUnknownLevels, training.ReportProgress);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, training.Threads), CancellationToken = cancellationToken };
        var columns = new BinnedColumn[set.Features.Length];
        Parallel.For(0, columns.Length, parallel, column => columns[column] = BinnedColumn.Create(set, column, MostBins));
        BinnedColumn[] useful = [.. columns.Where(column => column.BinCount > 2 || column.HasMissing)];
        var statistics = new NodeStatistics(set.Targets.Numbers, set.Targets.Classes.Length);
        var graphs = new JungleGraph[options.Graphs];
        var done = 0;
        Parallel.For(0, graphs.Length, parallel, graph =>
        {
            var seed = unchecked((options.Seed * 1_000_003) + graph);
            graphs[graph] = new JungleGrower(useful, statistics, options, set.RowCount, seed, cancellationToken).Grow();
            training.ReportProgress?.Invoke("Growing graphs", Interlocked.Increment(ref done), graphs.Length);
        });
        return new JungleModel(
            set.Describe(name, task, parameters, [.. columns.Select(column => column.Profile)]), Join(graphs));
    }

    private static JungleNodes Join(JungleGraph[] graphs)
    {
        var starts = new List<int> { 0 };
        var nodes = new List<TreeSplit>();
        var leaves = new List<double[]>();
        foreach (var graph in graphs)
        {
            var (firstNode, firstLeaf) = (nodes.Count, leaves.Count);
            nodes.AddRange(graph.Nodes.Select(node => node.Feature == JungleNodes.Leaf
                ? node with { Left = firstLeaf + node.Left }
                : node with { Left = firstNode + node.Left, Right = firstNode + node.Right }));
            leaves.AddRange(graph.Leaves);
            starts.Add(nodes.Count);
        }

        return new JungleNodes(
            [.. starts],
            [.. nodes.Select(node => node.Feature)],
            [.. nodes.Select(node => (float)node.Threshold)],
            [.. nodes.Select(node => node.Level)],
            [.. nodes.Select(node => node.MissingRight ? (byte)1 : (byte)0)],
            [.. nodes.Select(node => node.Left)],
            [.. nodes.Select(node => node.Right)],
            [.. leaves.SelectMany(leaf => leaf)]);
    }
}
