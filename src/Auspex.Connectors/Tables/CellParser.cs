using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Auspex.Connectors.Tables;

/// <summary>Reads the text of cells in invariant culture. Blanks around a value are skipped; nothing here throws.</summary>
public static partial class CellParser
{
    private const int MostDigits = 19;
    private const int StackBytes = 256;

    /// <summary>One of the methods of this type.</summary>
    public delegate bool Utf8Parse<T>(ReadOnlySpan<byte> utf8, out T value);

    /// <summary>Applies one of the methods of this type to text that is not UTF-8 yet.</summary>
    public static bool TryParse<T>(string text, Utf8Parse<T> parse, out T value)
    {
        var room = Encoding.UTF8.GetMaxByteCount(text.Length);
        var utf8 = room <= StackBytes ? stackalloc byte[StackBytes] : new byte[room];
        return parse(utf8[..Encoding.UTF8.GetBytes(text, utf8)], out value);
    }

    /// <summary><c>true</c> or <c>false</c> in any case, <c>1</c> or <c>0</c>.</summary>
    public static bool TryParseBoolean(ReadOnlySpan<byte> utf8, out bool value)
    {
        utf8 = Trim(utf8);
        value = utf8 is [(byte)'1'];
        return value || utf8 is [(byte)'0'] || TryParseWord(utf8, out value);
    }

    /// <summary>A whole number with an optional sign, and nothing but digits.</summary>
    // Optimized from the first call, as all that runs once per cell: an image holds no vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParseInt64(ReadOnlySpan<byte> utf8, out long value)
    {
        if (IsShort(utf8.Length)
            && PlainNumber.TryParse(PlainNumber.Load(ref MemoryMarshal.GetReference(utf8), utf8.Length), utf8.Length, out long plain))
        {
            value = plain;
            return true;
        }

        return TryParseAnyInt64(utf8, out value);
    }

    /// <summary>
    /// As <see cref="TryParseInt64(ReadOnlySpan{byte}, out long)"/> for a cell inside a larger buffer, and faster for cells that
    /// begin at the buffer's sixteenth byte or later, since bytes before the cell may then be loaded with it. Only the cell counts.
    /// </summary>
    /// <param name="buffer">Holds the cell.</param>
    /// <param name="start">The cell's first byte.</param>
    /// <param name="length">The cell's bytes.</param>
    /// <param name="value">The number; not defined when there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cell is not inside the buffer.</exception>
    public static bool TryParseInt64(ReadOnlySpan<byte> buffer, int start, int length, out long value)
    {
        var cell = buffer.Slice(start, length);
        if (start + length < PlainNumber.MostCharacters || !IsShort(length))
        {
            return TryParseInt64(cell, out value);
        }

        if (PlainNumber.TryParse(PlainNumber.LoadInside(ref MemoryMarshal.GetReference(cell), length), length, out long plain))
        {
            value = plain;
            return true;
        }

        return TryParseAnyInt64(cell, out value);
    }

    /// <summary>A number with an optional fraction and exponent; <c>NaN</c>, <c>Infinity</c> and <c>inf</c> in any case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParseDouble(ReadOnlySpan<byte> utf8, out double value)
    {
        if (IsShort(utf8.Length))
        {
            var isNegative = utf8[0] == '-' ? 1 : 0;
            var length = utf8.Length - isNegative;
            if (length > 0
                && PlainNumber.TryParse(
                    PlainNumber.Load(ref Unsafe.Add(ref MemoryMarshal.GetReference(utf8), isNegative), length), length, isNegative, out value))
            {
                return true;
            }
        }

        return TryParseAnyDouble(utf8, out value);
    }

    /// <summary>
    /// As <see cref="TryParseDouble(ReadOnlySpan{byte}, out double)"/> for a cell inside a larger buffer, and faster for cells that
    /// begin at the buffer's sixteenth byte or later, since bytes before the cell may then be loaded with it. Only the cell counts.
    /// </summary>
    /// <param name="buffer">Holds the cell.</param>
    /// <param name="start">The cell's first byte.</param>
    /// <param name="length">The cell's bytes.</param>
    /// <param name="value">The number; not defined when there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cell is not inside the buffer.</exception>
    public static bool TryParseDouble(ReadOnlySpan<byte> buffer, int start, int length, out double value)
    {
        var cell = buffer.Slice(start, length);
        return TryParsePlainDouble(buffer, start, start + length, out value) || TryParseDouble(cell, out value);
    }

    /// <summary>
    /// Reads the most common form of a number, digits with an optional minus and point, from the middle of a buffer. False for
    /// any other form, and for the few cells before which no sixteen bytes can be loaded: <see cref="TryParseDouble(ReadOnlySpan{byte}, out double)"/> decides.
    /// </summary>
    /// <param name="buffer">Holds the cell.</param>
    /// <param name="start">The cell's first byte.</param>
    /// <param name="end">The byte after the cell's last.</param>
    /// <param name="value">The number; not defined when there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryParsePlainDouble(ReadOnlySpan<byte> buffer, int start, int end, out double value)
    {
        if (end < PlainNumber.MostCharacters || (uint)end > (uint)buffer.Length || !IsShort(end - start))
        {
            value = 0;
            return false;
        }

        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(buffer), start);
        var isNegative = first == '-' ? 1 : 0;
        var length = end - start - isNegative;
        return PlainNumber.TryParse(PlainNumber.LoadInside(ref Unsafe.Add(ref first, isNegative), length), length, isNegative, out value);
    }

    /// <summary>Reads a whole number as if there were no vectors.</summary>
    internal static bool TryParseAnyInt64(ReadOnlySpan<byte> utf8, out long value)
    {
        utf8 = Trim(utf8);
        value = 0;
        var negative = false;
        if (utf8 is [(byte)'-' or (byte)'+', ..])
        {
            negative = utf8[0] == '-';
            utf8 = utf8[1..];
        }

        if (utf8.IsEmpty || utf8.Length > MostDigits)
        {
            // Longer texts may still fit, thanks to leading zeros; they are rare enough for the slow way.
            return !utf8.IsEmpty && TryParseLong(utf8, negative, out value);
        }

        var position = 0;
        var magnitude = DecimalNumber.TakeDigits(utf8, ref position);
        if (position < utf8.Length || magnitude > (negative ? 1UL << 63 : long.MaxValue))
        {
            return false;
        }

        value = negative ? (long)(0 - magnitude) : (long)magnitude;
        return true;
    }

    /// <summary>Reads a number as if there were no vectors.</summary>
    internal static bool TryParseAnyDouble(ReadOnlySpan<byte> utf8, out double value)
    {
        utf8 = Trim(utf8);
        return DecimalNumber.TryParse(utf8, out value)
            || double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            || TryParseInfinity(utf8, out value);
    }

    internal static bool TryParseWord(ReadOnlySpan<byte> trimmed, out bool value)
    {
        value = Ascii.EqualsIgnoreCase(trimmed, "true"u8);
        return value || Ascii.EqualsIgnoreCase(trimmed, "false"u8);
    }

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> utf8) =>
        utf8 is [> (byte)' ', .., > (byte)' '] or [> (byte)' '] ? utf8 : utf8.Trim(" \t"u8);

    private static bool IsShort(int length) => PlainNumber.IsSupported && (uint)(length - 1) < PlainNumber.MostCharacters;

    private static bool TryParseInfinity(ReadOnlySpan<byte> utf8, out double value)
    {
        var negative = utf8 is [(byte)'-', ..];
        var word = negative || utf8 is [(byte)'+', ..] ? utf8[1..] : utf8;
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return Ascii.EqualsIgnoreCase(word, "inf"u8);
    }

    private static bool TryParseLong(ReadOnlySpan<byte> digits, bool negative, out long value)
    {
        value = 0;
        var significant = digits.TrimStart((byte)'0');
        return digits.Length <= StackBytes
            && significant.Length <= MostDigits
            && !significant.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (significant.IsEmpty || TryParseAnyInt64(significant, out value))
            && Negate(ref value, negative);
    }

    private static bool Negate(ref long value, bool negative)
    {
        value = negative ? -value : value;
        return true;
    }
}
