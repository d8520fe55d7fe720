namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>Walks each row down each tree: the reference for the others, and the way for few rows or large trees.</summary>
internal sealed class WalkKernel : TreeKernel
{
    private readonly Node[] _nodes;
    private readonly int[] _nodeStarts;
    private readonly int[] _leafStarts;
    private readonly double[] _leaves;
    private readonly double _bias;

    public WalkKernel(TreeEnsemble trees)
        : base(trees)
    {
        var arrays = trees.Arrays;
        var numbers = Positions(NumberColumns);
        var levels = Positions(LevelColumns);
        _nodes = new Node[trees.NodeCount];
        for (var i = 0; i < _nodes.Length; i++)
        {
            var isLevel = arrays.Levels[i] >= 0;
            _nodes[i] = new Node
            {
                Input = (isLevel ? levels : numbers)[arrays.Features[i]] * BlockRows,
                Threshold = arrays.Thresholds[i],
                Level = arrays.Levels[i],
                MissingRight = arrays.MissingRight[i] != 0,
                Left = arrays.Left[i],
                Right = arrays.Right[i],
            };
        }

        _nodeStarts = arrays.NodeStarts;
        _leafStarts = arrays.LeafStarts;
        _leaves = arrays.LeafValues;
        _bias = trees.Bias;
    }

    public override int StateLength => 0;

    public override void Sum(ReadOnlySpan<float> numbers, ReadOnlySpan<int> codes, int rows, Span<uint> state, Span<double> sums)
    {
        sums = sums[..rows];
        sums.Fill(_bias);
        for (var tree = 0; tree < _nodeStarts.Length - 1; tree++)
        {
            var nodes = _nodes.AsSpan(_nodeStarts[tree], _nodeStarts[tree + 1] - _nodeStarts[tree]);
            var leaves = _leaves.AsSpan(_leafStarts[tree], nodes.Length + 1);
            for (var row = 0; row < sums.Length; row++)
            {
                var at = nodes.IsEmpty ? ~0 : 0;
                while (at >= 0)
                {
                    ref readonly var node = ref nodes[at];
                    at = GoesRight(in node, numbers, codes, row) ? node.Right : node.Left;
                }

                sums[row] += leaves[~at];
            }
        }
    }

    private static bool GoesRight(in Node node, ReadOnlySpan<float> numbers, ReadOnlySpan<int> codes, int row)
    {
        if (node.Level >= 0)
        {
            return codes[node.Input + row] == node.Level;
        }

        var number = numbers[node.Input + row];
        return number > node.Threshold || (float.IsNaN(number) && node.MissingRight);
    }

    private struct Node
    {
        public int Input;
        public float Threshold;
        public int Level;
        public int Left;
        public int Right;
        public bool MissingRight;
    }
}
