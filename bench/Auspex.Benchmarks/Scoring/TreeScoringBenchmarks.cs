using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Kernels;
using BenchmarkDotNet.Attributes;

namespace Auspex.Benchmarks.Scoring;

/// <summary>
/// How many rows a second do 100 trees of 31 leaves score in memory, over 28 number columns, on one thread? One operation is
/// one row; the baseline walks each row down each tree.
/// </summary>
[MemoryDiagnoser]
public class TreeScoringBenchmarks
{
    private const int Rows = 8192;
    private const int Columns = 28;
    private const int Trees = 100;
    private const int Leaves = 31;

    private readonly double[][] _scores = [new double[Rows]];
    private TableBatch _table = null!;
    private TableBatch _row = null!;
    private IRowTransform _transform = null!;
    private IScorer _walk = null!;
    private IScorer _bitVectors = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        TableField[] fields = [.. Enumerable.Range(0, Columns).Select(column => new TableField { Name = $"x{column}", Type = ColumnType.Double })];
        var schema = new TableSchema([.. fields]);
        _table = new TableBatch(
            schema,
            [
                .. fields.Select(_ => (Column)new DoubleColumn(
                    [.. Enumerable.Range(0, Rows).Select(_ => Normal(random))], Rows, validity: null)),
            ],
            Rows);
        _row = _table.Slice(0, 1);
        var trees = Grow(random);
        var model = new TreeModel(
            new ModelDescription
            {
                Learner = "Boosted Decision Tree Regression",
                Task = ModelTask.Regression,
                Label = new TableField { Name = "y", Type = ColumnType.Double },
                Features = schema,
            },
            trees,
            LogisticLink.Plain);
        var features = BoundFeature.Bind(model.Layout, schema);
        _transform = model.Bind(schema, appendScores: true);
        var columns = TreeColumns.Of(trees);
        _walk = Scorer(new WalkKernel<float>(trees, columns));
        _bitVectors = Scorer(new BitVectorKernel<float>(trees, columns));

        IScorer Scorer(TreeKernel kernel) => TreeScorer.Create([kernel], trees, features, SumLink.None, outputs: 1, allowsUnknownLevels: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public void Walk() => _walk.Score(_table, _scores);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void BitVectors() => _bitVectors.Score(_table, _scores);

    [Benchmark(OperationsPerInvoke = Rows)]
    public TableBatch BatchToBatch() => _transform.Apply(_table);

    [Benchmark]
    public TableBatch OneRow() => _transform.Apply(_row);

    // Thresholds as boosting would leave them: spread over the bulk of a normal distribution.
    private static TreeEnsemble Grow(Random random)
    {
        var builder = new TreeEnsembleBuilder();
        for (var tree = 0; tree < Trees; tree++)
        {
            var splits = new List<TreeSplit>();
            var ends = new List<(int Node, bool Right)> { (-1, false) };
            while (ends.Count < Leaves)
            {
                var at = random.Next(ends.Count);
                Attach(splits, ends[at], splits.Count);
                ends[at] = (splits.Count, false);
                ends.Add((splits.Count, true));
                splits.Add(new TreeSplit(random.Next(Columns), (float)Normal(random), -1, false, 0, 0));
            }

            for (var leaf = 0; leaf < ends.Count; leaf++)
            {
                Attach(splits, ends[leaf], ~leaf);
            }

            builder.Add(splits, [.. Enumerable.Range(0, Leaves).Select(_ => random.NextDouble() - 0.5)]);
        }

        return builder.Build(0);
    }

    private static void Attach(List<TreeSplit> splits, (int Node, bool Right) end, int child)
    {
        if (end.Node >= 0)
        {
            var split = splits[end.Node];
            splits[end.Node] = end.Right ? split with { Right = child } : split with { Left = child };
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
