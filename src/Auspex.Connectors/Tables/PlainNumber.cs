using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Auspex.Connectors.Tables;

/// <summary>
/// Numbers of up to sixteen characters without an exponent, by far the most common, in one vector and without a branch that
/// depends on their length, sign or point. The text stands at the vector's end; what precedes it counts as zeros.
/// </summary>
internal static partial class PlainNumber
{
    public const int MostCharacters = 16;

    private const int NoPoint = 32;
    private const int LastPoint = 16;

    // Characters are compared after the bits of '0' were taken out of them, which makes digits 0 to 9 and nothing else.
    private const byte Point = '.' ^ '0';
    private const byte Minus = '-' ^ '0';

    // At n: a vector whose last n bytes are kept.
    private static ReadOnlySpan<byte> Kept =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ];

    // What takes out a point in the last place, the one before, and so on; at last, what leaves all as it is. Above 15 is a zero.
    private static ReadOnlySpan<byte> WithoutPoint =>
    [
        255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
        255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15,
        255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15,
        255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15,
        255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15,
        255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15,
        255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15,
        255, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15,
        255, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15,
        255, 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        255, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        255, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        255, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        255, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        255, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    ];

    // In the same order, what such a point divides by; once more with the sign of the number.
    private static ReadOnlySpan<double> Divisors =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e0,
        -1e0, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10, -1e11, -1e12, -1e13, -1e14, -1e15, -1e0,
    ];

    /// <summary>Whether the processor has what this needs.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.IsHardwareAccelerated;
    }

    /// <summary>Loads a text of 1 to 16 bytes for the other methods; no byte outside of it is touched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ref byte text, int length)
    {
        if (length >= 8)
        {
            // Words that overlap inside the text. Twice half the distance, since a shift by 64 would be none.
            var half = (MostCharacters - length) * 4;
            var head = (Unsafe.ReadUnaligned<ulong>(ref text) ^ DigitWords.Zeros) << half << half;
            var tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, length - 8)) ^ DigitWords.Zeros;
            return Vector128.Create(head, tail).AsByte();
        }

        ulong word;
        if (length >= 4)
        {
            word = Unsafe.ReadUnaligned<uint>(ref text)
                | ((ulong)Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref text, length - 4)) << ((length - 4) * 8));
        }
        else
        {
            var middle = length >> 1;
            word = text
                | ((ulong)Unsafe.Add(ref text, middle) << (middle * 8))
                | ((ulong)Unsafe.Add(ref text, length - 1) << ((length - 1) * 8));
        }

        return Vector128.Create(0, (word ^ DigitWords.Zeros) << ((8 - length) * 8)).AsByte();
    }

    /// <summary>As <see cref="Load"/>, where the sixteen bytes that end with the text may be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LoadInside(ref byte text, int length)
    {
        var characters = Vector128.LoadUnsafe(ref Unsafe.Add(ref text, length - MostCharacters));
        var kept = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Kept), (nuint)length);
        return (characters ^ Vector128.Create((byte)'0')) & kept;
    }

    /// <summary>Reads digits with an optional point.</summary>
    /// <param name="text">The text without its sign.</param>
    /// <param name="length">Its bytes: 0 to 16.</param>
    /// <param name="isNegative">1 when there is a minus before it, else 0: looked for by whoever loads the text, in the one place where it may stand.</param>
    /// <param name="value">The number.</param>
    /// <returns>False when the text is anything else, a number in another form perhaps.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(Vector128<byte> text, int length, int isNegative, out double value)
    {
        var points = Vector128.Equals(text, Vector128.Create(Point)).ExtractMostSignificantBits();
        var place = Place(points);

        // A second point stays in and is no digit.
        var digits = Vector128.ShuffleNative(
            text, Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(WithoutPoint), (nuint)(uint)(16 * place)));
        if ((length < 2 && (length == 0 || points != 0)) || !AreDigits(digits))
        {
            value = 0;
            return false;
        }

        var eights = Eights(digits);
        var number = ToDouble(eights);
        if (number >= DecimalRounding.GreatestExactInteger)
        {
            value = RoundLarge(eights, place, isNegative);
            return true;
        }

        // Both are exact, so that the division rounds correctly (Clinger's fast path).
        value = number / Divisor(place, isNegative);
        return true;
    }

    /// <summary>Reads digits with an optional minus.</summary>
    /// <returns>False when the text is anything else, a number in another form perhaps.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(Vector128<byte> text, int length, out long value)
    {
        var isMinus = Vector128.Equals(text, Vector128.Create(Minus));
        var minuses = isMinus.ExtractMostSignificantBits();
        var digits = Vector128.AndNot(text, isMinus);
        if (IsMisplaced(minuses, length) | BitOperations.PopCount(minuses) == length | !AreDigits(digits))
        {
            value = 0;
            return false;
        }

        var eights = Eights(digits);
        var number = ToInt64(eights);
        var sign = (long)Everywhere(minuses);
        value = (number ^ sign) - sign;
        return true;
    }

    /// <summary>What the first and the last eight of sixteen digits mean, without multiply-add.</summary>
    internal static Vector128<int> EightsByWords(Vector128<byte> digits)
    {
        var words = digits.AsUInt64();
        return Vector128.Create(
            DigitWords.Number(words.ToScalar()) | ((ulong)DigitWords.Number(words.GetElement(1)) << 32), 0).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Eights(Vector128<byte> digits)
    {
        if (!Sse41.IsSupported)
        {
            return EightsByWords(digits);
        }

        var twos = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((short)(10 + (1 << 8))).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(twos, Vector128.Create(100 + (1 << 16)).AsInt16());
        return Sse2.MultiplyAddAdjacent(
            Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(10_000 + (1 << 16)).AsInt16());
    }

    /// <summary>All sixteen digits; above 2^53, to where doubles are exact, at least that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToDouble(Vector128<int> eights)
    {
        if (!Sse2.IsSupported)
        {
            return double.MultiplyAddEstimate(eights.ToScalar(), DigitWords.OneWord, eights.GetElement(1));
        }

        var doubles = Sse2.ConvertToVector128Double(eights);
        return double.MultiplyAddEstimate(doubles.ToScalar(), DigitWords.OneWord, doubles.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ToInt64(Vector128<int> eights)
    {
        var both = eights.AsUInt64().ToScalar();
        return (long)(((both & uint.MaxValue) * DigitWords.OneWord) + (both >> 32));
    }

    private static double RoundLarge(Vector128<int> eights, int place, int isNegative)
    {
        var value = DecimalRounding.ToDouble((ulong)ToInt64(eights), place == NoPoint - LastPoint ? 0 : -place);
        return isNegative == 0 ? value : -value;
    }

    /// <summary>Whether there is a minus anywhere but in the first place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMisplaced(uint minuses, int length) => (minuses & ~(1U << (MostCharacters - length))) != 0;

    /// <summary>All bits when there is any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Everywhere(uint bits) => (int)(0 - bits) >> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(Vector128<byte> digits) =>
        Vector128.SubtractSaturate(digits, Vector128.Create((byte)9)) == Vector128<byte>.Zero;
}
