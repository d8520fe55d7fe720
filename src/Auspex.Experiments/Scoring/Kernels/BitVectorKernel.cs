using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// QuickScorer's bit-vector traversal (Lucchese et al., SIGIR 2015), vectorised across rows (V-QuickScorer, 2016), for
/// trees of up to 32 leaves: a row's state in a tree is a bit per leaf that it may still reach.
/// </summary>
/// <remarks>
/// The nodes of all trees are ordered by column and threshold, not by tree. A row that is greater than a node's threshold
/// goes right there, so the leaves to the left of the node are struck from its state; once no row of the block exceeds a
/// threshold, the column's other nodes strike nothing. At the end the lowest bit left is the leaf. Missing numbers become
/// minus infinity for nodes that send them left and plus infinity for the others, so that the loops need not know them.
/// </remarks>
internal sealed partial class BitVectorKernel : TreeKernel
{
    /// <summary>The leaves that a state has bits for.</summary>
    public const int MostLeaves = 32;

    // Below this number of rows walking is cheaper than a block of which most lanes are idle.
    private const int LeastRows = 5;

    private readonly WalkKernel _walk;
    private readonly NumberRun[] _numberRuns;
    private readonly NumberNode[] _numberNodes;
    private readonly LevelRun[] _levelRuns;
    private readonly LevelNode[] _levelNodes;

    // 32 per tree, whatever it has; what a tree has not is never reached.
    private readonly double[] _leaves;
    private readonly int _treeCount;
    private readonly double _bias;
    private readonly int _vectorBits;

    /// <param name="trees">Trees of at most <see cref="MostLeaves"/> leaves.</param>
    /// <param name="vectorBits">128, 256 or 512; 0 for what this machine does best.</param>
    public BitVectorKernel(TreeEnsemble trees, int vectorBits = 0)
        : base(trees)
    {
        _vectorBits = vectorBits != 0 ? vectorBits
            : Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : 128;
        _walk = new WalkKernel(trees);
        _treeCount = trees.TreeCount;
        _bias = trees.Bias;
        var arrays = trees.Arrays;
        _leaves = new double[_treeCount * MostLeaves];
        var struck = new uint[trees.NodeCount];
        var treeOf = new int[trees.NodeCount];
        for (var tree = 0; tree < _treeCount; tree++)
        {
            var (firstLeaf, endLeaf) = (arrays.LeafStarts[tree], arrays.LeafStarts[tree + 1]);
            arrays.LeafValues.AsSpan(firstLeaf, endLeaf - firstLeaf).CopyTo(_leaves.AsSpan(tree * MostLeaves));
            var (start, end) = (arrays.NodeStarts[tree], arrays.NodeStarts[tree + 1]);
            Array.Fill(treeOf, tree, start, end - start);
            if (end > start)
            {
                StrikeLeft(arrays, start, 0, struck);
            }
        }

        (_numberRuns, _numberNodes) = NumberNodes(arrays, struck, treeOf, Positions(NumberColumns));
        (_levelRuns, _levelNodes) = LevelNodes(arrays, struck, treeOf, Positions(LevelColumns));
    }

    public override int StateLength => _treeCount * BlockRows;

    public override void Sum(ReadOnlySpan<float> numbers, ReadOnlySpan<int> codes, int rows, Span<uint> state, Span<double> sums)
    {
        if (rows < LeastRows)
        {
            _walk.Sum(numbers, codes, rows, state, sums);
            return;
        }

        // The loops read without bounds checks: these are the only sizes that come from outside.
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers.Length, NumberColumns.Length * BlockRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(codes.Length, LevelColumns.Length * BlockRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, StateLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, BlockRows);
        state[..StateLength].Fill(uint.MaxValue);
        StrikeNumbers(ref MemoryMarshal.GetReference(numbers), ref MemoryMarshal.GetReference(state));
        StrikeLevels(ref MemoryMarshal.GetReference(codes), ref MemoryMarshal.GetReference(state));
        if (rows == BlockRows)
        {
            AddLeaves(ref MemoryMarshal.GetReference(state), sums);
        }
        else
        {
            Span<double> all = stackalloc double[BlockRows];
            AddLeaves(ref MemoryMarshal.GetReference(state), all);
            all[..rows].CopyTo(sums);
        }
    }

    // Four rows side by side hide the latency of the additions.
    private void AddLeaves(ref uint state, Span<double> sums)
    {
        ref var leaves = ref MemoryMarshal.GetArrayDataReference(_leaves);
        for (var row = 0; row < BlockRows; row += 4)
        {
            double a = _bias, b = _bias, c = _bias, d = _bias;
            ref var at = ref Unsafe.Add(ref state, row);
            ref var ofTree = ref leaves;
            for (var tree = 0; tree < _treeCount; tree++)
            {
                a += Unsafe.Add(ref ofTree, BitOperations.TrailingZeroCount(at));
                b += Unsafe.Add(ref ofTree, BitOperations.TrailingZeroCount(Unsafe.Add(ref at, 1)));
                c += Unsafe.Add(ref ofTree, BitOperations.TrailingZeroCount(Unsafe.Add(ref at, 2)));
                d += Unsafe.Add(ref ofTree, BitOperations.TrailingZeroCount(Unsafe.Add(ref at, 3)));
                at = ref Unsafe.Add(ref at, BlockRows);
                ofTree = ref Unsafe.Add(ref ofTree, MostLeaves);
            }

            sums[row] = a;
            sums[row + 1] = b;
            sums[row + 2] = c;
            sums[row + 3] = d;
        }
    }

    // The leaves under a node are consecutive; returns their bits.
    private static uint StrikeLeft(TreeArrays arrays, int start, int child, uint[] struck)
    {
        if (child < 0)
        {
            return 1u << ~child;
        }

        // Trees here have at most 31 nodes, so the recursion is shallow.
        var left = StrikeLeft(arrays, start, arrays.Left[start + child], struck);
        struck[start + child] = left;
        return left | StrikeLeft(arrays, start, arrays.Right[start + child], struck);
    }

    private static (NumberRun[] Runs, NumberNode[] Nodes) NumberNodes(
        TreeArrays arrays, uint[] struck, int[] treeOf, Dictionary<int, int> positions)
    {
        var runs = new List<NumberRun>();
        var nodes = new List<NumberNode>();
        var groups = Enumerable.Range(0, struck.Length)
            .Where(node => arrays.Levels[node] < 0)
            .GroupBy(node => (arrays.Features[node], arrays.MissingRight[node]))
            .OrderBy(group => group.Key);
        foreach (var group in groups)
        {
            var start = nodes.Count;
            nodes.AddRange(group.OrderBy(node => arrays.Thresholds[node]).ThenBy(node => node)
                .Select(node => new NumberNode(arrays.Thresholds[node], treeOf[node] * BlockRows, struck[node])));
            runs.Add(new NumberRun(positions[group.Key.Item1] * BlockRows, group.Key.Item2 != 0, start, nodes.Count));
        }

        return ([.. runs], [.. nodes]);
    }

    private static (LevelRun[] Runs, LevelNode[] Nodes) LevelNodes(
        TreeArrays arrays, uint[] struck, int[] treeOf, Dictionary<int, int> positions)
    {
        var runs = new List<LevelRun>();
        var nodes = new List<LevelNode>();
        var groups = Enumerable.Range(0, struck.Length)
            .Where(node => arrays.Levels[node] >= 0)
            .GroupBy(node => (arrays.Features[node], arrays.Levels[node]))
            .OrderBy(group => group.Key);
        foreach (var group in groups)
        {
            var start = nodes.Count;
            nodes.AddRange(group.Select(node => new LevelNode(treeOf[node] * BlockRows, struck[node])));
            runs.Add(new LevelRun(positions[group.Key.Item1] * BlockRows, group.Key.Item2, start, nodes.Count));
        }

        return ([.. runs], [.. nodes]);
    }

    /// <summary>Nodes <c>[Start, End)</c> that ask for one column and treat missing numbers alike, thresholds ascending.</summary>
    private readonly record struct NumberRun(int Input, bool MissingRight, int Start, int End);

    /// <summary>A node: its threshold, where its tree's states begin, and the leaves to its left.</summary>
    private readonly record struct NumberNode(float Threshold, int State, uint Struck);

    /// <summary>Nodes <c>[Start, End)</c> that ask for one level of one column.</summary>
    private readonly record struct LevelRun(int Input, int Level, int Start, int End);

    /// <summary>A node: where its tree's states begin, and the leaves to its left.</summary>
    private readonly record struct LevelNode(int State, uint Struck);
}
