using System.Globalization;
using System.Numerics;
using System.Text;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

/// <summary>Holds the parsing of numbers against a plain definition of what each text means.</summary>
public sealed class NumberParsingTests
{
    private const int Texts = 200_000;

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

    private static void CheckDouble(string text, string origin)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var isNumber = ReadDouble(utf8, out var expected);
        Assert.True(isNumber == CellParser.TryParseDouble(utf8, out var value), $"{origin}: '{text}' is a number: {isNumber}");
        Assert.True(
            !isNumber || BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value),
            $"{origin}: '{text}' gave {value:R}, expected {expected:R}");
    }

    private static void CheckInt64(string text, string origin)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var isNumber = ReadInt64(text, out var expected);
        Assert.True(isNumber == CellParser.TryParseInt64(utf8, out var value), $"{origin}: '{text}' is a whole number: {isNumber}");
        Assert.True(!isNumber || expected == value, $"{origin}: '{text}' gave {value}, expected {expected}");
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
