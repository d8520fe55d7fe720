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

    protected TreeKernel(TreeEnsemble trees)
    {
        var arrays = trees.Arrays;
        NumberColumns = [.. arrays.Features.Where((_, node) => arrays.Levels[node] == TreeArrays.Number).Distinct().Order()];
        LevelColumns = [.. arrays.Features.Where((_, node) => arrays.Levels[node] != TreeArrays.Number).Distinct().Order()];
    }

    /// <summary>Columns that the trees ask for by number, ascending: what <c>numbers</c> of <see cref="Sum"/> holds.</summary>
    public int[] NumberColumns { get; }

    /// <summary>Columns that the trees ask for by level, ascending: what <c>codes</c> of <see cref="Sum"/> holds.</summary>
    public int[] LevelColumns { get; }

    /// <summary>Bytes of scratch that <see cref="Sum"/> needs.</summary>
    public abstract int StateLength { get; }

    /// <summary>The fastest kernel for these trees on this machine.</summary>
    public static TreeKernel Create(TreeEnsemble trees) =>
        Vector128.IsHardwareAccelerated && BitVectorKernel.Suits(trees) ? new BitVectorKernel(trees) : new WalkKernel(trees);

    /// <summary>Sums the trees, bias included, for up to <see cref="BlockRows"/> rows.</summary>
    /// <param name="numbers"><see cref="BlockRows"/> elements per number column; those past <paramref name="rows"/> are arbitrary.</param>
    /// <param name="codes"><see cref="BlockRows"/> elements per level column; those past <paramref name="rows"/> are arbitrary.</param>
    /// <param name="rows">Rows in the block.</param>
    /// <param name="state">Scratch of at least <see cref="StateLength"/> bytes; its content does not matter.</param>
    /// <param name="sums">One element per row.</param>
    public void Sum(ReadOnlySpan<float> numbers, ReadOnlySpan<int> codes, int rows, Span<byte> state, Span<double> sums)
    {
        // The kernels read without bounds checks: these are the only sizes that come from outside.
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers.Length, NumberColumns.Length * BlockRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(codes.Length, LevelColumns.Length * BlockRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, StateLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, BlockRows);
        SumBlock(numbers, codes, state, sums[..rows]);
    }

    /// <summary>Sums the trees for the first rows of the block, as many as <paramref name="sums"/> has.</summary>
    protected abstract void SumBlock(ReadOnlySpan<float> numbers, ReadOnlySpan<int> codes, Span<byte> state, Span<double> sums);

    protected static Dictionary<int, int> Positions(int[] columns) =>
        columns.Select((column, position) => (column, position)).ToDictionary(entry => entry.column, entry => entry.position);
}
