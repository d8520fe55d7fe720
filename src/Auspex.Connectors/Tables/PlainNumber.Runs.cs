using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Auspex.Connectors.Tables;

/// <content>Runs of numbers: bit for bit what each by itself gives.</content>
internal static partial class PlainNumber
{
    /// <summary>Whether the processor has what four at once need.</summary>
    public static bool IsFourSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx2.IsSupported;
    }

    /// <summary>Reads cells of digits with an optional minus and point, four at a time, as long as all of four are such.</summary>
    /// <param name="buffer">Holds the cells.</param>
    /// <param name="ends">The positions of delimiters and line ends, from that of the first row's cell if it were the first of all; one more stands before it.</param>
    /// <param name="rows">Of each row how many of the ends precede it.</param>
    /// <param name="values">Gets the numbers, one per row.</param>
    /// <returns>How many rows were read, a multiple of four: the next hold a number in another form, or too many digits, or none, or are too few.</returns>
    // Refs and no spans, and nothing kept that a cell does not need any more: there are just enough registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ParseFours(ref byte buffer, ref int ends, ReadOnlySpan<int> rows, ref double values)
    {
        ref var first = ref MemoryMarshal.GetReference(rows);
        var row = 0;
        for (; row <= rows.Length - 4; row += 4)
        {
            var (few, none) = (0, 0);
            ref var place = ref Unsafe.Add(ref first, row);
            if (!TryLoad(ref buffer, ref Unsafe.Add(ref ends, place), ref few, ref none, out var a, out var signA)
                || !TryLoad(ref buffer, ref Unsafe.Add(ref ends, Unsafe.Add(ref place, 1)), ref few, ref none, out var b, out var signB)
                || !TryLoad(ref buffer, ref Unsafe.Add(ref ends, Unsafe.Add(ref place, 2)), ref few, ref none, out var c, out var signC)
                || !TryLoad(ref buffer, ref Unsafe.Add(ref ends, Unsafe.Add(ref place, 3)), ref few, ref none, out var d, out var signD))
            {
                break;
            }

            // In this order, packing them into one vector leaves them in their own.
            var (textAC, textBD) = (Vector256.Create(a, c), Vector256.Create(b, d));
            var pointsAC = Vector256.Equals(textAC, Vector256.Create(Point)).ExtractMostSignificantBits();
            var pointsBD = Vector256.Equals(textBD, Vector256.Create(Point)).ExtractMostSignificantBits();
            var (placeA, placeC) = (Place((ushort)pointsAC), Place(pointsAC >> 16));
            var (placeB, placeD) = (Place((ushort)pointsBD), Place(pointsBD >> 16));
            var digitsAC = Avx2.Shuffle(textAC, TakingOut(placeA, placeC));
            var digitsBD = Avx2.Shuffle(textBD, TakingOut(placeB, placeD));
            if ((few < 0 && (none < 0 || (pointsAC | pointsBD) != 0))
                || (ExcessOverNine(digitsAC) | ExcessOverNine(digitsBD)) != Vector256<byte>.Zero)
            {
                break;
            }

            var packed = Avx2.PackUnsignedSaturate(Fours(digitsAC), Fours(digitsBD)).AsInt16();
            var eights = Avx2.MultiplyAddAdjacent(packed, Vector256.Create(10_000 + (1 << 16)).AsInt16());
            var parted = Avx2.PermuteVar8x32(eights, Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7));
            var numbers = Vector256.MultiplyAddEstimate(
                Avx.ConvertToVector256Double(parted.GetLower()),
                Vector256.Create((double)DigitWords.OneWord),
                Avx.ConvertToVector256Double(parted.GetUpper()));
            if (Vector256.GreaterThanOrEqualAny(numbers, Vector256.Create((double)DecimalRounding.GreatestExactInteger)))
            {
                break;
            }

            var divisors = Vector256.Create(Divisor(placeA, signA), Divisor(placeB, signB), Divisor(placeC, signC), Divisor(placeD, signD));
            (numbers / divisors).StoreUnsafe(ref values, (nuint)row);
        }

        return row;
    }

    /// <summary>Reads cells of up to sixteen digits and nothing else, as long as all are such.</summary>
    /// <param name="buffer">Holds the cells.</param>
    /// <param name="ends">The positions of delimiters and line ends, from that of the first row's cell if it were the first of all; one more stands before it.</param>
    /// <param name="rows">Of each row how many of the ends precede it.</param>
    /// <param name="greatest">The greatest number that may be read.</param>
    /// <param name="values">Gets the numbers, one per row.</param>
    /// <returns>How many rows were read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ParseDigits(ref byte buffer, ref int ends, ReadOnlySpan<int> rows, long greatest, ref long values)
    {
        ref var first = ref MemoryMarshal.GetReference(rows);
        var row = 0;
        for (; row < rows.Length; row++)
        {
            ref var end = ref Unsafe.Add(ref ends, Unsafe.Add(ref first, row));
            var after = end;
            var length = after - Unsafe.Add(ref end, -1) - 1;
            if ((uint)(length - 1) >= MostCharacters || after < MostCharacters)
            {
                break;
            }

            var digits = LoadInside(ref Unsafe.Add(ref buffer, after - length), length);
            var number = ToInt64(Eights(digits));
            if (!AreDigits(digits) || number > greatest)
            {
                break;
            }

            Unsafe.Add(ref values, row) = number;
        }

        return row;
    }

    /// <summary>Loads a cell without its sign; false when it is empty or too long, or no sixteen bytes can be loaded.</summary>
    /// <param name="buffer">Holds the cell.</param>
    /// <param name="end">Where it ends; the end of the one before it precedes this.</param>
    /// <param name="few">Becomes negative when there are fewer than two characters.</param>
    /// <param name="none">Becomes negative when there is no character.</param>
    /// <param name="text">The characters.</param>
    /// <param name="sign">1 when there is a minus.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLoad(ref byte buffer, ref int end, ref int few, ref int none, out Vector128<byte> text, out int sign)
    {
        var after = end;
        var length = after - Unsafe.Add(ref end, -1) - 1;
        if ((uint)(length - 1) >= MostCharacters || after < MostCharacters)
        {
            (text, sign) = (default, 0);
            return false;
        }

        sign = Unsafe.Add(ref buffer, after - length) == '-' ? 1 : 0;
        length -= sign;
        few |= length - 2;
        none |= length - 1;
        text = LoadInside(ref Unsafe.Add(ref buffer, after - length), length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(uint points) => BitOperations.LeadingZeroCount(points) - LastPoint;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> TakingOut(int place, int otherPlace)
    {
        ref var without = ref MemoryMarshal.GetReference(WithoutPoint);
        return Vector256.Create(
            Vector128.LoadUnsafe(ref without, (nuint)(uint)(16 * place)), Vector128.LoadUnsafe(ref without, (nuint)(uint)(16 * otherPlace)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> ExcessOverNine(Vector256<byte> digits) => Vector256.SubtractSaturate(digits, Vector256.Create((byte)9));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Fours(Vector256<byte> digits) => Avx2.MultiplyAddAdjacent(
        Avx2.MultiplyAddAdjacent(digits, Vector256.Create((short)(10 + (1 << 8))).AsSByte()), Vector256.Create(100 + (1 << 16)).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Divisor(int place, int isNegative) =>
        Unsafe.Add(ref MemoryMarshal.GetReference(Divisors), place + ((NoPoint - LastPoint + 1) & -isNegative));
}
