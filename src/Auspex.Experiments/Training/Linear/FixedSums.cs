using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Training.Linear;

/// <summary>Sums whose order of addition is the same on every machine, so that all get the same weights.</summary>
internal static class FixedSums
{
    /// <summary>The sum of products, four sums side by side.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; i <= left.Length - 4; i += 4)
        {
            sums += Vector256.Create(left[i..]) * Vector256.Create(right[i..]);
        }

        var sum = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
