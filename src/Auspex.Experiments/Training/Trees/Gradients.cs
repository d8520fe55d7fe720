using System.Numerics;
using System.Runtime.CompilerServices;

namespace Auspex.Experiments.Training.Trees;

/// <summary>
/// First derivatives of the loss per row, as whole numbers of a fixed unit beside a count of one, and second derivatives. Whole
/// numbers add up to the same in any order: neither threads nor the subtraction of histograms change a tree.
/// </summary>
/// <remarks>
/// One word for both halves what a histogram moves through memory. Splits are judged by first derivatives and counts alone; what a
/// leaf gives is computed of the derivatives themselves.
/// </remarks>
internal sealed class Gradients
{
    // A derivative and the number of its row share a word too, while rows are moved from leaf to leaf.
    private const int RowBits = 32;
    private const int MostBits = 30;

    private double _unit;

    /// <param name="rows">Rows of the training set.</param>
    public Gradients(int rows)
    {
        First = new double[rows];
        Second = new double[rows];
        CountBits = BitOperations.Log2((uint)Math.Max(1, rows)) + 1;
    }

    /// <summary>First derivatives.</summary>
    public double[] First { get; }

    /// <summary>Second derivatives.</summary>
    public double[] Second { get; }

    /// <summary>How many bits of a sum are the count.</summary>
    public int CountBits { get; }

    /// <summary>Chooses the unit of first derivatives for a new round.</summary>
    /// <param name="greatest">The greatest magnitude of the round.</param>
    public void Begin(double greatest)
    {
        // 23 bits for a derivative of a million rows: their sum has 43, with a sign, and the count 20.
        var bits = Math.Clamp(63 - (2 * CountBits), 1, MostBits);
        _unit = greatest == 0 ? 1 : Math.ScaleB(1, Math.ILogB(greatest) + 1 - bits);
    }

    /// <summary>Takes the first derivatives of some rows of the round.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="words">Receives, per row, its derivative in units and its number.</param>
    /// <returns>Their sum, as in a histogram.</returns>
    public long Fill(int start, Span<long> words)
    {
        var scale = 1 / _unit;
        var first = First.AsSpan(start, words.Length);
        var total = 0L;
        for (var i = 0; i < words.Length; i++)
        {
            var units = (long)Math.Round(first[i] * scale);
            words[i] = (units << RowBits) | (uint)(start + i);
            total += (units << CountBits) + 1;
        }

        return total;
    }

    /// <summary>The row of a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(long word) => (int)word;

    /// <summary>What a word adds to a sum: its derivative in units above, a count of one below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Summand(long word, int countBits) => ((word >> RowBits) << countBits) + 1;

    /// <summary>The sum of first derivatives in a sum.</summary>
    public double FirstOf(long sum) => (sum >> CountBits) * _unit;

    /// <summary>The number of rows in a sum.</summary>
    public int Count(long sum) => (int)(sum & ((1L << CountBits) - 1));
}
