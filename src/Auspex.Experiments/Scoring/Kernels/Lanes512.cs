using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>128 rows in two vectors of 512 bits.</summary>
internal readonly struct Lanes512(Vector512<byte> a, Vector512<byte> b) : ILanes<Lanes512>
{
    private readonly Vector512<byte> _a = a;
    private readonly Vector512<byte> _b = b;

    public static int Rows => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(byte value)
    {
        var all = Vector512.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 OrElse(Lanes512 test, Lanes512 then, Lanes512 otherwise) => new(
        OrElse(test._a, then._a, otherwise._a),
        OrElse(test._b, then._b, otherwise._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddLowestBit(Lanes512 sum, Lanes512 bits) => new(
        sum._a + LowestBit(bits._a),
        sum._b + LowestBit(bits._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes512 Strike(ref byte input, uint rank, uint struck)
    {
        var (than, leaves) = (Vector512.Create(rank).AsSByte(), Vector512.Create(struck).AsByte());
        return new(
            Strike(_a, Vector512.LoadUnsafe(ref input), than, leaves),
            Strike(_b, Vector512.LoadUnsafe(ref input, 64), than, leaves));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref byte target)
    {
        _a.StoreUnsafe(ref target);
        _b.StoreUnsafe(ref target, 64);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OrElse(Vector512<byte> test, Vector512<byte> then, Vector512<byte> otherwise) =>
        Vector512.ConditionalSelect(Vector512.Equals(test, Vector512<byte>.Zero), otherwise, then);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Strike(Vector512<byte> state, Vector512<byte> input, Vector512<sbyte> rank, Vector512<byte> struck) =>
        Vector512.AndNot(state, Vector512.GreaterThan(input.AsSByte(), rank).AsByte() & struck);

    // The lowest bit alone; which half, quarter and eighth of the byte it lies in are the digits of its number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> LowestBit(Vector512<byte> bits)
    {
        var lowest = bits & (Vector512<byte>.Zero - bits);
        return Digit(lowest, 0xAA, 1) | Digit(lowest, 0xCC, 2) | Digit(lowest, 0xF0, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Digit(Vector512<byte> lowest, byte part, byte digit) =>
        Vector512.AndNot(Vector512.Create(digit), Vector512.Equals(lowest & Vector512.Create(part), Vector512<byte>.Zero));
}
