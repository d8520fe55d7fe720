using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>128 rows in four vectors of 256 bits.</summary>
internal readonly struct Lanes256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> d) : ILanes<Lanes256>
{
    private readonly Vector256<byte> _a = a;
    private readonly Vector256<byte> _b = b;
    private readonly Vector256<byte> _c = c;
    private readonly Vector256<byte> _d = d;

    public static int Rows => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(byte value)
    {
        var all = Vector256.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 OrElse(Lanes256 test, Lanes256 then, Lanes256 otherwise) => new(
        OrElse(test._a, then._a, otherwise._a),
        OrElse(test._b, then._b, otherwise._b),
        OrElse(test._c, then._c, otherwise._c),
        OrElse(test._d, then._d, otherwise._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddLowestBit(Lanes256 sum, Lanes256 bits) => new(
        sum._a + LowestBit(bits._a),
        sum._b + LowestBit(bits._b),
        sum._c + LowestBit(bits._c),
        sum._d + LowestBit(bits._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes256 Strike(ref byte input, uint rank, uint struck)
    {
        var (than, leaves) = (Vector256.Create(rank).AsSByte(), Vector256.Create(struck).AsByte());
        return new(
            Strike(_a, Vector256.LoadUnsafe(ref input), than, leaves),
            Strike(_b, Vector256.LoadUnsafe(ref input, 32), than, leaves),
            Strike(_c, Vector256.LoadUnsafe(ref input, 64), than, leaves),
            Strike(_d, Vector256.LoadUnsafe(ref input, 96), than, leaves));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref byte target)
    {
        _a.StoreUnsafe(ref target);
        _b.StoreUnsafe(ref target, 32);
        _c.StoreUnsafe(ref target, 64);
        _d.StoreUnsafe(ref target, 96);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> OrElse(Vector256<byte> test, Vector256<byte> then, Vector256<byte> otherwise) =>
        Vector256.ConditionalSelect(Vector256.Equals(test, Vector256<byte>.Zero), otherwise, then);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Strike(Vector256<byte> state, Vector256<byte> input, Vector256<sbyte> rank, Vector256<byte> struck) =>
        Vector256.AndNot(state, Vector256.GreaterThan(input.AsSByte(), rank).AsByte() & struck);

    // The lowest bit alone; which half, quarter and eighth of the byte it lies in are the digits of its number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> LowestBit(Vector256<byte> bits)
    {
        var lowest = bits & (Vector256<byte>.Zero - bits);
        return Digit(lowest, 0xAA, 1) | Digit(lowest, 0xCC, 2) | Digit(lowest, 0xF0, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Digit(Vector256<byte> lowest, byte part, byte digit) =>
        Vector256.AndNot(Vector256.Create(digit), Vector256.Equals(lowest & Vector256.Create(part), Vector256<byte>.Zero));
}
