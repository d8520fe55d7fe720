using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>64 rows in four vectors of 128 bits.</summary>
internal readonly struct Lanes128(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) : ILanes<Lanes128>
{
    private readonly Vector128<byte> _a = a;
    private readonly Vector128<byte> _b = b;
    private readonly Vector128<byte> _c = c;
    private readonly Vector128<byte> _d = d;

    public static int Rows => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 All(byte value)
    {
        var all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 OrElse(Lanes128 test, Lanes128 then, Lanes128 otherwise) => new(
        OrElse(test._a, then._a, otherwise._a),
        OrElse(test._b, then._b, otherwise._b),
        OrElse(test._c, then._c, otherwise._c),
        OrElse(test._d, then._d, otherwise._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddLowestBit(Lanes128 sum, Lanes128 bits) => new(
        sum._a + LowestBit(bits._a),
        sum._b + LowestBit(bits._b),
        sum._c + LowestBit(bits._c),
        sum._d + LowestBit(bits._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes128 Strike(ref byte input, uint rank, uint struck)
    {
        var (than, leaves) = (Vector128.Create(rank).AsSByte(), Vector128.Create(struck).AsByte());
        return new(
            Strike(_a, Vector128.LoadUnsafe(ref input), than, leaves),
            Strike(_b, Vector128.LoadUnsafe(ref input, 16), than, leaves),
            Strike(_c, Vector128.LoadUnsafe(ref input, 32), than, leaves),
            Strike(_d, Vector128.LoadUnsafe(ref input, 48), than, leaves));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref byte target)
    {
        _a.StoreUnsafe(ref target);
        _b.StoreUnsafe(ref target, 16);
        _c.StoreUnsafe(ref target, 32);
        _d.StoreUnsafe(ref target, 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> OrElse(Vector128<byte> test, Vector128<byte> then, Vector128<byte> otherwise) =>
        Vector128.ConditionalSelect(Vector128.Equals(test, Vector128<byte>.Zero), otherwise, then);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Strike(Vector128<byte> state, Vector128<byte> input, Vector128<sbyte> rank, Vector128<byte> struck) =>
        Vector128.AndNot(state, Vector128.GreaterThan(input.AsSByte(), rank).AsByte() & struck);

    // The lowest bit alone; which half, quarter and eighth of the byte it lies in are the digits of its number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> LowestBit(Vector128<byte> bits)
    {
        var lowest = bits & (Vector128<byte>.Zero - bits);
        return Digit(lowest, 0xAA, 1) | Digit(lowest, 0xCC, 2) | Digit(lowest, 0xF0, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Digit(Vector128<byte> lowest, byte part, byte digit) =>
        Vector128.AndNot(Vector128.Create(digit), Vector128.Equals(lowest & Vector128.Create(part), Vector128<byte>.Zero));
}
