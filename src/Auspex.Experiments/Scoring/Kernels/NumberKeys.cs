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

    // Per key twice the position of its column, and 1 more where zeros are missing; ascending.
    private readonly int[] _inputs;
    private readonly double[][] _thresholds;
    private readonly TreeArrays _arrays;
    private readonly int[] _columns;

    public NumberKeys(TreeArrays arrays, int[] columns)
    {
        _arrays = arrays;
        _columns = columns;
        var inputOfNode = new int[arrays.Features.Length];
        for (var node = 0; node < inputOfNode.Length; node++)
        {
            inputOfNode[node] = arrays.Levels[node] == TreeArrays.Number ? InputOf(node) : -1;
        }

        var groups = new NodeGroups(inputOfNode, columns.Length * 2);
        var inputs = new List<int>();
        var thresholds = new List<double[]>();
        for (var group = 0; group < groups.Count; group++)
        {
            if (!groups.Of(group).IsEmpty)
            {
                inputs.Add(group);
                thresholds.Add(typeof(T) == typeof(float) ? [] : groups.Thresholds(group, arrays));
            }
        }

        _inputs = [.. inputs];
        _thresholds = [.. thresholds];
    }

    /// <summary>How many keys a row has.</summary>
    public int Count => _inputs.Length;

    /// <summary>A node's question: a row goes right where this key is in this range.</summary>
    public (int Input, int Low, int High) TestOf(int node)
    {
        var input = Array.BinarySearch(_inputs, InputOf(node));
        var low = typeof(T) == typeof(float) ? Key((float)_arrays.Thresholds[node]) + 1
            : NodeGroups.Find(_thresholds[input], _arrays, node) + 1;
        return (input, low, (_arrays.MissingRight[node] & TreeArrays.GoesRight) != 0 ? MissingKey : InfinityKey);
    }

    /// <summary>Fills <see cref="TreeKernel.BlockRows"/> keys per input, the first <paramref name="rows"/> of each.</summary>
    public void Fill(ReadOnlySpan<T> numbers, Span<int> keys, int rows)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            var (position, zeroIsMissing) = (_inputs[i] >> 1, (_inputs[i] & 1) != 0);
            var source = numbers.Slice(position * TreeKernel.BlockRows, rows);
            var column = keys.Slice(i * TreeKernel.BlockRows, rows);
            for (var row = 0; row < column.Length; row++)
            {
                column[row] = typeof(T) == typeof(float) ? Key(Unsafe.BitCast<T, float>(source[row])) : Rank(_thresholds[i], Unsafe.BitCast<T, double>(source[row]));
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

    /// <summary>The keys of one row, a block apart, of a number per column.</summary>
    public void FillRow(ReadOnlySpan<T> numbers, Span<int> keys)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            var number = numbers[_inputs[i] >> 1];
            keys[i * TreeKernel.BlockRows] = (_inputs[i] & 1) != 0 && T.Abs(number) <= T.CreateTruncating(TreeArrays.ZeroBand) ? MissingKey
                : typeof(T) == typeof(float) ? Key(Unsafe.BitCast<T, float>(number))
                : Rank(_thresholds[i], Unsafe.BitCast<T, double>(number));
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
    private static int Rank(double[] thresholds, double number)
    {
        if (double.IsNaN(number))
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

    private int InputOf(int node) =>
        (Array.BinarySearch(_columns, _arrays.Features[node]) * 2) + ((_arrays.MissingRight[node] & TreeArrays.ZeroIsMissing) != 0 ? 1 : 0);
}
