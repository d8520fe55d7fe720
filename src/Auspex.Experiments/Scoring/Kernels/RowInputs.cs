using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// What nodes ask a single row, as a byte per input. Unlike <see cref="RankInputs"/>, an input serves the nodes of a column whatever they do
/// with a missing number: that is rare in a row, and told beside the bytes.
/// </summary>
/// <remarks>Bytes are stored less 128, as vectors compare signed ones. Immutable.</remarks>
internal sealed class RowInputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostThresholds = 255;
    private const int Zero = -128;

    // The last of each sixteen thresholds, then all.
    private const int Stride = 16 + MostThresholds + 1;

    private readonly (int Input, sbyte Rank)[] _tests;
    private readonly int[] _columns;
    private readonly bool[] _isShort;
    private readonly T[] _thresholds;
    private readonly (int Column, int Level)[] _levels;
    private readonly LevelSet[] _sets;

    public RowInputs(TreeArrays arrays, TreeColumns given)
    {
        var (numberColumns, levelColumns) = (TreeKernel.Positions(given.Numbers), TreeKernel.Positions(given.Levels));
        _tests = new (int, sbyte)[arrays.Features.Length];
        var columns = new List<int>();
        var thresholds = new List<double[]>();
        AddNumbers(arrays, numberColumns, columns, thresholds);
        _columns = [.. columns];
        _isShort = [.. thresholds.Select(some => some.Length <= 16)];
        _thresholds = new T[_columns.Length * Stride];
        for (var input = 0; input < _columns.Length; input++)
        {
            PutInSearchOrder(thresholds[input], _thresholds.AsSpan(input * Stride, Stride));
        }

        _levels =
        [
            .. Enumerable.Range(0, _tests.Length)
                .Where(node => arrays.Levels[node] >= 0)
                .Select(node => (levelColumns[arrays.Features[node]], arrays.Levels[node]))
                .Distinct()
                .Order(),
        ];
        _sets = LevelSet.All(arrays, levelColumns);
        var sets = LevelSet.Index(_sets);
        for (var node = 0; node < _tests.Length; node++)
        {
            var level = arrays.Levels[node];
            if (level >= 0)
            {
                _tests[node] = (_columns.Length + Array.BinarySearch(_levels, (levelColumns[arrays.Features[node]], level)), Zero);
            }
            else if (level < TreeArrays.Number)
            {
                _tests[node] = (_columns.Length + _levels.Length + sets[(arrays.Features[node], TreeArrays.SetOf(level))], Zero);
            }
        }
    }

    /// <summary>How many inputs there are.</summary>
    public int Count => _columns.Length + _levels.Length + _sets.Length;

    /// <summary>A node's question: a row goes right where this input is greater than this rank.</summary>
    public (int Input, sbyte Rank) TestOf(int node) => _tests[node];

    /// <summary>Fills a byte per input.</summary>
    /// <param name="numbers">A number per number column.</param>
    /// <param name="codes">A code per level column.</param>
    /// <param name="inputs">The ranks. A missing number's is the least: it goes left.</param>
    /// <param name="missing">All bits for the inputs of missing numbers, where there are any; else untouched.</param>
    /// <returns>Whether a number is missing.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Fill(ReadOnlySpan<T> numbers, ReadOnlySpan<int> codes, Span<byte> inputs, Span<byte> missing)
    {
        ref var thresholds = ref MemoryMarshal.GetArrayDataReference(_thresholds);
        var isAnyMissing = false;
        for (var input = 0; input < _columns.Length; input++)
        {
            var number = numbers[_columns[input]];
            isAnyMissing |= T.IsNaN(number);

            // No threshold is less than a missing number.
            var value = Vector256.Create(number);
            var sixteen = _isShort[input] ? 0 : ThresholdCount.Smaller(ref thresholds, value) * 16;
            inputs[input] = unchecked((byte)(sixteen + ThresholdCount.Smaller(ref Unsafe.Add(ref thresholds, 16 + sixteen), value) + Zero));
            thresholds = ref Unsafe.Add(ref thresholds, Stride);
        }

        var next = _columns.Length;
        foreach (var (column, level) in _levels)
        {
            inputs[next++] = Bit(codes[column] == level);
        }

        foreach (var set in _sets)
        {
            inputs[next++] = Bit(set.Contains(codes[set.Input]));
        }

        if (isAnyMissing)
        {
            missing.Clear();
            for (var input = 0; input < _columns.Length; input++)
            {
                missing[input] = T.IsNaN(numbers[_columns[input]]) ? byte.MaxValue : (byte)0;
            }
        }

        return isAnyMissing;

        static byte Bit(bool isSet) => unchecked((byte)(Zero + (isSet ? 1 : 0)));
    }

    private void AddNumbers(TreeArrays arrays, Dictionary<int, int> numberColumns, List<int> columns, List<double[]> thresholds)
    {
        var columnOfNode = new int[_tests.Length];
        for (var node = 0; node < columnOfNode.Length; node++)
        {
            columnOfNode[node] = arrays.Levels[node] == TreeArrays.Number ? numberColumns[arrays.Features[node]] : -1;
        }

        var groups = new NodeGroups(columnOfNode, numberColumns.Count);
        for (var column = 0; column < groups.Count; column++)
        {
            if (groups.Of(column).IsEmpty)
            {
                continue;
            }

            var all = groups.Thresholds(column, arrays);
            var first = columns.Count;
            for (var start = 0; start < all.Length; start += MostThresholds)
            {
                columns.Add(column);
                thresholds.Add(all[start..Math.Min(start + MostThresholds, all.Length)]);
            }

            foreach (var node in groups.Of(column))
            {
                var position = NodeGroups.Find(all, arrays, node);
                _tests[node] = (first + (position / MostThresholds), (sbyte)((position % MostThresholds) + Zero));
            }
        }
    }

    // No number is greater than the infinity that fills up.
    private static void PutInSearchOrder(ReadOnlySpan<double> thresholds, Span<T> order)
    {
        for (var i = 16; i < order.Length; i++)
        {
            var threshold = i - 16 < thresholds.Length ? thresholds[i - 16] : double.PositiveInfinity;
            order[i] = typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)threshold) : Unsafe.BitCast<double, T>(threshold);
        }

        for (var i = 0; i < 16; i++)
        {
            order[i] = order[16 + (16 * i) + 15];
        }
    }
}
