using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>A number or Boolean (0 or 1) that the model takes as it is.</summary>
internal sealed class NumberFeature : BoundFeature
{
    // Set when the table has the numbers as levels: the number of each level.
    private readonly double[]? _levels;

    private NumberFeature(int column, double[]? levels)
        : base(column) => _levels = levels;

    public static NumberFeature Bind(int column, TableField found, TableField wanted)
    {
        if (!found.IsNumeric && found.Type != ColumnType.Boolean)
        {
            throw Mismatch(found, wanted, "numbers");
        }

        return new NumberFeature(column, found.Categories is { } domain ? [.. domain.Levels.Select(Parse)] : null);

        static double Parse(string level) =>
            bool.TryParse(level, out var truth) ? (truth ? 1 : 0)
            : double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : double.NaN;
    }

    public override void ReadNumbers(TableBatch batch, int start, Span<double> values)
    {
        var column = batch.Columns[Column];
        switch (column)
        {
            case DoubleColumn doubles:
                doubles.Values.Slice(start, values.Length).CopyTo(values);
                break;
            case Int64Column integers:
                var source = integers.Values.Slice(start, values.Length);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = source[i];
                }

                break;
            default:
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = Other(column, start + i);
                }

                break;
        }

        if (column.Validity is not null)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (column.IsNull(start + i))
                {
                    values[i] = double.NaN;
                }
            }
        }
    }

    public override void ReadSingles(TableBatch batch, int start, Span<float> values)
    {
        var column = batch.Columns[Column];
        switch (column)
        {
            case DoubleColumn doubles when values.Length == 1:
                values[0] = (float)doubles.Values[start];
                break;
            case DoubleColumn doubles:
                Round(doubles.Values.Slice(start, values.Length), values);
                break;
            case Int64Column integers:
                var source = integers.Values.Slice(start, values.Length);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (float)(double)source[i];
                }

                break;
            default:
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (float)Other(column, start + i);
                }

                break;
        }

        if (column.Validity is { } validity && HasNulls(validity, start, values.Length))
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (column.IsNull(start + i))
                {
                    values[i] = float.NaN;
                }
            }
        }
    }

    public override void ReadCodes(TableBatch batch, int start, Span<int> codes) =>
        throw new InvalidOperationException("A number has no levels.");

    private double Other(Column column, int row) => column switch
    {
        BooleanColumn booleans => booleans.Values[row] ? 1 : 0,
        CategoryColumn categories when categories.Values[row] is >= 0 and var code && code < _levels!.Length => _levels[code],
        _ => double.NaN,
    };

    // Eight at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Round(ReadOnlySpan<double> source, Span<float> values)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= source.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256.Narrow(Vector256.LoadUnsafe(ref from, (nuint)i), Vector256.LoadUnsafe(ref from, (nuint)i + 4)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++)
        {
            values[i] = (float)source[i];
        }
    }

    private static bool HasNulls(ulong[] validity, int start, int count)
    {
        for (var word = start >> 6; word <= (start + count - 1) >> 6; word++)
        {
            if (validity[word] != ulong.MaxValue)
            {
                return true;
            }
        }

        return false;
    }
}
