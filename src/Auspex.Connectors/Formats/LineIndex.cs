using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Where the delimiters and line ends of a text without quotes stand: found in one pass over the bytes, sixty-four at a
/// time, and kept side by side, so that a column can be read without looking for its cells again.
/// </summary>
internal sealed class LineIndex(byte delimiter)
{
    private const int BlockSize = 64;

    private int[] _marks = new int[1 << 16];
    private int[] _lineEnds = new int[1 << 12];
    private int _lineCount;

    /// <summary>The positions of all delimiters and line ends, in order.</summary>
    public ReadOnlySpan<int> Marks => _marks;

    /// <summary>Which of the marks are line ends.</summary>
    public ReadOnlySpan<int> LineEnds => _lineEnds.AsSpan(0, _lineCount);

    /// <summary>Looks through a text; the end of it counts as a line end.</summary>
    /// <param name="bytes">Readable for <see cref="RecordScanner.Slack"/> bytes after the text.</param>
    /// <param name="start">Where the text begins.</param>
    /// <param name="end">Where it ends.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Build(byte[] bytes, int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end + RecordScanner.Slack, bytes.Length);
        var count = 0;
        _lineCount = 0;
        ref var first = ref MemoryMarshal.GetArrayDataReference(bytes);
        for (var position = start; position < end; position += BlockSize)
        {
            if (_marks.Length - count <= BlockSize)
            {
                Array.Resize(ref _marks, _marks.Length * 2);
            }

            if (_lineEnds.Length - _lineCount <= BlockSize)
            {
                Array.Resize(ref _lineEnds, _lineEnds.Length * 2);
            }

            Find(ref Unsafe.Add(ref first, position), out var marks, out var lines);
            if (end - position < BlockSize)
            {
                var inside = (1UL << (end - position)) - 1;
                marks &= inside;
                lines &= inside;
            }

            ref var mark = ref MemoryMarshal.GetArrayDataReference(_marks);
            for (var rest = lines; rest != 0; rest &= rest - 1)
            {
                _lineEnds[_lineCount++] = count + BitOperations.PopCount(marks & ((rest & (0 - rest)) - 1));
            }

            // Eight at a time, as many as there mostly are, whatever their number: a branch for each would be guessed wrong
            // once in a block. What is written beyond the last is overwritten by the next.
            var found = BitOperations.PopCount(marks);
            for (var written = 0; written < found; written += 8)
            {
                ref var next = ref Unsafe.Add(ref mark, count + written);
                for (var i = 0; i < 8; i++)
                {
                    Unsafe.Add(ref next, i) = position + BitOperations.TrailingZeroCount(marks);
                    marks &= marks - 1;
                }
            }

            count += found;
        }

        if (end > start && (_lineCount == 0 || _lineEnds[_lineCount - 1] != count - 1 || _marks[count - 1] != end - 1))
        {
            _lineEnds[_lineCount++] = count;
            _marks[count] = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Find(ref byte block, out ulong marks, out ulong lines)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var bytes = Vector512.LoadUnsafe(ref block);
            lines = (Vector512.Equals(bytes, Vector512.Create(Dialect.LineFeed))
                | Vector512.Equals(bytes, Vector512.Create(Dialect.CarriageReturn))).ExtractMostSignificantBits();
            marks = lines | Vector512.Equals(bytes, Vector512.Create(delimiter)).ExtractMostSignificantBits();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Find(Vector256.LoadUnsafe(ref block), out var marks0, out var lines0);
            Find(Vector256.LoadUnsafe(ref block, 32), out var marks1, out var lines1);
            marks = marks0 | ((ulong)marks1 << 32);
            lines = lines0 | ((ulong)lines1 << 32);
        }
        else
        {
            marks = lines = 0;
            for (var i = 0; i < BlockSize; i += Vector128<byte>.Count)
            {
                var bytes = Vector128.LoadUnsafe(ref block, (nuint)i);
                var ends = (Vector128.Equals(bytes, Vector128.Create(Dialect.LineFeed))
                    | Vector128.Equals(bytes, Vector128.Create(Dialect.CarriageReturn))).ExtractMostSignificantBits();
                lines |= (ulong)ends << i;
                marks |= (ulong)(ends | Vector128.Equals(bytes, Vector128.Create(delimiter)).ExtractMostSignificantBits()) << i;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Find(Vector256<byte> bytes, out uint marks, out uint lines)
    {
        lines = (Vector256.Equals(bytes, Vector256.Create(Dialect.LineFeed))
            | Vector256.Equals(bytes, Vector256.Create(Dialect.CarriageReturn))).ExtractMostSignificantBits();
        marks = lines | Vector256.Equals(bytes, Vector256.Create(delimiter)).ExtractMostSignificantBits();
    }
}
