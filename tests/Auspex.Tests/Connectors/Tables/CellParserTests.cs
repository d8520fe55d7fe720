using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

public sealed class CellParserTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData(" +42\t", 42)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("00000000000000000000012", 12)]
    [InlineData("-0000000000000000000000", 0)]
    public void TryParseInt64_WholeNumber_GivesIt(string text, long expected)
    {
        Assert.True(CellParser.TryParse(text, CellParser.TryParseInt64, out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1.0")]
    [InlineData("1 2")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("100000000000000000000000")]
    [InlineData("000000000000000000000-5")]
    [InlineData("0x10")]
    public void TryParseInt64_AnythingElse_IsRefused(string text) =>
        Assert.False(CellParser.TryParse(text, CellParser.TryParseInt64, out long _));

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-.5", -0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890.0)]
    [InlineData("0.1", 0.1)]
    [InlineData("9007199254740993", 9007199254740993.0)]
    [InlineData("NaN", double.NaN)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    public void TryParseDouble_Number_GivesIt(string text, double expected)
    {
        Assert.True(CellParser.TryParse(text, CellParser.TryParseDouble, out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1,000")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("12a")]
    public void TryParseDouble_AnythingElse_IsRefused(string text) =>
        Assert.False(CellParser.TryParse(text, CellParser.TryParseDouble, out double _));

    [Fact]
    public void TryParseDouble_AnyDouble_ReadsBackTheSameBits() =>
        Gen.Double.Sample(number =>
        {
            Assert.True(CellParser.TryParse(number.ToString("R", CultureInfo.InvariantCulture), CellParser.TryParseDouble, out double value));
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(value));
        });

    [Fact]
    public void TryParseDouble_ShortDecimals_AgreeWithTheRuntime() =>
        Gen.Select(Gen.Int[-2_000_000_000, 2_000_000_000], Gen.Int[0, 9]).Sample((digits, decimals) =>
        {
            var text = (digits / (decimal)Math.Pow(10, decimals)).ToString(CultureInfo.InvariantCulture);
            Assert.True(CellParser.TryParse(text, CellParser.TryParseDouble, out double value));
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), value);
        });

    [Theory]
    [InlineData("2010-05-30", "2010-05-30T00:00:00")]
    [InlineData("2010/5/3", "2010-05-03T00:00:00")]
    [InlineData("5/30/2010 6:09:00 PM", "2010-05-30T18:09:00")]
    [InlineData("12/31/1999 12:00:00 am", "1999-12-31T00:00:00")]
    [InlineData("2010-05-30T18:09:00.1234567", "2010-05-30T18:09:00.1234567")]
    [InlineData("2010-05-30 18:09", "2010-05-30T18:09:00")]
    [InlineData("2010-05-30T18:09:00Z", "2010-05-30T18:09:00")]
    [InlineData("2010-05-30T18:09:00+02:00", "2010-05-30T16:09:00")]
    [InlineData("2010-05-30T18:09:00.123456789-0130", "2010-05-30T19:39:00.1234567")]
    public void TryParseDateTime_KnownForms_GiveTheInstant(string text, string expected)
    {
        Assert.True(CellParser.TryParse(text, CellParser.TryParseDateTime, out long ticks));
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture).Ticks, ticks);
    }

    [Theory]
    [InlineData("2010-02-30")]
    [InlineData("30/5/2010")]
    [InlineData("2010-05")]
    [InlineData("12:30")]
    [InlineData("2010-05-30T24:00:00")]
    [InlineData("2010-05-30T18:09:00 EST")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("5/30/2010 13:00 PM")]
    [InlineData("2010-05/30")]
    public void TryParseDateTime_AnythingElse_IsRefused(string text) =>
        Assert.False(CellParser.TryParse(text, CellParser.TryParseDateTime, out long _));

    [Fact]
    public void TryParseDateTime_IsoText_MeansTheSameAsInALongerForm()
    {
        // A fraction of zero takes the way of all other forms.
        var random = new Random(7);
        var accepted = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var time = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)).ToString(
                random.Next(3) == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
            var utf8 = Encoding.ASCII.GetBytes(time);
            for (var changes = random.Next(3); changes > 0; changes--)
            {
                utf8[random.Next(utf8.Length)] = (byte)"0123456789-:T /"[random.Next(15)];
            }

            var isTime = CellParser.TryParseDateTime([.. utf8, .. ".0"u8], out var expected);
            accepted += isTime ? 1 : 0;
            Assert.True(isTime == CellParser.TryParseDateTime(utf8, out var ticks), $"seed 7, text {i}: {Encoding.ASCII.GetString(utf8)}");
            Assert.True(!isTime || ticks == expected, $"seed 7, text {i}: {Encoding.ASCII.GetString(utf8)}");
            if (!char.IsAsciiDigit((char)utf8[9]))
            {
                continue;
            }

            isTime = CellParser.TryParseDateTime([.. utf8[..10], .. "T00:00"u8], out expected);
            Assert.True(isTime == CellParser.TryParseDateTime(utf8.AsSpan(0, 10), out ticks), $"seed 7, text {i}: date");
            Assert.True(!isTime || ticks == expected, $"seed 7, text {i}: date");
        }

        Assert.InRange(accepted, 30_000, 90_000);
    }

    [Theory]
    [InlineData("01:02:03", "01:02:03")]
    [InlineData("-1.02:03:04.5", "-1.02:03:04.5000000")]
    [InlineData("26:00:00", "1.02:00:00")]
    [InlineData("9:05", "09:05:00")]
    public void TryParseTimeSpan_KnownForms_GiveTheDuration(string text, string expected)
    {
        Assert.True(CellParser.TryParse(text, CellParser.TryParseTimeSpan, out long ticks));
        Assert.Equal(TimeSpan.Parse(expected, CultureInfo.InvariantCulture).Ticks, ticks);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("1:2")]
    [InlineData("01:60:00")]
    [InlineData("x.01:00:00")]
    [InlineData("99999999.00:00:00")]
    public void TryParseTimeSpan_AnythingElse_IsRefused(string text) =>
        Assert.False(CellParser.TryParse(text, CellParser.TryParseTimeSpan, out long _));

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("false", false)]
    [InlineData("1", true)]
    [InlineData(" 0 ", false)]
    public void TryParseBoolean_KnownWords_GiveTheValue(string text, bool expected)
    {
        Assert.True(CellParser.TryParse(text, CellParser.TryParseBoolean, out bool value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Parsers_OnAnyBytes_DoNotThrow() =>
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            _ = CellParser.TryParseInt64(bytes, out _);
            _ = CellParser.TryParseDouble(bytes, out _);
            _ = CellParser.TryParseBoolean(bytes, out _);
            _ = CellParser.TryParseDateTime(bytes, out _);
            _ = CellParser.TryParseTimeSpan(bytes, out _);
        });

    [Fact]
    public void Times_OnTimeLikeText_DoNotThrowAndReadBack()
    {
        var characters = Gen.Char["0123456789-/:. TZ+"];
        characters.Array[0, 24].Sample(text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
            if (CellParser.TryParseDateTime(utf8, out var ticks))
            {
                var written = ColumnText.WriteDateTime(ticks, CellFormat.File, scratch);
                Assert.True(CellParser.TryParseDateTime(scratch[..written], out var again));
                Assert.Equal(ticks, again);
            }

            if (CellParser.TryParseTimeSpan(utf8, out ticks))
            {
                var written = ColumnText.WriteTimeSpan(ticks, scratch);
                Assert.True(CellParser.TryParseTimeSpan(scratch[..written], out var again));
                Assert.Equal(ticks, again);
            }
        });
    }
}
