using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Connectors.Tables;

/// <summary>Writes numbers as the runtime does, byte for byte, in a fraction of its time.</summary>
internal static class NumberText
{
    // Whole words are stored, so that this many bytes may be touched although no text is longer than 24.
    private const int Room = 40;

    private const int AllDigits = 17;
    private const int WireDigits = 15;
    private const int LeastPlainPoint = -3;
    private const ulong LeastNormal = 1UL << 52;
    private const ulong Infinity = 0x7FFUL << 52;
    private const ulong FirstPlace = 10_000_000_000_000_000;

    /// <summary>The shortest text that reads back as the same bits: the runtime's "R", or its "G15" for the wire.</summary>
    /// <returns>The number of bytes; 0 when they do not fit.</returns>
    // Optimized from the first call: without a loop it would be called a million times before its turn comes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(double value, CellFormat format, Span<byte> utf8)
    {
        if (utf8.Length < Room)
        {
            Span<byte> scratch = stackalloc byte[Room];
            return Fit(scratch[..Write(value, format, scratch)], utf8);
        }

        var bits = BitConverter.DoubleToUInt64Bits(value);
        var signs = (int)(bits >> 63);
        bits &= ~(1UL << 63);
        if (bits >= Infinity)
        {
            return WriteByRuntime(value, format, utf8);
        }

        ref var text = ref MemoryMarshal.GetReference(utf8);
        text = (byte)'-';
        text = ref Unsafe.Add(ref text, signs);
        var magnitude = BitConverter.UInt64BitsToDouble(bits);
        if (magnitude < WholeBelow(format) && magnitude == (long)magnitude)
        {
            ((long)magnitude).TryFormat(utf8[signs..], out var length, default, CultureInfo.InvariantCulture);
            return signs + length;
        }

        var (digits, power) = ShortestDouble.Find(bits);
        if (format == CellFormat.Wire && !TryRoundForWire(bits, ref digits, ref power))
        {
            return WriteByRuntime(value, format, utf8);
        }

        return signs + Write(digits, AllDigits + power, format == CellFormat.Wire ? WireDigits : AllDigits, ref text);
    }

    // A whole double with more digits than these is written from its shortest form.
    private static double WholeBelow(CellFormat format) => format == CellFormat.Wire ? 1e15 : 1L << 53;

    /// <summary>
    /// Rounds to the fifteen digits of the wire. Rounding the shortest decimal is rounding the double itself: nothing of 16 digits
    /// can lie between the two, or it would have been shorter or nearer. Only a decimal that ends halfway says nothing about the double's
    /// side, nor does the shortest decimal of a subnormal, which may have digits to come.
    /// </summary>
    private static bool TryRoundForWire(ulong bits, ref ulong digits, ref int power)
    {
        const ulong Unit = 100;
        var rest = digits % Unit;
        if (bits < LeastNormal || rest == Unit / 2)
        {
            return false;
        }

        digits += rest > Unit / 2 ? Unit - rest : 0 - rest;
        if (digits >= FirstPlace * 10)
        {
            digits /= 10;
            power++;
        }

        return true;
    }

    /// <summary>Lays out seventeen digits.</summary>
    /// <param name="digits">The digits.</param>
    /// <param name="point">How many digits stand before the point; not above 0 when zeros follow it.</param>
    /// <param name="mostWhole">With more digits before the point than this, an exponent is written.</param>
    /// <param name="text">Where to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Write(ulong digits, int point, int mostWhole, ref byte text)
    {
        var upper = digits / DigitWords.OneWord;
        var right = DigitWords.Digits((uint)(digits - (upper * DigitWords.OneWord)));
        var first = (uint)upper / DigitWords.OneWord;
        var left = DigitWords.Digits((uint)upper - (first * DigitWords.OneWord));
        var zeros = DigitWords.TrailingZeros(right);
        var count = AllDigits - zeros - (zeros == 8 ? DigitWords.TrailingZeros(left) : 0);
        first += '0';
        left += DigitWords.Zeros;
        right += DigitWords.Zeros;

        if ((uint)(point - LeastPlainPoint) <= -LeastPlainPoint)
        {
            // 0.ddd, 0.0ddd, 0.00ddd or 0.000ddd
            Store(ref text, 0, 0x3030303030302E30);
            var at = 2 - point;
            Unsafe.Add(ref text, at) = (byte)first;
            Store(ref text, at + 1, left);
            Store(ref text, at + 9, right);
            return at + count;
        }

        text = (byte)first;
        if (point > count && point <= mostWhole)
        {
            Store(ref text, 1, left);
            Store(ref text, 9, right);
            return point;
        }

        var isPlain = point > 0 && point <= mostWhole;
        var before = isPlain ? point : 1;
        Store(ref text, 2, left);
        Store(ref text, 10, right);
        if (before <= 8)
        {
            Store(ref text, 1, WithPoint(left, before - 1));
        }
        else
        {
            Store(ref text, 1, left);
            if (before <= 16)
            {
                Store(ref text, 9, WithPoint(right, before - 9));
            }
            else
            {
                Store(ref text, 9, right);
            }
        }

        var length = count > before ? count + 1 : before;
        return isPlain ? length : WriteExponent(point - 1, length, ref text);
    }

    /// <summary>Eight characters with a point before one of them, which pushes out the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WithPoint(ulong characters, int at)
    {
        var before = (1UL << (at * 8)) - 1;
        return (characters & before) | ((ulong)'.' << (at * 8)) | ((characters & ~before) << 8);
    }

    private static int WriteExponent(int exponent, int length, ref byte text)
    {
        Unsafe.Add(ref text, length) = (byte)'E';
        Unsafe.Add(ref text, length + 1) = (byte)(exponent < 0 ? '-' : '+');
        length += 2;
        var size = (uint)Math.Abs(exponent);
        if (size >= 100)
        {
            Unsafe.Add(ref text, length++) = (byte)('0' + (size / 100));
            size %= 100;
        }

        Unsafe.Add(ref text, length) = (byte)('0' + (size / 10));
        Unsafe.Add(ref text, length + 1) = (byte)('0' + (size % 10));
        return length + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref byte text, int at, ulong characters) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref text, at), characters);

    private static int WriteByRuntime(double value, CellFormat format, Span<byte> utf8)
    {
        value.TryFormat(utf8, out var written, format == CellFormat.Wire ? "G15" : "R", CultureInfo.InvariantCulture);
        return written;
    }

    private static int Fit(ReadOnlySpan<byte> text, Span<byte> utf8) => text.TryCopyTo(utf8) ? text.Length : 0;
}
