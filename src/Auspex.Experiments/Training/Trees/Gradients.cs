using System.Numerics;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Training.Trees;

/// <summary>
/// First and second derivatives of the loss per row, as whole numbers of a fixed unit, with a row count beside the second.
/// Whole numbers add up to the same in any order: neither threads nor the subtraction of histograms change a tree.
/// </summary>
internal sealed class Gradients
{
    private readonly int _countShift;
    private readonly double _secondUnit;
    private double _firstUnit;

    /// <param name="rows">Rows of the training set.</param>
    /// <param name="greatestSecond">The greatest second derivative that the loss can have.</param>
    public Gradients(int rows, double greatestSecond)
    {
        Values = new Vector128<long>[rows];

        // 63 bits: the rows' count above, the sum of second derivatives below.
        _countShift = 62 - BitOperations.Log2((uint)Math.Max(1, rows));
        _secondUnit = Math.ScaleB(1, Math.ILogB(greatestSecond) + 2 + BitOperations.Log2((uint)Math.Max(1, rows)) - _countShift + 1);
    }

    /// <summary>Per row: first derivative, and count (1) with second derivative.</summary>
    public Vector128<long>[] Values { get; }

    /// <summary>Chooses the unit of first derivatives for a new round.</summary>
    /// <param name="greatest">The greatest magnitude of the round.</param>
    public void Begin(double greatest)
    {
        var bits = BitOperations.Log2((uint)Math.Max(1, Values.Length)) + 1;
        _firstUnit = greatest == 0 ? 1 : Math.ScaleB(1, Math.ILogB(greatest) + 1 + bits - 61);
    }

    /// <summary>Takes the derivatives of some rows of the round, from <paramref name="start"/> on.</summary>
    public void Set(int start, ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var (firstScale, secondScale, one) = (1 / _firstUnit, 1 / _secondUnit, 1L << _countShift);
        var values = Values.AsSpan(start, first.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Vector128.Create(
                (long)Math.Round(first[i] * firstScale), one | (long)Math.Round(second[i] * secondScale));
        }
    }

    /// <summary>The sum of first derivatives in a sum of values.</summary>
    public double First(Vector128<long> sum) => sum.ToScalar() * _firstUnit;

    /// <summary>The sum of second derivatives in a sum of values.</summary>
    public double Second(Vector128<long> sum) => (sum.GetElement(1) & ((1L << _countShift) - 1)) * _secondUnit;

    /// <summary>The number of rows in a sum of values.</summary>
    public int Count(Vector128<long> sum) => (int)(sum.GetElement(1) >> _countShift);
}
