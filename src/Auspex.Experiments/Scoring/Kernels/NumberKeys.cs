using System.Numerics;
using System.Runtime.CompilerServices;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// Numbers as whole numbers of the same order, NaN the greatest of all. Single precision has such keys in its own bits,
/// minus zero made zero; a number of double precision becomes its rank among the thresholds of its column.
/// </summary>
/// <remarks>A column whose zeros are missing for some nodes and not for others takes two keys. Immutable.</remarks>
internal sealed class NumberKeys<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int InfinityKey = 0x7F800000;
    private const int MissingKey = int.MaxValue;

    private readonly (int Position, bool ZeroIsMissing)[] _inputs;
    private readonly T[][] _thresholds;
    private readonly TreeArrays _arrays;
    private readonly int[] _columns;

    public NumberKeys(TreeArrays arrays, int[] columns)
    {
        _arrays = arrays;
        _columns = columns;
        var nodes = Enumerable.Range(0, arrays.Features.Length).Where(node => arrays.Levels[node] == TreeArrays.Number).ToLookup(InputOf);
        _inputs = [.. nodes.Select(group => group.Key).Order()];
        _thresholds = typeof(T) == typeof(float)
            ? []
            : [.. _inputs.Select(input => nodes[input].Select(Threshold).Distinct().Order().ToArray())];
    }

    /// <summary>How many keys a row has.</summary>
    public int Count => _inputs.Length;

    /// <summary>A node's question: a row goes right where this key is in this range.</summary>
    public (int Input, int Low, int High) TestOf(int node)
    {
        var input = Array.BinarySearch(_inputs, InputOf(node));
        var low = typeof(T) == typeof(float) ? Key((float)_arrays.Thresholds[node]) + 1
            : Array.BinarySearch(_thresholds[input], Threshold(node)) + 1;
        return (input, low, (_arrays.MissingRight[node] & TreeArrays.GoesRight) != 0 ? MissingKey : InfinityKey);
    }

    /// <summary>Fills <see cref="TreeKernel.BlockRows"/> keys per input, the first <paramref name="rows"/> of each.</summary>
    public void Fill(ReadOnlySpan<T> numbers, Span<int> keys, int rows)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            var (position, zeroIsMissing) = _inputs[i];
            var source = numbers.Slice(position * TreeKernel.BlockRows, rows);
            var column = keys.Slice(i * TreeKernel.BlockRows, rows);
            for (var row = 0; row < column.Length; row++)
            {
                column[row] = typeof(T) == typeof(float) ? Key(Unsafe.BitCast<T, float>(source[row])) : Rank(_thresholds[i], source[row]);
            }

            if (zeroIsMissing)
            {
                for (var row = 0; row < column.Length; row++)
                {
                    if (T.Abs(source[row]) <= T.CreateTruncating(TreeArrays.ZeroBand))
                    {
                        column[row] = MissingKey;
                    }
                }
            }
        }
    }

    private static int Key(float number)
    {
        if (float.IsNaN(number))
        {
            return MissingKey;
        }

        var bits = BitConverter.SingleToInt32Bits(number + 0f);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    // How many thresholds are smaller.
    private static int Rank(T[] thresholds, T number)
    {
        if (T.IsNaN(number))
        {
            return MissingKey;
        }

        var (start, end) = (0, thresholds.Length);
        while (start < end)
        {
            var middle = (start + end) >> 1;
            (start, end) = thresholds[middle] < number ? (middle + 1, end) : (start, middle);
        }

        return start;
    }

    private (int Position, bool ZeroIsMissing) InputOf(int node) => (
        Array.BinarySearch(_columns, _arrays.Features[node]), (_arrays.MissingRight[node] & TreeArrays.ZeroIsMissing) != 0);

    // Zeros of either sign are the same threshold, as they compare equal.
    private T Threshold(int node) => T.CreateTruncating(_arrays.Thresholds[node] + 0.0);
}
