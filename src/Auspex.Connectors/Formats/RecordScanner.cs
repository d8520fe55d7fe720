using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Connectors.Formats;

/// <summary>What a scan came to.</summary>
internal enum ScanStatus
{
    /// <summary>A record is complete.</summary>
    Record,

    /// <summary>The buffer ends inside a record, and more may follow.</summary>
    NeedMore,

    /// <summary>Nothing is left.</summary>
    End,
}

/// <summary>What is wrong with a record.</summary>
internal enum RecordFault
{
    None,
    QuoteNotClosed,
    TextAfterQuote,
    TooLong,
}

/// <summary>Where a field lies in the buffer, without its quotes.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes, escapes included.</param>
/// <param name="IsQuoted">Whether it stood in quotes.</param>
/// <param name="IsEscaped">Whether it holds escapes.</param>
internal readonly record struct FieldRange(int Start, int Length, bool IsQuoted, bool IsEscaped);

/// <summary>
/// Finds the fields of one record after the other. Sixty-four bytes at a time are compared with the few bytes that mean
/// something; only those are then looked at one by one.
/// </summary>
internal sealed class RecordScanner(Dialect dialect)
{
    private const int BlockSize = 64;

    /// <summary>Readable bytes that the buffer must have after its end.</summary>
    public const int Slack = BlockSize;

    private readonly byte _delimiter = dialect.Delimiter[0];
    private readonly int _delimiterLength = dialect.Delimiter.Length;
    private readonly int _quote = dialect.Quote;
    private readonly int _escape = dialect.HasOwnEscape ? dialect.Escape : -1;
    private readonly byte _quoteByte = (byte)(dialect.Quote < 0 ? dialect.Delimiter[0] : dialect.Quote);
    private readonly byte _escapeByte = (byte)(dialect.Escape < 0 ? dialect.Delimiter[0] : dialect.Escape);

    private FieldRange[] _fields = new FieldRange[32];
    private int _block;
    private ulong _mask;
    private int _resume;

    public int FieldCount { get; private set; }

    public ReadOnlySpan<FieldRange> Fields => _fields.AsSpan(0, FieldCount);

    /// <summary>The end of the record, without its line end.</summary>
    public int RecordEnd { get; private set; }

    /// <summary>Where the next record begins.</summary>
    public int Next { get; private set; }

    public RecordFault Fault { get; private set; }

    /// <summary>Where the first text after a closing quote stands; -1 when there is none.</summary>
    public int TextAfterQuoteAt { get; private set; }

    /// <summary>Begins anew at a position, after the buffer has changed or a record was given up.</summary>
    public void Reset(int position)
    {
        _block = position - BlockSize;
        _mask = 0;
        _resume = position;
    }

    /// <summary>Finds the record that begins at <paramref name="start"/>: where the scanner was reset to, or <see cref="Next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ScanStatus Scan(byte[] bytes, int start, int end, bool isFinal)
    {
        FieldCount = 0;
        Fault = RecordFault.None;
        TextAfterQuoteAt = -1;
        if (start >= end)
        {
            return isFinal ? ScanStatus.End : ScanStatus.NeedMore;
        }

        var fieldStart = start;
        while (true)
        {
            // Set where a quote was closed; whatever follows it there must end the field.
            var closedAt = -1;
            if (fieldStart < end && bytes[fieldStart] == _quote && !ScanQuoted(bytes, fieldStart, end, isFinal, out closedAt))
            {
                return isFinal ? Finish(end, end, RecordFault.QuoteNotClosed) : ScanStatus.NeedMore;
            }

            var position = NextTerminator(bytes, end, isFinal, out var needsMore);
            if (needsMore)
            {
                // Told here as well: a record that is too long is given up before its end is seen.
                if (TextAfterQuoteAt < 0 && closedAt >= 0 && IsText(bytes, closedAt, end))
                {
                    TextAfterQuoteAt = closedAt;
                }

                return ScanStatus.NeedMore;
            }

            if (closedAt < 0)
            {
                AddField(new FieldRange(fieldStart, position - fieldStart, false, false));
            }
            else if (closedAt != position)
            {
                Fault = RecordFault.TextAfterQuote;
                TextAfterQuoteAt = TextAfterQuoteAt < 0 ? closedAt : TextAfterQuoteAt;
            }

            if (position == end)
            {
                return Finish(end, end, Fault);
            }

            var mark = bytes[position];
            if (mark == _delimiter)
            {
                fieldStart = position + _delimiterLength;
                _resume = fieldStart;
                if (fieldStart >= end && !isFinal)
                {
                    return ScanStatus.NeedMore;
                }

                continue;
            }

            if (mark == Dialect.LineFeed)
            {
                return Finish(position, position + 1, Fault);
            }

            if (position + 1 == end && !isFinal)
            {
                return ScanStatus.NeedMore;
            }

            var hasLineFeed = position + 1 < end && bytes[position + 1] == Dialect.LineFeed;
            return Finish(position, position + (hasLineFeed ? 2 : 1), Fault);
        }
    }

    /// <summary>Adds a quoted field; false when the buffer ends before its closing quote is certain.</summary>
    private bool ScanQuoted(byte[] bytes, int fieldStart, int end, bool isFinal, out int closedAt)
    {
        closedAt = -1;
        _resume = fieldStart + 1;
        var isEscaped = false;
        int position;
        while ((position = NextMark(bytes, end)) >= 0)
        {
            if (bytes[position] == _escape)
            {
                isEscaped = true;
                _resume = position + 2;
            }
            else if (bytes[position] == _quote)
            {
                if (position + 1 < end && bytes[position + 1] == _quote)
                {
                    isEscaped = true;
                    _resume = position + 2;
                }
                else if (position + 1 < end || isFinal)
                {
                    AddField(new FieldRange(fieldStart + 1, position - fieldStart - 1, true, isEscaped));
                    closedAt = position + 1;
                    return true;
                }
                else
                {
                    return false;
                }
            }
        }

        return false;
    }

    /// <summary>The next delimiter or line end, or the end of the last buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NextTerminator(byte[] bytes, int end, bool isFinal, out bool needsMore)
    {
        needsMore = false;
        int position;
        while ((position = NextMark(bytes, end)) >= 0)
        {
            var mark = bytes[position];
            if (mark == _delimiter)
            {
                if (_delimiterLength == 1)
                {
                    return position;
                }

                var there = bytes.AsSpan(position, Math.Min(_delimiterLength, end - position));
                if (there.SequenceEqual(dialect.Delimiter))
                {
                    return position;
                }

                if (!isFinal && dialect.Delimiter.AsSpan().StartsWith(there))
                {
                    needsMore = true;
                    return -1;
                }
            }
            else if (mark is Dialect.LineFeed or Dialect.CarriageReturn)
            {
                return position;
            }
        }

        needsMore = !isFinal;
        return end;
    }

    /// <summary>Whether what stands there is known to end no field.</summary>
    private bool IsText(byte[] bytes, int position, int end) =>
        position < end
        && bytes[position] is not (Dialect.LineFeed or Dialect.CarriageReturn)
        && !dialect.Delimiter.AsSpan().StartsWith(bytes.AsSpan(position, Math.Min(_delimiterLength, end - position)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NextMark(byte[] bytes, int end)
    {
        while (true)
        {
            while (_mask == 0)
            {
                if (_block + BlockSize >= end)
                {
                    return -1;
                }

                _block += BlockSize;
                _mask = Marks(bytes, _block, end);
            }

            var position = _block + BitOperations.TrailingZeroCount(_mask);
            _mask &= _mask - 1;
            if (position >= _resume)
            {
                return position;
            }
        }
    }

    /// <summary>A bit per byte of the block that means something.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Marks(byte[] bytes, int block, int end)
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bytes), block);
        ulong marks;
        if (Vector512.IsHardwareAccelerated)
        {
            var block0 = Vector512.LoadUnsafe(ref first);
            marks = (Vector512.Equals(block0, Vector512.Create(_delimiter))
                | Vector512.Equals(block0, Vector512.Create(_quoteByte))
                | Vector512.Equals(block0, Vector512.Create(_escapeByte))
                | Vector512.Equals(block0, Vector512.Create(Dialect.LineFeed))
                | Vector512.Equals(block0, Vector512.Create(Dialect.CarriageReturn))).ExtractMostSignificantBits();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            marks = Marks(Vector256.LoadUnsafe(ref first)) | ((ulong)Marks(Vector256.LoadUnsafe(ref first, 32)) << 32);
        }
        else
        {
            marks = Marks(Vector128.LoadUnsafe(ref first))
                | ((ulong)Marks(Vector128.LoadUnsafe(ref first, 16)) << 16)
                | ((ulong)Marks(Vector128.LoadUnsafe(ref first, 32)) << 32)
                | ((ulong)Marks(Vector128.LoadUnsafe(ref first, 48)) << 48);
        }

        return end - block >= BlockSize ? marks : marks & ((1UL << (end - block)) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Marks(Vector256<byte> block) =>
        (Vector256.Equals(block, Vector256.Create(_delimiter))
            | Vector256.Equals(block, Vector256.Create(_quoteByte))
            | Vector256.Equals(block, Vector256.Create(_escapeByte))
            | Vector256.Equals(block, Vector256.Create(Dialect.LineFeed))
            | Vector256.Equals(block, Vector256.Create(Dialect.CarriageReturn))).ExtractMostSignificantBits();

    private uint Marks(Vector128<byte> block) =>
        (Vector128.Equals(block, Vector128.Create(_delimiter))
            | Vector128.Equals(block, Vector128.Create(_quoteByte))
            | Vector128.Equals(block, Vector128.Create(_escapeByte))
            | Vector128.Equals(block, Vector128.Create(Dialect.LineFeed))
            | Vector128.Equals(block, Vector128.Create(Dialect.CarriageReturn))).ExtractMostSignificantBits();

    private ScanStatus Finish(int recordEnd, int next, RecordFault fault)
    {
        RecordEnd = recordEnd;
        Next = next;
        Fault = fault;
        _resume = next;
        return ScanStatus.Record;
    }

    private void AddField(FieldRange field)
    {
        if (FieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, FieldCount * 2);
        }

        _fields[FieldCount++] = field;
    }
}
