using System.Runtime.InteropServices;

namespace Auspex.Experiments.Training.Trees;

/// <summary>Numbers of single precision as whole numbers of the same order, which are compared without branches and sorted by digits.</summary>
internal static class FloatOrder
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;
    private const int Passes = 3;

    // Fewer are sorted faster by comparing them.
    private const int LeastByDigits = 4096;

    /// <summary>A whole number that is less than another's where the number is; 0 is above -0, and NaN beyond all.</summary>
    public static int Key(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    /// <summary>Sorts numbers; none may be NaN.</summary>
    public static void Sort(Span<float> values)
    {
        if (values.Length < LeastByDigits)
        {
            values.Sort();
            return;
        }

        var from = new uint[values.Length];
        var to = new uint[values.Length];
        var starts = new int[Passes * Digits];
        for (var i = 0; i < values.Length; i++)
        {
            var key = (uint)Key(values[i]) ^ 0x8000_0000;
            from[i] = key;
            for (var pass = 0; pass < Passes; pass++)
            {
                starts[(pass * Digits) + Digit(key, pass)]++;
            }
        }

        for (var pass = 0; pass < Passes; pass++)
        {
            var next = starts.AsSpan(pass * Digits, Digits);
            var start = 0;
            foreach (ref var count in next)
            {
                (count, start) = (start, start + count);
            }

            foreach (var key in from)
            {
                to[next[Digit(key, pass)]++] = key;
            }

            (from, to) = (to, from);
        }

        var sorted = MemoryMarshal.Cast<uint, int>(from);
        for (var i = 0; i < values.Length; i++)
        {
            var key = sorted[i] ^ int.MinValue;
            values[i] = BitConverter.Int32BitsToSingle(key ^ ((key >> 31) & int.MaxValue));
        }
    }

    private static int Digit(uint key, int pass) => (int)(key >> (pass * DigitBits)) & (Digits - 1);
}
