using System.Numerics;

namespace Auspex.Experiments.Training.Trees;

/// <summary>
/// First derivatives of the loss per row, as whole numbers of a fixed unit beside a count of one, and second derivatives. Whole
/// numbers add up to the same in any order: neither threads nor the subtraction of histograms change a tree.
/// </summary>
/// <remarks>
/// One word for both halves what a histogram moves through memory. Splits are judged by first derivatives and counts alone; what a
/// leaf gives is computed of the derivatives themselves, in the order of its rows.
/// </remarks>
internal sealed class Gradients
{
    private readonly int _countBits;
    private double _unit;

    /// <param name="rows">Rows of the training set.</param>
    public Gradients(int rows)
    {
        Values = new long[rows];
        First = new double[rows];
        Second = new double[rows];
        _countBits = BitOperations.Log2((uint)Math.Max(1, rows)) + 1;
    }

    /// <summary>Per row: first derivative in units above, a count of one below.</summary>
    public long[] Values { get; }

    /// <summary>First derivatives.</summary>
    public double[] First { get; }

    /// <summary>Second derivatives.</summary>
    public double[] Second { get; }

    /// <summary>Chooses the unit of first derivatives for a new round.</summary>
    /// <param name="greatest">The greatest magnitude of the round.</param>
    public void Begin(double greatest)
    {
        // 23 bits for a derivative of a million rows: their sum has 43, with a sign, and the count 20.
        var bits = Math.Max(1, 63 - (2 * _countBits));
        _unit = greatest == 0 ? 1 : Math.ScaleB(1, Math.ILogB(greatest) + 1 - bits);
    }

    /// <summary>Takes the first derivatives of some rows of the round.</summary>
    public void Set(Range range)
    {
        var scale = 1 / _unit;
        var first = First.AsSpan(range);
        var values = Values.AsSpan(range);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((long)Math.Round(first[i] * scale) << _countBits) + 1;
        }
    }

    /// <summary>The sum of first derivatives in a sum of values.</summary>
    public double FirstOf(long sum) => (sum >> _countBits) * _unit;

    /// <summary>The number of rows in a sum of values.</summary>
    public int Count(long sum) => (int)(sum & ((1L << _countBits) - 1));
}
