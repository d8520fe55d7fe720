using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

/// <summary>Holds the parsing of numbers against a plain definition of what each text means.</summary>
public sealed class NumberParsingTests
{
    private const int Texts = 100_000;

    [Fact]
    public void TryParseDouble_Shapes_MeanWhatTheyAlwaysMeant()
    {
        foreach (var text in NumberTexts.Shapes)
        {
            CheckDouble(text, "shape");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryParseDouble_GeneratedTexts_MeanWhatTheRuntimeSays(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Texts; i++)
        {
            CheckDouble(NumberTexts.Any(random), $"seed {seed}, text {i}");
        }
    }

    [Fact]
    public void TryParseInt64_Shapes_MeanWhatTheyAlwaysMeant()
    {
        foreach (var text in NumberTexts.Shapes)
        {
            CheckInt64(text, "shape");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void TryParseInt64_GeneratedTexts_MeanTheirDigits(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Texts; i++)
        {
            CheckInt64(random.Next(3) == 0 ? NumberTexts.Any(random) : NumberTexts.Whole(random), $"seed {seed}, text {i}");
        }
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(0, 41)]
    [InlineData(41, 0)]
    [InlineData(30, int.MaxValue)]
    [InlineData(20, -1)]
    public void TryParse_CellOutsideOfItsBuffer_IsRefused(int start, int length)
    {
        var buffer = new byte[40];
        Assert.Throws<ArgumentOutOfRangeException>(() => CellParser.TryParseDouble(buffer, start, length, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => CellParser.TryParseInt64(buffer, start, length, out _));
    }

    [Fact]
    public void TryParse_CellsAtTheEdgeOfReadableMemory_TouchNothingBeyond()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is protected by a call of Linux.");
        using var page = new GuardedPage();
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var utf8 = Encoding.UTF8.GetBytes(i < NumberTexts.Shapes.Length ? NumberTexts.Shapes[i] : NumberTexts.Any(random));
            if (utf8.Length > GuardedPage.Size)
            {
                continue;
            }

            foreach (var cell in new[] { page.AtStart(utf8.Length), page.AtEnd(utf8.Length) })
            {
                utf8.CopyTo(cell.Span);
                Assert.Equal(ReadDouble(utf8, out _), CellParser.TryParseDouble(cell.Span, out _));
                Assert.Equal(ReadDouble(utf8, out _), CellParser.TryParseDouble(cell.Span, 0, utf8.Length, out _));
                _ = CellParser.TryParseInt64(cell.Span, out _);
                _ = CellParser.TryParseInt64(cell.Span, 0, utf8.Length, out _);
            }
        }
    }

    [Theory]
    [InlineData(10, long.MaxValue)]
    [InlineData(11, int.MaxValue)]
    public void ParseDigits_GeneratedTexts_MeanWhatEachMeansByItself(int seed, long greatest)
    {
        Assert.SkipUnless(PlainNumber.IsSupported, "The processor has no vectors.");
        var random = new Random(seed);
        var all = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var buffer = new List<byte>(Encoding.UTF8.GetBytes("sixteen bytes before it,"));
            var ends = new List<int> { buffer.Count - 1 };
            var texts = new List<byte[]>();
            for (var row = random.Next(4); row < 9; row++)
            {
                texts.Add(Encoding.UTF8.GetBytes(random.Next(12) == 0 ? NumberTexts.Any(random) : random.NextInt64((long)Math.Pow(10, random.Next(1, 18))).ToString(CultureInfo.InvariantCulture)));
                buffer.AddRange(texts[^1]);
                ends.Add(buffer.Count);
                buffer.Add((byte)',');
            }

            var values = new long[texts.Count];
            var (bytes, ofColumn) = (buffer.ToArray(), ends.ToArray());
            var read = PlainNumber.ParseDigits(ref bytes[0], ref ofColumn[1], [.. Enumerable.Range(0, texts.Count)], greatest, ref values[0]);

            all += read;
            for (var row = 0; row < read; row++)
            {
                Assert.True(
                    CellParser.TryParseAnyInt64(texts[row], out var expected) && expected == values[row] && expected <= greatest,
                    $"seed {seed}, round {round}: '{Encoding.UTF8.GetString(texts[row])}' gave {values[row]}");
            }

            // What stops a run is no such number, or too large a one.
            Assert.True(
                read == texts.Count || texts[read].Length > 16 || !texts[read].All(digit => char.IsAsciiDigit((char)digit)) || texts[read].Length == 0
                || long.Parse(texts[read], CultureInfo.InvariantCulture) > greatest,
                $"seed {seed}, round {round}: stopped at {Encoding.UTF8.GetString(texts[Math.Min(read, texts.Count - 1)])}");
        }

        Assert.True(all > 1000, $"{all} read in runs");
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(8, 4)]
    [InlineData(9, 200)]
    public void ParseFours_GeneratedTexts_MeanWhatEachMeansByItself(int seed, int plainForOneOther)
    {
        Assert.SkipUnless(PlainNumber.IsFourSupported, "The processor has no vectors for four at once.");
        var random = new Random(seed);
        var all = 0;
        string[] plain = ["0", "-0", "5.", ".5", "-.25", "123456789012345", "-0.0000000000001", "9007199254740991", "7", "-1.5"];
        for (var round = 0; round < 20_000; round++)
        {
            var buffer = new List<byte>(Encoding.UTF8.GetBytes("sixteen bytes before it,"));
            var ends = new List<int> { buffer.Count - 1 };
            var texts = new List<byte[]>();
            for (var row = random.Next(4); row < 11; row++)
            {
                var other = random.Next(plainForOneOther + 1) == 0;
                texts.Add(Encoding.UTF8.GetBytes(other ? random.Next(2) == 0 ? NumberTexts.Any(random) : NumberTexts.Shapes[random.Next(NumberTexts.Shapes.Length)]
                    : random.Next(2) == 0 ? plain[random.Next(plain.Length)] : (random.Next(2_000_000) / 1000.0 - 1000).ToString("R", CultureInfo.InvariantCulture)));
                buffer.AddRange(texts[^1]);
                ends.Add(buffer.Count);
                buffer.Add((byte)',');
            }

            var values = new double[texts.Count];
            var bytes = buffer.ToArray();
            var ofColumn = ends.ToArray();
            var read = PlainNumber.ParseFours(ref bytes[0], ref ofColumn[1], Enumerable.Range(0, texts.Count).ToArray(), ref values[0]);

            all += read;
            Assert.True(read % 4 == 0 && read <= texts.Count, $"seed {seed}, round {round}: {read} of {texts.Count}");
            for (var row = 0; row < texts.Count; row++)
            {
                var isNumber = ReadDouble(texts[row], out var expected);
                if (row < read)
                {
                    Assert.True(
                        isNumber && BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(values[row]),
                        $"seed {seed}, round {round}: '{Encoding.UTF8.GetString(texts[row])}' gave {values[row]:R}, expected {isNumber} {expected:R}");
                }
            }
        }

        Assert.True(all > 1000, $"{all} read in fours");
    }

    [Fact]
    public void Eights_AnyDigits_AgreeWithAndWithoutMultiplyAdd()
    {
        var random = new Random(6);
        var digits = new byte[16];
        for (var i = 0; i < 100_000; i++)
        {
            foreach (ref var digit in digits.AsSpan())
            {
                digit = (byte)random.Next(10);
            }

            var text = string.Concat(digits);
            var expected = Vector64.Create(
                int.Parse(text[..8], CultureInfo.InvariantCulture), int.Parse(text[8..], CultureInfo.InvariantCulture));
            Assert.Equal(expected, PlainNumber.EightsByWords(Vector128.Create(digits)).GetLower());
            Assert.Equal(expected, PlainNumber.Eights(Vector128.Create(digits)).GetLower());
        }
    }

    private static void CheckDouble(string text, string origin)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var isNumber = ReadDouble(utf8, out var expected);
        Check("alone", CellParser.TryParseDouble(utf8, out var value));
        Check("without vectors", CellParser.TryParseAnyDouble(utf8, out value));
        foreach (var (buffer, start) in Surroundings(utf8))
        {
            Check($"from {start} of {buffer.Length}", CellParser.TryParseDouble(buffer, start, utf8.Length, out value));
        }

        void Check(string way, bool isRead)
        {
            if (isNumber != isRead || (isRead && BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(value)))
            {
                Assert.Fail($"{origin}, {way}: '{text}' gave {isRead} {value:R}, expected {isNumber} {expected:R}");
            }
        }
    }

    private static void CheckInt64(string text, string origin)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var isNumber = ReadInt64(text, out var expected);
        Check("alone", CellParser.TryParseInt64(utf8, out var value));
        Check("without vectors", CellParser.TryParseAnyInt64(utf8, out value));
        foreach (var (buffer, start) in Surroundings(utf8))
        {
            Check($"from {start} of {buffer.Length}", CellParser.TryParseInt64(buffer, start, utf8.Length, out value));
        }

        void Check(string way, bool isRead)
        {
            if (isNumber != isRead || (isRead && expected != value))
            {
                Assert.Fail($"{origin}, {way}: '{text}' gave {isRead} {value}, expected {isNumber} {expected}");
            }
        }
    }

    // The cell at the start and at the end of its buffer, and between bytes that would change it if they were read as part of it.
    private static IEnumerable<(byte[] Buffer, int Start)> Surroundings(byte[] cell)
    {
        yield return (Surround(cell, 0, 0, 0), 0);
        yield return (Surround(cell, 0, 20, (byte)'7'), 0);
        yield return (Surround(cell, 3, 0, (byte)'7'), 3);
        yield return (Surround(cell, 16, 0, (byte)'7'), 16);
        yield return (Surround(cell, 20, 16, (byte)"-.e0 \n,x"[cell.Length % 8]), 20);
    }

    private static byte[] Surround(byte[] cell, int before, int after, byte filler)
    {
        var buffer = new byte[before + cell.Length + after];
        Array.Fill(buffer, filler);
        cell.CopyTo(buffer, before);
        return buffer;
    }

    private static bool ReadDouble(ReadOnlySpan<byte> utf8, out double value)
    {
        utf8 = utf8.Trim(" \t"u8);
        if (double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        var word = Encoding.UTF8.GetString(utf8).ToUpperInvariant();
        value = word.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
        return word is "INF" or "+INF" or "-INF";
    }

    private static bool ReadInt64(string text, out long value)
    {
        value = 0;
        text = text.Trim(' ', '\t');
        var isNegative = text.StartsWith('-');
        var digits = isNegative || text.StartsWith('+') ? text[1..] : text;
        if (digits.Length is 0 or > 256 || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        // With leading zeros that make it longer than any number, the least number has never been read.
        var least = digits.Length > 19 ? -long.MaxValue : long.MinValue;
        var number = BigInteger.Parse(digits, CultureInfo.InvariantCulture) * (isNegative ? -1 : 1);
        if (number < least || number > long.MaxValue)
        {
            return false;
        }

        value = (long)number;
        return true;
    }
}
