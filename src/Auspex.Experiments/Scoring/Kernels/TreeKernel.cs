using System.Numerics;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// Sums the trees for a block of rows. Every kernel adds a row's leaves in the order of the trees, in double precision,
/// so that all of them give the same bits.
/// </summary>
internal abstract class TreeKernel
{
    /// <summary>Rows of a block. A byte per row and input keeps a block of some dozen columns in the first-level cache.</summary>
    public const int BlockRows = 128;

    protected TreeKernel(TreeColumns columns)
    {
        NumberColumns = columns.Numbers;
        LevelColumns = columns.Levels;
    }

    /// <summary>Columns that are given by number, ascending: what <c>numbers</c> of the sum holds.</summary>
    public int[] NumberColumns { get; }

    /// <summary>Columns that are given by level or point, ascending: what <c>codes</c> of the sum holds.</summary>
    public int[] LevelColumns { get; }

    /// <summary>Bytes of scratch that a sum needs.</summary>
    public abstract int StateLength { get; }

    /// <summary>The fastest kernel for these trees on this machine.</summary>
    /// <param name="trees">What is summed; its precision is the kernel's.</param>
    /// <param name="columns">What it is given: all that the trees ask for, or more. Null for just that.</param>
    public static TreeKernel Create(TreeEnsemble trees, TreeColumns? columns = null)
    {
        columns ??= TreeColumns.Of(trees);
        return trees.Arrays.InDouble ? Create<double>(trees, columns) : Create<float>(trees, columns);
    }

    private static TreeKernel<T> Create<T>(TreeEnsemble trees, TreeColumns columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vector128.IsHardwareAccelerated && BitVectorKernel.Suits(trees)
            ? new BitVectorKernel<T>(trees, columns)
            : new WalkKernel<T>(trees, columns);

    /// <summary>The position of each column.</summary>
    internal static Dictionary<int, int> Positions(int[] columns)
    {
        var positions = new Dictionary<int, int>(columns.Length);
        for (var position = 0; position < columns.Length; position++)
        {
            positions.Add(columns[position], position);
        }

        return positions;
    }
}

/// <summary>A kernel that takes numbers of one precision.</summary>
internal abstract class TreeKernel<T>(TreeColumns columns) : TreeKernel(columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sums the trees, bias included, for up to <see cref="TreeKernel.BlockRows"/> rows.</summary>
    /// <param name="numbers">A block per number column; elements past <paramref name="rows"/> are arbitrary.</param>
    /// <param name="codes">A block per level column; elements past <paramref name="rows"/> are arbitrary.</param>
    /// <param name="rows">Rows in the block.</param>
    /// <param name="state">Scratch of at least <see cref="TreeKernel.StateLength"/> bytes; its content does not matter.</param>
    /// <param name="sums">One element per row.</param>
    public void Sum(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, int rows, Span<byte> state, Span<double> sums)
    {
        // The kernels read without bounds checks: these are the only sizes that come from outside.
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers.Length, NumberColumns.Length * BlockRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(codes.Length, LevelColumns.Length * BlockRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, StateLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, BlockRows);
        SumBlock(numbers, codes, state, sums[..rows]);
    }

    /// <summary>Sums the trees, bias included, for one row.</summary>
    /// <param name="numbers">A number per number column.</param>
    /// <param name="codes">A code per level column.</param>
    /// <param name="state">Scratch of at least <see cref="TreeKernel.StateLength"/> bytes.</param>
    public abstract double SumRow(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<byte> state);

    /// <summary>Sums the trees for the first rows of the block, as many as <paramref name="sums"/> has.</summary>
    protected abstract void SumBlock(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<byte> state, Span<double> sums);
}
