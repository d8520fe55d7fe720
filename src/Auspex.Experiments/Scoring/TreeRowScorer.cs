using System.Numerics;
using System.Runtime.CompilerServices;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Scoring;

/// <summary>One row at a time through tree kernels, in buffers of its own. For one thread.</summary>
/// <param name="kernels">One per sum.</param>
/// <param name="link">From sums to scores.</param>
/// <param name="outputs">The last so many scores are given.</param>
/// <param name="known">Columns in which an unknown level makes the scores missing.</param>
internal sealed class TreeRowScorer<T>(TreeKernel<T>[] kernels, SumLink link, int outputs, int[] known) : IRowScorer
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _numberColumns = kernels[0].NumberColumns;
    private readonly int[] _levelColumns = kernels[0].LevelColumns;
    private readonly T[] _numbers = new T[kernels[0].NumberColumns.Length];
    private readonly int[] _codes = new int[kernels[0].LevelColumns.Length];
    private readonly byte[] _state = new byte[Math.Max(1, kernels.Max(kernel => kernel.StateLength))];
    private readonly double[] _sums = new double[kernels.Length];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(ReadOnlySpan<double> numbers, ReadOnlySpan<int> codes, Span<double> scores)
    {
        for (var i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = typeof(T) == typeof(float)
                ? Unsafe.BitCast<float, T>((float)numbers[_numberColumns[i]])
                : Unsafe.BitCast<double, T>(numbers[_numberColumns[i]]);
        }

        for (var i = 0; i < _codes.Length; i++)
        {
            _codes[i] = codes[_levelColumns[i]];
        }

        for (var i = 0; i < kernels.Length; i++)
        {
            _sums[i] = kernels[i].SumRow(_numbers, _codes, _state);
        }

        link.Apply(_sums);
        if (!link.IsElementwise)
        {
            link.Normalize(_sums);
        }

        _sums.AsSpan(_sums.Length - outputs).CopyTo(scores);
        foreach (var column in known)
        {
            if (codes[column] == BoundFeature.UnknownCode)
            {
                scores.Fill(double.NaN);
            }
        }
    }
}
