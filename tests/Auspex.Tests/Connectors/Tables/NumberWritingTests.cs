using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

/// <summary>Holds the writing of numbers against the runtime's own, byte for byte.</summary>
public sealed class NumberWritingTests
{
    private const int Numbers = 150_000;

    // Of all doubles, .NET 10 writes these two so that they read back as their neighbours (corrected by dotnet/runtime #131131).
    private static readonly Dictionary<double, string> Misspelt = new()
    {
        [Math.ScaleB(1, -25)] = "2.9802322387695312E-08",
        [Math.ScaleB(1, -958)] = "4.1045368012983762E-289",
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Write_GeneratedDoubles_IsTheTextOfTheRuntime(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Numbers; i++)
        {
            Check(Any(random), $"seed {seed}, number {i}");
        }
    }

    [Fact]
    public void Write_PowersAndTheirNeighbours_IsTheTextOfTheRuntime()
    {
        for (var power = -1074; power <= 1023; power++)
        {
            CheckAround(Math.ScaleB(1, power), $"2^{power}");
        }

        for (var power = -323; power <= 308; power++)
        {
            for (var digit = 1; digit <= 9; digit++)
            {
                var text = $"{digit}E{power}";
                CheckAround(double.Parse(text, CultureInfo.InvariantCulture), text);
            }
        }
    }

    [Fact]
    public void Write_SmallestAndLargest_IsTheTextOfTheRuntime()
    {
        foreach (var number in new[]
        {
            0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF0000000000001), double.PositiveInfinity, double.NegativeInfinity,
            double.MaxValue, double.MinValue, 2.2250738585072014E-308, 2.225073858507201E-308, 1e14, 1e15, 1e16, 1e17, 1e18, 1e23, 8.5e22,
            999999999999999, 999999999999999.5, 9999999999999998, 99999999999999984, 123456789012345.6, 0.0001, 0.00009999999999999999,
            0.99999999999999989, 9.9999999999999947, 1.0000000000000002, 0.1 + 0.2, 1234567890123456.5, 4503599627370496.5, 1.5, 0.5,
        })
        {
            CheckAround(number, number.ToString("E16", CultureInfo.InvariantCulture));
        }

        for (long bits = 1; bits <= 3000; bits++)
        {
            Check(BitConverter.Int64BitsToDouble(bits), $"subnormal {bits}");
        }

        for (var whole = -3000; whole <= 3000; whole++)
        {
            Check(whole, "whole");
            Check(whole / 100.0, "cents");
        }
    }

    [Fact]
    public void Write_AnyDouble_ReadsBackTheSameBits()
    {
        var random = new Random(3);
        Span<byte> utf8 = stackalloc byte[ColumnText.ScratchSize];
        for (var i = 0; i < Numbers; i++)
        {
            var number = Any(random);
            Assert.True(CellParser.TryParseDouble(utf8[..ColumnText.Write(number, CellFormat.File, utf8)], out var again));
            Assert.True(
                BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits(again)
                || (double.IsNaN(number) && double.IsNaN(again)),
                $"seed 3, number {i}: {number:E16}");
        }
    }

    [Theory]
    [InlineData(-1.7976931348623157E+308, "-1.7976931348623157E+308")]
    [InlineData(-0.00012345678901234567, "-0.00012345678901234567")]
    [InlineData(42, "42")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Write_LittleRoom_WritesAllOrNothing(double number, string text)
    {
        for (var room = 0; room < 50; room++)
        {
            var utf8 = new byte[room];
            var expected = room < text.Length ? "" : text;
            Assert.Equal(expected, Encoding.UTF8.GetString(utf8, 0, ColumnText.Write(number, CellFormat.File, utf8)));
        }
    }

    [Fact]
    public void Write_Int64_IsTheTextOfTheRuntime()
    {
        var random = new Random(4);
        Span<byte> utf8 = stackalloc byte[ColumnText.ScratchSize];
        for (var i = 0; i < Numbers; i++)
        {
            var number = i == 0 ? long.MinValue : random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            Assert.Equal(
                number.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(utf8[..ColumnText.Write(number, utf8)]));
        }
    }

    private static void CheckAround(double number, string origin)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        for (var step = -2; step <= 2; step++)
        {
            Check(BitConverter.Int64BitsToDouble(bits + step), $"{origin} {step:+0;-0;+0} ulp");
            Check(-BitConverter.Int64BitsToDouble(bits + step), $"-{origin} {step:+0;-0;+0} ulp");
        }
    }

    private static void Check(double number, string origin)
    {
        Span<byte> utf8 = stackalloc byte[ColumnText.ScratchSize];
        Span<byte> expected = stackalloc byte[ColumnText.ScratchSize];
        foreach (var format in new[] { CellFormat.File, CellFormat.Wire })
        {
            number.TryFormat(expected, out var length, format == CellFormat.File ? "R" : "G15", CultureInfo.InvariantCulture);
            if (format == CellFormat.File && Misspelt.TryGetValue(Math.Abs(number), out var right))
            {
                length = Encoding.UTF8.GetBytes(double.IsNegative(number) ? "-" + right : right, expected);
            }

            var written = ColumnText.Write(number, format, utf8);
            if (!utf8[..written].SequenceEqual(expected[..length]))
            {
                Assert.Fail(
                    $"{origin}, {format}: '{Encoding.UTF8.GetString(utf8[..written])}', expected '{Encoding.UTF8.GetString(expected[..length])}'");
            }
        }
    }

    private static double Any(Random random) => random.Next(8) switch
    {
        0 or 1 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => random.NextDouble(),
        3 => (float)random.NextDouble(),
        4 => Math.Round((random.NextDouble() - 0.5) * 2000, random.Next(0, 10)),
        5 => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
        6 => BitConverter.Int64BitsToDouble(random.NextInt64(1L << 52) >> random.Next(52)),
        _ => Math.ScaleB(random.NextInt64(1L << 53), random.Next(-60, 10)),
    };
}
