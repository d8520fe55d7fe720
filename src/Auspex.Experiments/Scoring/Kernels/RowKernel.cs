using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// Sums small trees for a single row: all nodes of a tree are asked at once, and the leaf follows from the answers as a
/// mask of bits. A row's leaves are added in the order of the trees, as every kernel does.
/// </summary>
/// <remarks>
/// A node compares the rank of its input (see <see cref="RowInputs{T}"/>), which a shuffle of bytes looks up, with its own. A
/// leaf is out where one of the nodes that have it to their left sends the row to the right; of the others the leftmost is
/// the row's, as in QuickScorer. There is no step that waits for the one before, other than the addition. Immutable.
/// </remarks>
internal sealed class RowKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 32;
    private const int Sixteen = 16;

    // Eight look-ups of sixteen bytes; more take longer than walking.
    private const int MostInputs = 8 * Sixteen;

    private readonly RowInputs<T> _inputs;
    private readonly int _tables;
    private readonly byte[] _nodeInputs;
    private readonly sbyte[] _nodeRanks;
    private readonly byte[] _missingRight;
    private readonly uint[] _blockers;
    private readonly double[] _leaves;
    private readonly int _trees;
    private readonly double _bias;

    private RowKernel(TreeEnsemble trees, RowInputs<T> inputs)
    {
        _inputs = inputs;
        _trees = trees.TreeCount;
        _bias = trees.Bias;
        _tables = Math.Max(1, (inputs.Count + Sixteen - 1) / Sixteen);
        _nodeInputs = new byte[_trees * Lanes];
        _nodeRanks = new sbyte[_trees * Lanes];
        _missingRight = new byte[_trees * Lanes];
        _blockers = new uint[_trees * Lanes];
        _leaves = new double[_trees * Lanes];

        // Lanes without a node: no rank is greater.
        Array.Fill(_nodeRanks, sbyte.MaxValue);
        var arrays = trees.Arrays;
        for (var tree = 0; tree < _trees; tree++)
        {
            var (firstNode, firstLeaf) = (arrays.NodeStarts[tree], arrays.LeafStarts[tree]);
            var nodes = arrays.NodeStarts[tree + 1] - firstNode;
            for (var node = 0; node < nodes; node++)
            {
                var (input, rank) = inputs.TestOf(firstNode + node);
                _nodeInputs[(tree * Lanes) + node] = (byte)input;
                _nodeRanks[(tree * Lanes) + node] = rank;
                _missingRight[(tree * Lanes) + node] = arrays.MissingRight[firstNode + node] == TreeArrays.GoesRight ? byte.MaxValue : (byte)0;
            }

            arrays.LeafValues.AsSpan(firstLeaf, arrays.LeafStarts[tree + 1] - firstLeaf).CopyTo(_leaves.AsSpan(tree * Lanes));
            if (nodes > 0)
            {
                Block(arrays, firstNode, _blockers.AsSpan(tree * Lanes, Lanes));
            }
        }
    }

    /// <summary>The kernel of these trees; null where they cannot be summed so, or not on this machine.</summary>
    public static RowKernel<T>? Find(TreeEnsemble trees, TreeColumns columns)
    {
        if (!Avx2.IsSupported || trees.MostLeaves > Lanes
            || trees.Arrays.MissingRight.AsSpan().ContainsAnyInRange(TreeArrays.ZeroIsMissing, byte.MaxValue))
        {
            return null;
        }

        var inputs = new RowInputs<T>(trees.Arrays, columns);
        return inputs.Count <= MostInputs ? new RowKernel<T>(trees, inputs) : null;
    }

    /// <summary>Sums the trees, bias included.</summary>
    /// <param name="numbers">The row's numbers, one per number column.</param>
    /// <param name="codes">The row's codes, one per level column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Sum(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes)
    {
        Span<byte> ranks = stackalloc byte[MostInputs];
        Span<byte> missing = stackalloc byte[MostInputs];
        return _inputs.Fill(numbers, codes, ranks, missing) ? SumMany(ranks, missing)
            : _tables <= 2 ? SumTwo(ranks)
            : SumMany(ranks, []);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SumTwo(ReadOnlySpan<byte> ranks)
    {
        ref var table = ref MemoryMarshal.GetReference(ranks);
        var first = Vector128.LoadUnsafe(ref table);
        var second = Vector128.LoadUnsafe(ref table, Sixteen);
        var low = Vector256.Create(first, first);
        var high = Vector256.Create(second, second);
        ref var inputs = ref MemoryMarshal.GetArrayDataReference(_nodeInputs);
        ref var nodeRanks = ref MemoryMarshal.GetArrayDataReference(_nodeRanks);
        var sum = _bias;
        for (nuint at = 0; at < (nuint)_nodeInputs.Length; at += Lanes)
        {
            // A place with its highest bit set gives 0: each table answers for its own sixteen.
            var place = Vector256.LoadUnsafe(ref inputs, at) + Vector256.Create((byte)0x70);
            var found = Avx2.Shuffle(low, place) | Avx2.Shuffle(high, place ^ Vector256.Create((byte)0x80));
            sum += Leaf(Vector256.GreaterThan(found.AsSByte(), Vector256.LoadUnsafe(ref nodeRanks, at)).AsByte(), at);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SumMany(ReadOnlySpan<byte> ranks, ReadOnlySpan<byte> missing)
    {
        ref var inputs = ref MemoryMarshal.GetArrayDataReference(_nodeInputs);
        ref var nodeRanks = ref MemoryMarshal.GetArrayDataReference(_nodeRanks);
        ref var missingRight = ref MemoryMarshal.GetArrayDataReference(_missingRight);
        var sum = _bias;
        for (nuint at = 0; at < (nuint)_nodeInputs.Length; at += Lanes)
        {
            var input = Vector256.LoadUnsafe(ref inputs, at);
            var right = Vector256.GreaterThan(LookUp(ranks, input).AsSByte(), Vector256.LoadUnsafe(ref nodeRanks, at)).AsByte();
            if (!missing.IsEmpty)
            {
                right |= LookUp(missing, input) & Vector256.LoadUnsafe(ref missingRight, at);
            }

            sum += Leaf(right, at);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<byte> LookUp(ReadOnlySpan<byte> table, Vector256<byte> input)
    {
        var found = Vector256<byte>.Zero;
        for (var of = 0; of < _tables; of++)
        {
            var some = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(table), (nuint)(of * Sixteen));
            var place = Avx2.AddSaturate(input - Vector256.Create((byte)(of * Sixteen)), Vector256.Create((byte)0x70));
            found |= Avx2.Shuffle(Vector256.Create(some, some), place);
        }

        return found;
    }

    // The value of the leftmost leaf that no node that went right has to its left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Leaf(Vector256<byte> right, nuint at)
    {
        ref var blockers = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_blockers), at);
        var nodes = Vector256.Create(right.ExtractMostSignificantBits());
        var low = Avx2.PackSignedSaturate(Free(nodes, ref blockers, 0), Free(nodes, ref blockers, 8));
        var high = Avx2.PackSignedSaturate(Free(nodes, ref blockers, 16), Free(nodes, ref blockers, 24));
        var leaf = BitOperations.TrailingZeroCount(Avx2.PackSignedSaturate(low, high).ExtractMostSignificantBits());
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_leaves), at + (nuint)leaf);
    }

    // All bits where no node that went right has the leaf to its left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Free(Vector256<uint> nodes, ref uint blockers, nuint at) =>
        Vector256.Equals(nodes & Vector256.LoadUnsafe(ref blockers, at), Vector256<uint>.Zero).AsInt32();

    // Marks, for each leaf of a tree, the nodes that have it to their left.
    private static void Block(TreeArrays arrays, int firstNode, Span<uint> blockers)
    {
        var pending = new Stack<(int Child, uint Left)>();
        pending.Push((0, 0));
        var leaves = 0;
        while (pending.TryPop(out var entry))
        {
            if (entry.Child < 0)
            {
                blockers[PlaceOf(leaves++)] = entry.Left;
                continue;
            }

            pending.Push((arrays.Right[firstNode + entry.Child], entry.Left));
            pending.Push((arrays.Left[firstNode + entry.Child], entry.Left | (1U << entry.Child)));
        }
    }

    // Packing takes four elements of each vector in turn, from the lower halves first: leaves stand so that they come out in order.
    private static int PlaceOf(int leaf) => ((leaf & 15) >> 2 << 3) + (leaf >> 4 << 2) + (leaf & 3);
}
