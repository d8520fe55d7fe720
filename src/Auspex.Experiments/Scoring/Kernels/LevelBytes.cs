using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// The levels of a block of rows in one column, as the byte and the bit of a set that they ask for: 16 rows are then in a set
/// where a table look-up of bytes, masked with their bits, is not 0.
/// </summary>
internal readonly ref struct LevelBytes(Span<byte> places, Span<byte> bits)
{
    /// <summary>Levels that fit: sets are two vectors of 16 bytes.</summary>
    public const int Levels = 256;

    private readonly Span<byte> _places = places;
    private readonly Span<byte> _bits = bits;

    /// <summary>Takes the codes of a block. Codes that no such set can have are in none.</summary>
    public void Fill(ref int codes)
    {
        for (var row = 0; row < TreeKernel.BlockRows; row++)
        {
            var code = (uint)Unsafe.Add(ref codes, row);
            _places[row] = (byte)(code >> 3);
            _bits[row] = code < Levels ? (byte)(1 << (int)(code & 7)) : (byte)0;
        }
    }

    /// <summary>Writes, for each row of the block, <paramref name="no"/>, or one more where its level is in the set.</summary>
    public void Find(byte[] set, sbyte no, ref byte inputs)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(set);
        var (low, high) = (Vector128.LoadUnsafe(ref table), Vector128.LoadUnsafe(ref table, 16));
        ref var places = ref MemoryMarshal.GetReference(_places);
        ref var bits = ref MemoryMarshal.GetReference(_bits);
        for (nuint row = 0; row < TreeKernel.BlockRows; row += 16)
        {
            // A place beyond a vector gives 0, so that each half of the set answers for its own.
            var place = Vector128.LoadUnsafe(ref places, row);
            var found = Vector128.Shuffle(low, place) | Vector128.Shuffle(high, place - Vector128.Create((byte)16));

            // All bits, or minus one, where the row is in the set.
            var isIn = ~Vector128.Equals(found & Vector128.LoadUnsafe(ref bits, row), Vector128<byte>.Zero);
            (Vector128.Create(no) - isIn.AsSByte()).AsByte().StoreUnsafe(ref inputs, row);
        }
    }
}
