using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// What nodes ask, as a byte per row. For a column of numbers: how many of its thresholds are smaller, so that "greater
/// than the third threshold" becomes "more than two are smaller". For a level or set of levels: 1 where the row has it.
/// </summary>
/// <remarks>
/// Each input serves the nodes of one column that treat missing numbers alike and have up to 255 different thresholds;
/// columns with more take several inputs. Bytes are stored less 128, as vectors compare signed ones. Immutable.
/// </remarks>
internal abstract class RankInputs
{
    /// <summary>How many inputs there are.</summary>
    public abstract int Count { get; }

    /// <summary>A node's question: a row goes right where this input is greater than this rank, as signed bytes.</summary>
    public abstract (int Input, byte Rank) TestOf(int node);
}

/// <summary>The inputs for numbers of one precision.</summary>
internal sealed class RankInputs<T> : RankInputs
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostThresholds = 255;
    private const int Zero = -128;

    private readonly List<NumberInput> _numbers = [];
    private readonly List<LevelInput> _levels = [];
    private readonly LevelSet[] _sets;
    private readonly (int Input, byte Rank)[] _tests;

    public RankInputs(TreeArrays arrays, Dictionary<int, int> numberColumns, Dictionary<int, int> levelColumns)
    {
        _sets = LevelSet.All(arrays, levelColumns);
        _tests = new (int, byte)[arrays.Features.Length];
        AddNumbers(arrays, numberColumns);
        AddLevels(arrays, levelColumns);
        var index = LevelSet.Index(_sets);
        for (var node = 0; node < _tests.Length; node++)
        {
            if (arrays.Levels[node] < TreeArrays.Number)
            {
                var set = index[(arrays.Features[node], TreeArrays.SetOf(arrays.Levels[node]))];
                _tests[node] = (_numbers.Count + _levels.Count + set, unchecked((byte)Zero));
            }
        }
    }

    public override int Count => _numbers.Count + _levels.Count + _sets.Length;

    public override (int Input, byte Rank) TestOf(int node) => _tests[node];

    /// <summary>Fills <see cref="TreeKernel.BlockRows"/> bytes per input.</summary>
    public void Fill(ref T numbers, ref int codes, ref byte inputs)
    {
        foreach (ref readonly var number in CollectionsMarshal.AsSpan(_numbers))
        {
            ref var values = ref Unsafe.Add(ref numbers, number.Column);
            if (typeof(T) == typeof(float) && number.Slices is { } slices)
            {
                slices.Rank(ref Unsafe.As<T, float>(ref values), Zero, ref inputs);
            }
            else
            {
                Rank(number.Thresholds, number.Count, ref values, ref inputs);
            }

            PlaceMissing(number, ref values, ref inputs);
            inputs = ref Unsafe.Add(ref inputs, TreeKernel.BlockRows);
        }

        foreach (ref readonly var level in CollectionsMarshal.AsSpan(_levels))
        {
            HasLevel(ref Unsafe.Add(ref codes, level.Column), level.Level, ref inputs);
            inputs = ref Unsafe.Add(ref inputs, TreeKernel.BlockRows);
        }

        FillSets(ref codes, ref inputs);
    }

    // Sets of a column stand together, so that its codes are taken apart once.
    private void FillSets(ref int codes, ref byte inputs)
    {
        var levels = new LevelBytes(stackalloc byte[TreeKernel.BlockRows], stackalloc byte[TreeKernel.BlockRows]);
        var filled = -1;
        foreach (var set in _sets)
        {
            ref var column = ref Unsafe.Add(ref codes, set.Input * TreeKernel.BlockRows);
            if (set.Bytes is { } bytes)
            {
                if (filled != set.Input)
                {
                    levels.Fill(ref column);
                    filled = set.Input;
                }

                levels.Find(bytes, Zero, ref inputs);
            }
            else
            {
                for (var row = 0; row < TreeKernel.BlockRows; row++)
                {
                    Unsafe.Add(ref inputs, row) = unchecked((byte)(Zero + (set.Contains(Unsafe.Add(ref column, row)) ? 1 : 0)));
                }
            }

            inputs = ref Unsafe.Add(ref inputs, TreeKernel.BlockRows);
        }
    }

    // A missing number is greater than no threshold, which is right where it goes left; else it gets the rank above all.
    private static void PlaceMissing(in NumberInput input, ref T values, ref byte ranks)
    {
        // No number is nearer to zero than this one, where zeros are not missing.
        var zeroBand = (input.Missing & TreeArrays.ZeroIsMissing) != 0 ? T.CreateTruncating(TreeArrays.ZeroBand) : -T.One;
        if (input.Missing == 0 || !AnyWithin(zeroBand, ref values))
        {
            return;
        }

        var rank = unchecked((byte)(((input.Missing & TreeArrays.GoesRight) != 0 ? input.Count : 0) + Zero));
        for (var i = 0; i < TreeKernel.BlockRows; i++)
        {
            if (!(T.Abs(Unsafe.Add(ref values, i)) > zeroBand))
            {
                Unsafe.Add(ref ranks, i) = rank;
            }
        }
    }

    private static bool AnyWithin(T zeroBand, ref T values)
    {
        var band = Vector256.Create(zeroBand);
        var missing = Vector256<T>.Zero;
        for (var i = 0; i < TreeKernel.BlockRows; i += Vector256<T>.Count)
        {
            missing |= ~Vector256.GreaterThan(Vector256.Abs(Vector256.LoadUnsafe(ref values, (nuint)i)), band);
        }

        return missing.AsInt32() != Vector256<int>.Zero;
    }

    // A search of two steps, of which few thresholds need the second alone: which sixteen thresholds, and how many of these. The rows are independent of each other, so
    // their searches overlap.
    private static void Rank(T[] thresholds, int count, ref T values, ref byte ranks)
    {
        ref var last = ref MemoryMarshal.GetArrayDataReference(thresholds);
        ref var all = ref Unsafe.Add(ref last, 16);
        if (count <= 16)
        {
            for (var row = 0; row < TreeKernel.BlockRows; row++)
            {
                Unsafe.Add(ref ranks, row) = (byte)(ThresholdCount.Smaller(ref all, Vector256.Create(Unsafe.Add(ref values, row))) + Zero);
            }

            return;
        }

        for (var row = 0; row < TreeKernel.BlockRows; row++)
        {
            var value = Vector256.Create(Unsafe.Add(ref values, row));
            var sixteen = ThresholdCount.Smaller(ref last, value) * 16;
            Unsafe.Add(ref ranks, row) = (byte)(sixteen + ThresholdCount.Smaller(ref Unsafe.Add(ref all, sixteen), value) + Zero);
        }
    }

    private static void HasLevel(ref int codes, int level, ref byte inputs)
    {
        var wanted = Vector256.Create(level);
        for (var row = 0; row < TreeKernel.BlockRows; row += 32)
        {
            ref var some = ref Unsafe.Add(ref codes, row);
            var first = Vector256.Narrow(
                Vector256.Equals(Vector256.LoadUnsafe(ref some), wanted), Vector256.Equals(Vector256.LoadUnsafe(ref some, 8), wanted));
            var second = Vector256.Narrow(
                Vector256.Equals(Vector256.LoadUnsafe(ref some, 16), wanted), Vector256.Equals(Vector256.LoadUnsafe(ref some, 24), wanted));

            // All bits, or minus one, where the row has it.
            var has = Vector256.Narrow(first, second);
            (Vector256.Create<sbyte>(Zero) - has).AsByte().StoreUnsafe(ref Unsafe.Add(ref inputs, row));
        }
    }

    private void AddNumbers(TreeArrays arrays, Dictionary<int, int> columns)
    {
        // By column, and in it by the way of missing numbers.
        const int Ways = (TreeArrays.GoesRight | TreeArrays.ZeroIsMissing) + 1;
        var groupOfNode = new int[_tests.Length];
        for (var node = 0; node < groupOfNode.Length; node++)
        {
            groupOfNode[node] = arrays.Levels[node] == TreeArrays.Number
                ? (columns[arrays.Features[node]] * Ways) + arrays.MissingRight[node]
                : -1;
        }

        var groups = new NodeGroups(groupOfNode, columns.Count * Ways);
        for (var group = 0; group < groups.Count; group++)
        {
            var nodes = groups.Of(group);
            if (nodes.IsEmpty)
            {
                continue;
            }

            var thresholds = groups.Thresholds(group, arrays);
            var first = _numbers.Count;
            for (var start = 0; start < thresholds.Length; start += MostThresholds)
            {
                var some = thresholds.AsSpan(start, Math.Min(MostThresholds, thresholds.Length - start));
                _numbers.Add(new NumberInput(group / Ways * TreeKernel.BlockRows, (byte)(group % Ways), some.Length, SearchOrder(some), Slices(some)));
            }

            foreach (var node in nodes)
            {
                var position = NodeGroups.Find(thresholds, arrays, node);
                _tests[node] = (first + (position / MostThresholds), unchecked((byte)((position % MostThresholds) + Zero)));
            }
        }
    }

    private void AddLevels(TreeArrays arrays, Dictionary<int, int> columns)
    {
        var keys = new List<long>();
        for (var node = 0; node < _tests.Length; node++)
        {
            if (arrays.Levels[node] >= 0)
            {
                keys.Add(LevelKey(arrays, columns, node));
            }
        }

        keys.Sort();
        var first = _numbers.Count;
        var inputs = new Dictionary<long, int>();
        foreach (var key in keys)
        {
            if (inputs.TryAdd(key, first + _levels.Count))
            {
                _levels.Add(new LevelInput((int)(key >> 32) * TreeKernel.BlockRows, (int)key));
            }
        }

        for (var node = 0; node < _tests.Length; node++)
        {
            if (arrays.Levels[node] >= 0)
            {
                _tests[node] = (inputs[LevelKey(arrays, columns, node)], unchecked((byte)Zero));
            }
        }
    }

    // By column, and in it by level.
    private static long LevelKey(TreeArrays arrays, Dictionary<int, int> columns, int node) =>
        ((long)columns[arrays.Features[node]] << 32) | (uint)arrays.Levels[node];

    // The last of each sixteen, then all; no number is greater than the infinity that fills up.
    private static T[] SearchOrder(ReadOnlySpan<double> thresholds)
    {
        var order = new T[16 + MostThresholds + 1];
        for (var i = 16; i < order.Length; i++)
        {
            order[i] = FromDouble(i - 16 < thresholds.Length ? thresholds[i - 16] : double.PositiveInfinity);
        }

        for (var i = 0; i < 16; i++)
        {
            order[i] = order[16 + (16 * i) + 15];
        }

        return order;
    }

    // Sixteen or fewer are compared at once anyway.
    private static ThresholdSlices? Slices(ReadOnlySpan<double> thresholds) =>
        typeof(T) == typeof(float) && thresholds.Length > 16 ? ThresholdSlices.Cut(thresholds) : null;

    private static T FromDouble(double number) =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)number) : Unsafe.BitCast<double, T>(number);

    /// <summary>Up to 255 thresholds of a column, in the order of the search.</summary>
    private readonly record struct NumberInput(int Column, byte Missing, int Count, T[] Thresholds, ThresholdSlices? Slices);

    /// <summary>A level of a column.</summary>
    private readonly record struct LevelInput(int Column, int Level);
}
