using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// Walks down the trees without vectors, eight at a time: eight rows in one tree, or one row in eight trees. The way for
/// few rows, for trees too large for bit vectors, and for machines without vectors.
/// </summary>
/// <remarks>
/// A step is two loads, a comparison and an addition, without a branch to mispredict; eight steps side by side hide each
/// other's latency. One test serves all nodes: a value goes right where it lies in a range. Numbers become whole numbers
/// of the same order (see <see cref="NumberKeys{T}"/>), so that the range of a missing number's way is part of it; a level is
/// a range of one; a leaf's range is empty and leads to itself.
/// </remarks>
internal sealed class WalkKernel<T> : TreeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 8;

    private readonly Node[] _nodes;
    private readonly int[] _roots;
    private readonly NumberKeys<T> _numbers;
    private readonly LevelSet[] _sets;
    private readonly double[] _leaves;
    private readonly double _bias;

    public WalkKernel(TreeEnsemble trees, TreeColumns columns)
        : base(columns)
    {
        var arrays = trees.Arrays;
        _numbers = new NumberKeys<T>(arrays, NumberColumns);
        _leaves = arrays.LeafValues;
        _bias = trees.Bias;
        _sets = LevelSet.All(arrays, Positions(LevelColumns));
        _roots = new int[trees.TreeCount];
        _nodes = new Node[trees.NodeCount + trees.LeafCount];
        var setIndex = LevelSet.Index(_sets);
        var next = 0;
        for (var tree = 0; tree < _roots.Length; tree++)
        {
            _roots[tree] = next;
            next = LayOut(arrays, setIndex, tree, next);
        }
    }

    // One column at least: leaves read it without need.
    public override int StateLength =>
        Math.Max(1, _numbers.Count + LevelColumns.Length + _sets.Length) * BlockRows * sizeof(int);

    public override double SumRow(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<byte> state)
    {
        var keys = MemoryMarshal.Cast<byte, int>(state);
        _numbers.FillRow(numbers, keys);
        var start = _numbers.Count * BlockRows;
        for (var i = 0; i < LevelColumns.Length; i++)
        {
            keys[start + (i * BlockRows)] = codes[i];
        }

        start += LevelColumns.Length * BlockRows;
        for (var i = 0; i < _sets.Length; i++)
        {
            keys[start + (i * BlockRows)] = _sets[i].Contains(codes[_sets[i].Input]) ? 1 : 0;
        }

        return SumRow(ref MemoryMarshal.GetReference(keys));
    }

    protected override void SumBlock(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<byte> state, Span<double> sums)
    {
        var keys = MemoryMarshal.Cast<byte, int>(state);
        FillKeys(numbers, codes, keys, sums.Length);
        sums.Fill(_bias);
        if (sums.Length < Lanes)
        {
            for (var row = 0; row < sums.Length; row++)
            {
                sums[row] = SumRow(ref Unsafe.Add(ref MemoryMarshal.GetReference(keys), row));
            }
        }
        else
        {
            SumRows(keys, sums);
        }
    }

    // Rows past the last are walked too, with whatever keys they have, and left out of the sums.
    private void SumRows(Span<int> keys, Span<double> sums)
    {
        Span<int> at = stackalloc int[Lanes];
        foreach (var root in _roots)
        {
            for (var row = 0; row < sums.Length; row += Lanes)
            {
                at.Fill(root);
                Descend(ref Unsafe.Add(ref MemoryMarshal.GetReference(keys), row), at, laneStep: 1);
                var some = sums[row..];
                for (var lane = 0; lane < Math.Min(Lanes, some.Length); lane++)
                {
                    some[lane] += _leaves[_nodes[at[lane]].Low];
                }
            }
        }
    }

    private double SumRow(ref int keys)
    {
        Span<int> at = stackalloc int[Lanes];
        var sum = _bias;
        for (var tree = 0; tree < _roots.Length; tree += Lanes)
        {
            var some = _roots.AsSpan(tree, Math.Min(Lanes, _roots.Length - tree));
            at.Fill(some[0]);
            some.CopyTo(at);
            Descend(ref keys, at, laneStep: 0);
            for (var lane = 0; lane < some.Length; lane++)
            {
                sum += _leaves[_nodes[at[lane]].Low];
            }
        }

        return sum;
    }

    // From nodes to leaves. Lane i reads its keys at i * laneStep, a constant of the caller's: hence inlined.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Descend(ref int keys, Span<int> at, int laneStep)
    {
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        var (a, b, c, d) = (at[0], at[1], at[2], at[3]);
        var (e, f, g, h) = (at[4], at[5], at[6], at[7]);
        int moved;
        do
        {
            moved = Step(ref nodes, ref keys, ref a)
                | Step(ref nodes, ref Unsafe.Add(ref keys, laneStep), ref b)
                | Step(ref nodes, ref Unsafe.Add(ref keys, 2 * laneStep), ref c)
                | Step(ref nodes, ref Unsafe.Add(ref keys, 3 * laneStep), ref d)
                | Step(ref nodes, ref Unsafe.Add(ref keys, 4 * laneStep), ref e)
                | Step(ref nodes, ref Unsafe.Add(ref keys, 5 * laneStep), ref f)
                | Step(ref nodes, ref Unsafe.Add(ref keys, 6 * laneStep), ref g)
                | Step(ref nodes, ref Unsafe.Add(ref keys, 7 * laneStep), ref h);
        }
        while (moved != 0);
        (at[0], at[1], at[2], at[3]) = (a, b, c, d);
        (at[4], at[5], at[6], at[7]) = (e, f, g, h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step(ref Node nodes, ref int keys, ref int at)
    {
        ref var node = ref Unsafe.Add(ref nodes, at);
        var next = node.Left + ((uint)(Unsafe.Add(ref keys, node.Input) - node.Low) < node.Width ? 1 : 0);
        var moved = next ^ at;
        at = next;
        return moved;
    }

    private void FillKeys(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<int> keys, int rows)
    {
        _numbers.Fill(numbers, keys, rows);
        var start = _numbers.Count * BlockRows;
        for (var i = 0; i < LevelColumns.Length; i++)
        {
            codes.Slice(i * BlockRows, rows).CopyTo(keys[start..]);
            start += BlockRows;
        }

        foreach (var set in _sets)
        {
            var column = codes.Slice(set.Input * BlockRows, rows);
            for (var row = 0; row < column.Length; row++)
            {
                keys[start + row] = set.Contains(column[row]) ? 1 : 0;
            }

            start += BlockRows;
        }
    }

    // Children of a node stand side by side.
    private int LayOut(TreeArrays arrays, Dictionary<(int, int), int> sets, int tree, int root)
    {
        var (firstNode, firstLeaf) = (arrays.NodeStarts[tree], arrays.LeafStarts[tree]);
        var pending = new Queue<(int Child, int At)>();
        pending.Enqueue((arrays.NodeStarts[tree + 1] == firstNode ? ~0 : 0, root));
        var next = root + 1;
        while (pending.TryDequeue(out var entry))
        {
            if (entry.Child < 0)
            {
                _nodes[entry.At] = new Node { Left = entry.At, Low = firstLeaf + ~entry.Child };
                continue;
            }

            var node = firstNode + entry.Child;
            _nodes[entry.At] = Test(arrays, sets, node) with { Left = next };
            pending.Enqueue((arrays.Left[node], next));
            pending.Enqueue((arrays.Right[node], next + 1));
            next += 2;
        }

        return next;
    }

    private Node Test(TreeArrays arrays, Dictionary<(int, int), int> sets, int node)
    {
        var level = arrays.Levels[node];
        if (level == TreeArrays.Number)
        {
            var (input, low, high) = _numbers.TestOf(node);
            return new Node { Input = input * BlockRows, Low = low, Width = (uint)(high - low) + 1 };
        }

        return level >= 0
            ? new Node { Input = Input(Array.BinarySearch(LevelColumns, arrays.Features[node])), Low = level, Width = 1 }
            : new Node
            {
                Input = Input(LevelColumns.Length + sets[(arrays.Features[node], TreeArrays.SetOf(level))]),
                Low = 1,
                Width = 1,
            };

        int Input(int position) => (_numbers.Count + position) * BlockRows;
    }

    /// <summary>A test, or a leaf, which bears its number in <see cref="Low"/> and leads to itself.</summary>
    private record struct Node
    {
        public int Input;
        public int Low;
        public uint Width;
        public int Left;
    }
}
