using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>What trees bit vectors are for.</summary>
internal static class BitVectorKernel
{
    /// <summary>Leaves that a tree may have: their numbers are kept in bytes.</summary>
    public const int MostLeaves = 256;

    /// <summary>Whether bit vectors are faster than walking: in large or lopsided trees nodes touch many planes.</summary>
    public static bool Suits(TreeEnsemble trees) =>
        trees.MostLeaves <= MostLeaves && LeafPlanes.CountStrikes(trees.Arrays) <= 4L * trees.NodeCount;
}

/// <summary>
/// Bit-vector traversal (QuickScorer: Lucchese et al., SIGIR 2015), vectorised across rows, with a byte per row: a row's
/// state in a tree is a bit per leaf that it may still reach, in planes of eight leaves.
/// </summary>
/// <remarks>
/// A number is first replaced by its rank among the thresholds of its column, which fits a byte (<see cref="RankInputs"/>).
/// A node is then one comparison of bytes for as many rows as a vector has bytes: rows that go right lose the leaves to
/// the left of the node. Most nodes have few leaves to their left and touch one plane, which stays in registers until all
/// nodes that touch it are through. The lowest bit left is the leaf.
/// </remarks>
internal sealed class BitVectorKernel<T> : TreeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Below this number of rows walking is cheaper than a block of which most lanes are idle.
    private const int LeastRows = 16;

    // So few rows one after the other are faster than eight side by side in each tree.
    private const int MostSingleRows = 3;

    private const int LeastFewRows = 8;

    // A row of a block is put together on the stack.
    private const int MostRowColumns = 1024;

    // Leaf numbers of so many trees are kept until they are added up; they and the leaves' values fit the first-level cache.
    private const int GroupTrees = 32;

    private readonly WalkKernel<T> _walk;
    private readonly Lazy<RowKernel<T>?> _row;
    private readonly RankInputs<T> _inputs;
    private readonly LeafPlanes _planes;
    private readonly int[] _leafStarts;
    private readonly double[] _leaves;
    private readonly double _bias;
    private readonly int _vectorBits;

    // Not counted exactly when several threads do.
    private int _fewRows;

    /// <param name="trees">Trees of at most <see cref="BitVectorKernel.MostLeaves"/> leaves.</param>
    /// <param name="columns">What is given per row.</param>
    /// <param name="vectorBits">128, 256 or 512; 0 for what this machine does best.</param>
    public BitVectorKernel(TreeEnsemble trees, TreeColumns columns, int vectorBits = 0)
        : base(columns)
    {
        _vectorBits = vectorBits != 0 ? vectorBits
            : Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : 128;
        _walk = new WalkKernel<T>(trees, columns);
        _leafStarts = trees.Arrays.LeafStarts;
        _leaves = trees.Arrays.LeafValues;
        _bias = trees.Bias;
        _inputs = new RankInputs<T>(trees.Arrays, Positions(NumberColumns), Positions(LevelColumns));
        _planes = new LeafPlanes(trees.Arrays, _inputs);
        _row = new Lazy<RowKernel<T>?>(() => NumberColumns.Length + LevelColumns.Length <= MostRowColumns ? RowKernel<T>.Find(trees, columns) : null);
    }

    public override int StateLength => Math.Max(_walk.StateLength, (_inputs.Count + GroupTrees) * BlockRows);

    public override double SumRow(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<byte> state) =>
        _row.Value is { } kernel ? kernel.Sum(numbers, codes) : _walk.SumRow(numbers, codes, state);

    protected override void SumBlock(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<byte> state, Span<double> sums)
    {
        if (sums.Length <= MostSingleRows && FindRowKernel() is { } kernel)
        {
            SumRows(kernel, numbers, codes, sums);
            return;
        }

        if (sums.Length < LeastRows)
        {
            _walk.Sum(numbers, codes, sums.Length, state, sums);
            return;
        }

        ref var inputs = ref MemoryMarshal.GetReference(state);
        _inputs.Fill(ref MemoryMarshal.GetReference(numbers), ref MemoryMarshal.GetReference(codes), ref inputs);
        ref var leaves = ref Unsafe.Add(ref inputs, _inputs.Count * BlockRows);
        Span<double> all = stackalloc double[BlockRows];
        all.Fill(_bias);
        for (var tree = 0; tree < _planes.TreeCount; tree += GroupTrees)
        {
            var end = Math.Min(tree + GroupTrees, _planes.TreeCount);
            switch (_vectorBits)
            {
                case 512:
                    _planes.Find<Lanes512>(tree, end, ref inputs, ref leaves);
                    break;
                case 256:
                    _planes.Find<Lanes256>(tree, end, ref inputs, ref leaves);
                    break;
                default:
                    _planes.Find<Lanes128>(tree, end, ref inputs, ref leaves);
                    break;
            }

            AddLeaves(_leafStarts.AsSpan(tree, end - tree), ref leaves, all);
        }

        all[..sums.Length].CopyTo(sums);
    }

    // A file that ends with few rows is no reason to make it; one request after the other is.
    private RowKernel<T>? FindRowKernel() => _row.IsValueCreated || ++_fewRows > LeastFewRows ? _row.Value : null;

    private void SumRows(RowKernel<T> kernel, ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<double> sums)
    {
        Span<T> ownNumbers = stackalloc T[NumberColumns.Length];
        Span<int> ownCodes = stackalloc int[LevelColumns.Length];
        for (var row = 0; row < sums.Length; row++)
        {
            for (var i = 0; i < ownNumbers.Length; i++)
            {
                ownNumbers[i] = numbers[(i * BlockRows) + row];
            }

            for (var i = 0; i < ownCodes.Length; i++)
            {
                ownCodes[i] = codes[(i * BlockRows) + row];
            }

            sums[row] = kernel.Sum(ownNumbers, ownCodes);
        }
    }

    // Eight rows side by side hide the latency of the additions.
    private void AddLeaves(ReadOnlySpan<int> trees, ref byte leaves, Span<double> sums)
    {
        ref var values = ref MemoryMarshal.GetArrayDataReference(_leaves);
        for (var row = 0; row <= sums.Length - 8; row += 8)
        {
            var (a, b, c, d) = (sums[row], sums[row + 1], sums[row + 2], sums[row + 3]);
            var (e, f, g, h) = (sums[row + 4], sums[row + 5], sums[row + 6], sums[row + 7]);
            ref var at = ref Unsafe.Add(ref leaves, row);
            foreach (var start in trees)
            {
                ref var ofTree = ref Unsafe.Add(ref values, start);
                a += Unsafe.Add(ref ofTree, (nuint)at);
                b += Unsafe.Add(ref ofTree, (nuint)Unsafe.Add(ref at, 1));
                c += Unsafe.Add(ref ofTree, (nuint)Unsafe.Add(ref at, 2));
                d += Unsafe.Add(ref ofTree, (nuint)Unsafe.Add(ref at, 3));
                e += Unsafe.Add(ref ofTree, (nuint)Unsafe.Add(ref at, 4));
                f += Unsafe.Add(ref ofTree, (nuint)Unsafe.Add(ref at, 5));
                g += Unsafe.Add(ref ofTree, (nuint)Unsafe.Add(ref at, 6));
                h += Unsafe.Add(ref ofTree, (nuint)Unsafe.Add(ref at, 7));
                at = ref Unsafe.Add(ref at, BlockRows);
            }

            (sums[row], sums[row + 1], sums[row + 2], sums[row + 3]) = (a, b, c, d);
            (sums[row + 4], sums[row + 5], sums[row + 6], sums[row + 7]) = (e, f, g, h);
        }
    }
}
