using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Connectors.Tables;

/// <summary>
/// Texts that columns name by code, in the order in which they were met; it only grows, so that a code keeps its meaning.
/// One thread adds at a time.
/// </summary>
/// <remarks>
/// The first 32 bytes of a text are its key: two vectors, loaded from the midst of a buffer and compared at once. A text that
/// finds its places in the index taken is added again each time, which bounds what a file made for collisions can cost.
/// </remarks>
public sealed class TextLevels
{
    private const int KeyBytes = 32;
    private const int MostProbes = 16;
    private const int LeastPlacesPerText = 2;

    // So many at most while it is for speed alone.
    private const int PlacesForFew = 1024;

    private byte[] _bytes = new byte[256];
    private int[] _offsets = new int[17];

    // Open addressing; the length is a power of two.
    private Entry[] _index = new Entry[64];

    // At 32 - n: a vector pair of which the first n bytes are kept.
    private static ReadOnlySpan<byte> Kept =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>How many texts there are.</summary>
    public int Count { get; private set; }

    /// <summary>The text of a code.</summary>
    public ReadOnlySpan<byte> this[int code] => _bytes.AsSpan(_offsets[code], _offsets[code + 1] - _offsets[code]);

    /// <summary>Finds the codes of cells of a buffer, as long as all are short and found at once.</summary>
    /// <param name="buffer">Holds the cells, and 32 bytes more.</param>
    /// <param name="ends">The positions of delimiters and line ends, from that of the first row's cell if it were the first of all; one more stands before it.</param>
    /// <param name="rows">Of each row how many of the ends precede it.</param>
    /// <param name="codes">Gets the codes, one per row.</param>
    /// <returns>How many rows were found: the next is empty, longer than 32 bytes, or not in its place.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int FindRun(ref byte buffer, ref int ends, ReadOnlySpan<int> rows, ref int codes)
    {
        ref var first = ref MemoryMarshal.GetReference(rows);
        ref var index = ref MemoryMarshal.GetArrayDataReference(_index);
        var places = _index.Length - 1;
        var row = 0;
        for (; row < rows.Length; row++)
        {
            ref var end = ref Unsafe.Add(ref ends, Unsafe.Add(ref first, row));
            var after = end;
            var length = after - Unsafe.Add(ref end, -1) - 1;
            if ((uint)(length - 1) >= KeyBytes)
            {
                break;
            }

            ref var text = ref Unsafe.Add(ref buffer, after - length);
            ref var kept = ref Unsafe.Add(ref MemoryMarshal.GetReference(Kept), KeyBytes - length);
            var low = Vector128.LoadUnsafe(ref text) & Vector128.LoadUnsafe(ref kept);
            var high = Vector128.LoadUnsafe(ref text, 16) & Vector128.LoadUnsafe(ref kept, 16);
            ref var entry = ref Unsafe.Add(ref index, Place(low, high) & places);
            if (((entry.Low ^ low) | (entry.High ^ high)) != Vector128<byte>.Zero || entry.Length != length)
            {
                break;
            }

            Unsafe.Add(ref codes, row) = entry.Code - 1;
        }

        return row;
    }

    /// <summary>The code of a text; -1 where it has none that can be found quickly.</summary>
    internal int Find(ReadOnlySpan<byte> text)
    {
        var (low, high) = KeyOf(text);
        var place = Place(low, high) ^ Tail(text);
        for (var probe = 0; probe < MostProbes; probe++)
        {
            ref readonly var entry = ref _index[(place + probe) & (_index.Length - 1)];
            if (entry.Code == 0)
            {
                return -1;
            }

            if (entry.Low == low && entry.High == high && entry.Length == text.Length
                && (text.Length <= KeyBytes || this[entry.Code - 1].SequenceEqual(text)))
            {
                return entry.Code - 1;
            }
        }

        return -1;
    }

    /// <summary>The code of a text, which is added where it is not found.</summary>
    internal int CodeOf(ReadOnlySpan<byte> text)
    {
        var found = Find(text);
        return found >= 0 ? found : Add(text);
    }

    private int Add(ReadOnlySpan<byte> text)
    {
        var code = Count;
        var end = checked(_offsets[code] + text.Length);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, _bytes.Length * 2L)));
        }

        if (code + 1 == _offsets.Length)
        {
            Array.Resize(ref _offsets, _offsets.Length * 2);
        }

        text.CopyTo(_bytes.AsSpan(_offsets[code]));
        _offsets[code + 1] = end;
        Count++;
        if (!Enter(code) || Count * LeastPlacesPerText > _index.Length)
        {
            Reindex();
        }

        return code;
    }

    // Larger where it must be, or while some of few texts share a place.
    private void Reindex()
    {
        var areApart = false;
        while (Count * LeastPlacesPerText > _index.Length || (!areApart && _index.Length < PlacesForFew))
        {
            _index = new Entry[_index.Length * 2];
            areApart = true;
            for (var code = 0; code < Count; code++)
            {
                areApart &= Enter(code);
            }
        }
    }

    /// <summary>Enters a text where there is a place for it; says whether that is the first it is looked for in.</summary>
    private bool Enter(int code)
    {
        var text = this[code];
        var (low, high) = KeyOf(text);
        var place = Place(low, high) ^ Tail(text);
        for (var probe = 0; probe < MostProbes; probe++)
        {
            ref var entry = ref _index[(place + probe) & (_index.Length - 1)];
            if (entry.Code == 0)
            {
                entry = new Entry(low, high, text.Length, code + 1);
                return probe == 0;
            }
        }

        return false;
    }

    private static (Vector128<byte> Low, Vector128<byte> High) KeyOf(ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        key.Clear();
        text[..Math.Min(text.Length, KeyBytes)].CopyTo(key);
        return (Vector128.Create<byte>(key), Vector128.Create<byte>(key[16..]));
    }

    // Of long texts, which often begin alike.
    private static int Tail(ReadOnlySpan<byte> text) =>
        text.Length <= KeyBytes ? 0 : Fold(MemoryMarshal.Read<ulong>(text[^8..]) * 0x9E3779B97F4A7C15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(Vector128<byte> low, Vector128<byte> high)
    {
        var both = low.AsUInt64() ^ Vector128.ShiftLeft(high.AsUInt64(), 9) ^ Vector128.ShiftRightLogical(high.AsUInt64(), 55);
        return Fold((both.ToScalar() * 0x9E3779B97F4A7C15) + (both.GetElement(1) * 0xD6E8FEB86659FD93));
    }

    // The last byte of a factor moves the highest bits of a product alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Fold(ulong product) => (int)((product >> 40) ^ (product >> 52));

    /// <summary>A text's key, its length, and its code + 1; 0 where there is none.</summary>
    private readonly record struct Entry(Vector128<byte> Low, Vector128<byte> High, int Length, int Code);
}
