using System.Text;

namespace Auspex.Experiments.Contracts;

/// <summary>The first bytes of a file: as many whole lines as fit, and what they say of its encoding.</summary>
internal sealed class SampleBytes
{
    // A header of so many bytes is refused by the reader too.
    private const int LongestHeader = 16 << 20;
    private const int FirstRead = 1 << 16;
    private const int Examined = 4096;

    private readonly int _mark;
    private readonly bool _isBigEndian;

    private SampleBytes(byte[] bytes, int length, bool isWhole, string? encodingName)
    {
        (_mark, Width, _isBigEndian) = FindUnits(bytes.AsSpan(0, length), encodingName);
        BytesRead = length;
        IsWhole = isWhole;
        Text = bytes.AsMemory(0, isWhole ? length : EndOfLastLine(bytes.AsSpan(0, length)));
    }

    /// <summary>The bytes, up to the end of their last line; all of them where the file ends there.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>How many bytes were read.</summary>
    public int BytesRead { get; }

    /// <summary>Whether that is the whole file.</summary>
    public bool IsWhole { get; }

    /// <summary>Bytes of a code unit: 1, or 2 and 4 for UTF-16 and UTF-32.</summary>
    public int Width { get; }

    /// <summary>Reads no more of the stream than the limit, or than its first line. The stream is left open.</summary>
    public static async Task<SampleBytes> ReadAsync(
        Stream stream, string? encodingName, int mostBytes, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(FirstRead, mostBytes)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAtLeastAsync(
                bytes.AsMemory(length), bytes.Length - length, throwOnEndOfStream: false, cancellationToken);
            length += read;
            if (length < bytes.Length)
            {
                return new SampleBytes(bytes, length, isWhole: true, encodingName);
            }

            if (length >= mostBytes)
            {
                var sample = new SampleBytes(bytes, length, isWhole: false, encodingName);
                if (!sample.Text.IsEmpty || length >= LongestHeader)
                {
                    return sample;
                }
            }

            Array.Resize(ref bytes, length >= mostBytes ? length * 2 : Math.Min(length * 4, mostBytes));
        }
    }

    /// <summary>What the file is instead of text, told by how it begins; null when it may be text.</summary>
    public string? OtherFormat() => Text.Span switch
    {
        [0x1F, 0x8B, ..] => "a gzip file",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "a Zstandard file",
        [(byte)'P', (byte)'K', 3, 4, ..] => "a zip file or a spreadsheet",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
        [(byte)'A', (byte)'R', (byte)'R', (byte)'O', (byte)'W', (byte)'1', ..] => "an Arrow file",
        _ => null,
    };

    /// <summary>Whether it is UTF-16 that no mark and no option announces: nearly every second byte is 0 then.</summary>
    public bool IsUnmarkedUtf16()
    {
        if (_mark > 0 || Width > 1)
        {
            return false;
        }

        var examined = Text.Span[..Math.Min(Examined, Text.Length & ~1)];
        Span<int> zeros = [0, 0];
        for (var i = 0; i < examined.Length; i++)
        {
            zeros[i & 1] += examined[i] == 0 ? 1 : 0;
        }

        var pairs = examined.Length / 2;
        return pairs > 0 && Math.Max(zeros[0], zeros[1]) * 5 > pairs * 2 && Math.Min(zeros[0], zeros[1]) * 20 <= pairs;
    }

    /// <summary>A line, from 0, as far as it can be decoded; empty when there is none.</summary>
    public string Line(int index)
    {
        var encoding = Width switch
        {
            1 => Encoding.UTF8,
            2 => _isBigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode,
            _ => new UTF32Encoding(_isBigEndian, false),
        };
        const int MostDecoded = 1 << 20;
        var text = encoding.GetString(Text.Span[_mark..Math.Min(Text.Length, _mark + MostDecoded)]);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (index-- == 0)
            {
                return line.ToString();
            }
        }

        return "";
    }

    private static (int Mark, int Width, bool IsBigEndian) FindUnits(ReadOnlySpan<byte> bytes, string? encodingName) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (3, 1, false),
        [0xFF, 0xFE, 0, 0, ..] => (4, 4, false),
        [0, 0, 0xFE, 0xFF, ..] => (4, 4, true),
        [0xFF, 0xFE, ..] => (2, 2, false),
        [0xFE, 0xFF, ..] => (2, 2, true),
        _ => encodingName?.ToUpperInvariant() switch
        {
            "UTF-16" or "UTF-16LE" or "UNICODE" => (0, 2, false),
            "UTF-16BE" or "UNICODEFFFE" => (0, 2, true),
            "UTF-32" or "UTF-32LE" => (0, 4, false),
            "UTF-32BE" => (0, 4, true),
            _ => (0, 1, false),
        },
    };

    // Cutting inside a character would make it an error that the file does not have.
    private int EndOfLastLine(ReadOnlySpan<byte> bytes)
    {
        if (Width == 1)
        {
            return bytes.LastIndexOfAny((byte)'\n', (byte)'\r') + 1;
        }

        for (var end = bytes.Length / Width * Width; end >= _mark + Width; end -= Width)
        {
            var unit = bytes.Slice(end - Width, Width);
            var low = _isBigEndian ? unit[^1] : unit[0];
            var rest = _isBigEndian ? unit[..^1] : unit[1..];
            if (low is (byte)'\n' or (byte)'\r' && !rest.ContainsAnyExcept((byte)0))
            {
                return end;
            }
        }

        return 0;
    }
}
