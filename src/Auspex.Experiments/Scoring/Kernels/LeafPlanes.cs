using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>Finds each row's leaf in each tree by striking the leaves that it cannot reach. Immutable.</summary>
internal sealed class LeafPlanes
{
    private const int PlaneLeaves = 8;

    // Of all trees; a tree's planes from the last to the first, so that the lowest plane with a leaf left has the last word.
    private readonly Plane[] _planes;
    private readonly int[] _planeStarts;
    private readonly Strike[] _strikes;

    public LeafPlanes(TreeArrays arrays, RankInputs inputs)
    {
        TreeCount = arrays.NodeStarts.Length - 1;
        _planeStarts = new int[TreeCount + 1];
        var planes = new List<Plane>();
        var strikes = new List<Strike>();
        for (var tree = 0; tree < TreeCount; tree++)
        {
            AddPlanes(arrays, inputs, tree, planes, strikes);
            _planeStarts[tree + 1] = planes.Count;
        }

        _planes = [.. planes];
        _strikes = [.. strikes];
    }

    public int TreeCount { get; }

    /// <summary>How many plane strikes the nodes make: the work per row, in some measure.</summary>
    public static long CountStrikes(TreeArrays arrays)
    {
        var count = 0L;
        for (var tree = 0; tree < arrays.NodeStarts.Length - 1; tree++)
        {
            foreach (var (first, end) in LeftLeaves(arrays, tree))
            {
                count += ((end - 1) / PlaneLeaves) - (first / PlaneLeaves) + 1;
            }
        }

        return count;
    }

    /// <summary>Writes the leaf numbers of a block of rows in the trees <c>[tree, endTree)</c>, a tree's after the other's.</summary>
    public void Find<TLanes>(int tree, int endTree, ref byte inputs, ref byte leaves)
        where TLanes : struct, ILanes<TLanes>
    {
        for (; tree < endTree; tree++)
        {
            var planes = _planes.AsSpan(_planeStarts[tree].._planeStarts[tree + 1]);
            for (var row = 0; row < TreeKernel.BlockRows; row += TLanes.Rows)
            {
                FindInTree<TLanes>(planes, ref Unsafe.Add(ref inputs, row)).Store(ref Unsafe.Add(ref leaves, row));
            }

            leaves = ref Unsafe.Add(ref leaves, TreeKernel.BlockRows);
        }
    }

    private TLanes FindInTree<TLanes>(ReadOnlySpan<Plane> planes, ref byte inputs)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var strikes = ref MemoryMarshal.GetArrayDataReference(_strikes);
        var lowest = TLanes.All(0);
        var ofLowest = TLanes.All(0);
        foreach (ref readonly var plane in planes)
        {
            var left = TLanes.All(byte.MaxValue);
            ref var strike = ref Unsafe.Add(ref strikes, plane.Start);
            ref var end = ref Unsafe.Add(ref strikes, plane.End);
            for (; Unsafe.IsAddressLessThan(ref strike, ref end); strike = ref Unsafe.Add(ref strike, 1))
            {
                left = left.Strike(ref Unsafe.Add(ref inputs, strike.Input), strike.Rank, strike.Leaves);
            }

            lowest = TLanes.OrElse(left, left, lowest);
            ofLowest = TLanes.OrElse(left, TLanes.All(plane.FirstLeaf), ofLowest);
        }

        return TLanes.AddLowestBit(ofLowest, lowest);
    }

    private static void AddPlanes(TreeArrays arrays, RankInputs inputs, int tree, List<Plane> planes, List<Strike> strikes)
    {
        var firstNode = arrays.NodeStarts[tree];
        var struck = LeftLeaves(arrays, tree);
        for (var first = struck.Length / PlaneLeaves * PlaneLeaves; first >= 0; first -= PlaneLeaves)
        {
            var start = strikes.Count;
            for (var node = 0; node < struck.Length; node++)
            {
                var from = Math.Max(struck[node].First - first, 0);
                var to = Math.Min(struck[node].End - first, PlaneLeaves);
                if (from < to)
                {
                    var (input, rank) = inputs.TestOf(firstNode + node);
                    var leaves = (byte)((1 << to) - (1 << from));
                    strikes.Add(new Strike(input * TreeKernel.BlockRows, Repeat(rank), Repeat(leaves)));
                }
            }

            planes.Add(new Plane(start, strikes.Count, (byte)first));
        }
    }

    // Per node the leaves to its left, which are consecutive. Nodes come in pre-order, so a node's leaves begin with those
    // of its left child.
    private static (int First, int End)[] LeftLeaves(TreeArrays arrays, int tree)
    {
        var start = arrays.NodeStarts[tree];
        var leaves = new (int First, int End)[arrays.NodeStarts[tree + 1] - start];
        for (var node = leaves.Length - 1; node >= 0; node--)
        {
            var (left, right) = (arrays.Left[start + node], arrays.Right[start + node]);
            leaves[node] = (left < 0 ? ~left : leaves[left].First, right < 0 ? ~right : leaves[right].First);
        }

        return leaves;
    }

    private static uint Repeat(byte value) => value * 0x01010101u;

    /// <summary>Strikes <c>[Start, End)</c> that concern the leaves <c>FirstLeaf</c> to <c>FirstLeaf + 7</c>.</summary>
    private readonly record struct Plane(int Start, int End, byte FirstLeaf);

    /// <summary>What a node does to a plane: rows whose input is greater than the rank lose these leaves.</summary>
    /// <remarks>Bytes are repeated four times, since processors spread four bytes over a vector as they load them.</remarks>
    private readonly record struct Strike(int Input, uint Rank, uint Leaves);
}
