using System.Globalization;
using System.Numerics;
using System.Text;

namespace Auspex.Tests.Connectors.Tables;

/// <summary>Texts that are numbers, nearly numbers, or hard to round; the same ones for the same seed.</summary>
internal static class NumberTexts
{
    /// <summary>What the shape of a text rather than its digits decides.</summary>
    public static readonly string[] Shapes =
    [
        "", " ", "\t", "  \t ", "+", "-", ".", "-.", "+.", "e5", ".e5", "-e5", "E", "1e", "1e+", "1e-", "1E5", "1e5", "1e+5", "1e-05",
        "1e5.5", "1e 5", "1 e5", "5.", "-5.", ".5", "-.5", "+.5", "5.e3", ".5e3", "..", "1..2", "1.2.3", ".1.", "--1", "+-1", "-+1",
        "- 1", "1-", "1+", "0x10", "1_0", "1,000", "1,5", "1;2", "1 2", "(1)", "$1", "1%", "1f", "1d", "1.0m", "12a", "a12", "e", "NaN",
        "nan", "NAN", "-NaN", "+nan", "Infinity", "-infinity", "+INFINITY", "infinit", "inf", "-inf", "+Inf", "INF", "in", "-in", "∞", "-∞",
        " 1", "1 ", "\t1\t", " -1.5 ", "\n1", "1\n", "1\r\n", "\v1", "1\f", "\u00a01", "1\u00a0", "\u20031", "1\0", "1\0\0", "\01", "1\0 ",
        "1 \0", " NaN ", " inf ", "\ninf", "−1", "１", "0", "-0", "+0", "00", "-00.00", "0.0", "0e0", "-0e5", "0e99999", "0.0e-99999",
        "1e308", "1e309", "-1e309", "1e999", "1e-999", "1e99999999999999999999", "1e-99999999999999999999", "0e99999999999999999999",
        "1e2147483647", "1e2147483648", "1e-2147483649", "1e4294967297", "1e18446744073709551617", "1e00000000000000000000005",
        "1e-00000000000000000000005", "179769313486231570814527423731704356798070e267", "179769313486231580793728971405303415079934e267",
        "1.7976931348623158e308", "1.7976931348623159e308", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2e-324",
        "2.2250738585072011e-308", "2.2250738585072012e-308", "2.2250738585072014e-308", "9007199254740991", "9007199254740992",
        "9007199254740993", "9007199254740994", "9007199254740995", "9999999999999999", "18446744073709551615", "18446744073709551616",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "9999999999999999999",
        "00009223372036854775807", "-00009223372036854775808", "10000000000000000000", "1.00000000000000011102230246251565",
        "0.000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "00000000000000000000000000000000000000000000000000000000000000000000000000000001.5",
        "9007199254740993.00000000000000000000000000000000000000000000001", "6929495644600919.5", "3.7455744005952583e15",
        "8.988465674311580536566680e307", "1090544144181609348671888949248", "1e23", "8.5e22", "123456789.123456789e-300",
    ];

    /// <summary>Plain decimals as files hold them, with a sign and blanks now and then.</summary>
    public static string Decimal(Random random)
    {
        var whole = Digits(random, random.Next(0, 9));
        var text = random.Next(4) == 0 ? whole : $"{whole}.{Digits(random, random.Next(0, 10))}";
        return Dress(random, text);
    }

    /// <summary>1 to 40 digits, leading and trailing zeros, a point and an exponent or neither.</summary>
    public static string Long(Random random)
    {
        var digits = new string('0', Seldom(random, 25)) + Digits(random, random.Next(1, 41)) + new string('0', Seldom(random, 25));
        var text = random.Next(3) == 0 ? digits : digits.Insert(random.Next(digits.Length + 1), ".");
        return Dress(random, random.Next(2) == 0 ? text : text + Exponent(random));
    }

    /// <summary>The shortest text of any double, and texts near it.</summary>
    public static string OfDouble(Random random)
    {
        var number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return number.ToString(random.Next(4) switch { 0 => "R", 1 => "E16", 2 => "E17", _ => "E24" }, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The exact middle between two neighbouring doubles, cut after some digits or followed by one more: what decides between them
    /// may stand hundreds of digits behind the point.
    /// </summary>
    public static string Halfway(Random random)
    {
        var bits = random.Next(4) switch
        {
            0 => random.NextInt64(1L << 52),
            1 => BitConverter.DoubleToInt64Bits(random.NextInt64(1L << 53)),
            2 => BitConverter.DoubleToInt64Bits(Math.ScaleB(1 + random.NextDouble(), random.Next(-80, 80))),
            _ => random.NextInt64(0x7FEFFFFFFFFFFFFF),
        };
        var exponent = Math.Max(1, (int)(bits >> 52)) - 1075;
        var fraction = (bits & ((1L << 52) - 1)) | (bits >> 52 == 0 ? 0 : 1L << 52);
        var twice = (2 * (BigInteger)fraction) + 1;
        exponent--;
        var (digits, scale) = exponent >= 0
            ? ((twice << exponent).ToString(CultureInfo.InvariantCulture), 0)
            : ((twice * BigInteger.Pow(5, -exponent)).ToString(CultureInfo.InvariantCulture), exponent);
        var text = random.Next(4) switch
        {
            0 => $"{digits}e{scale}",
            1 => $"{digits}1e{scale - 1}",
            2 => $"{digits[0]}.{digits[1..]}e{scale + digits.Length - 1}",
            _ => Cut(digits, random.Next(15, 25), scale),
        };
        return random.Next(2) == 0 ? text : "-" + text;
    }

    /// <summary>Characters that numbers are made of, in no order, or a number with one character replaced.</summary>
    public static string Garbled(Random random)
    {
        const string Parts = "0123456789.+-eE \t,_xnaifNIF\n\0\u00e9";
        if (random.Next(2) == 0)
        {
            return new string([.. Enumerable.Range(0, random.Next(0, 24)).Select(_ => Parts[random.Next(Parts.Length)])]);
        }

        var text = new StringBuilder(random.Next(2) == 0 ? Decimal(random) : Long(random));
        if (text.Length > 0)
        {
            text[random.Next(text.Length)] = (char)(random.Next(3) == 0 ? random.Next(1, 256) : Parts[random.Next(Parts.Length)]);
        }

        return text.ToString();
    }

    /// <summary>Whole numbers around the limits of 64 bits, and shorter ones.</summary>
    public static string Whole(Random random)
    {
        BigInteger number = random.Next(3) switch
        {
            0 => random.NextInt64(long.MinValue, long.MaxValue),
            1 => new BigInteger(long.MaxValue) + random.Next(-20, 20),
            _ => random.NextInt64((long)Math.Pow(10, random.Next(1, 18))),
        };
        var text = new string('0', Seldom(random, 12)) + number.ToString(CultureInfo.InvariantCulture).TrimStart('-');
        return Dress(random, text);
    }

    /// <summary>Any of the above.</summary>
    public static string Any(Random random) => random.Next(8) switch
    {
        0 or 1 => Decimal(random),
        2 => Long(random),
        3 => OfDouble(random),
        4 => Halfway(random),
        5 => Whole(random),
        _ => Garbled(random),
    };

    private static string Digits(Random random, int count)
    {
        var all = random.Next(8);
        return string.Create(count, (random, all), static (span, from) =>
        {
            foreach (ref var digit in span)
            {
                digit = from.all switch { 0 => '9', 1 => '0', _ => (char)('0' + from.random.Next(10)) };
            }
        });
    }

    private static string Exponent(Random random)
    {
        var sign = random.Next(3) switch { 0 => "", 1 => "+", _ => "-" };
        var size = random.Next(3) switch { 0 => random.Next(20), 1 => random.Next(400), _ => random.Next(320, 360) };
        return $"{(random.Next(2) == 0 ? 'e' : 'E')}{sign}{new string('0', Seldom(random, 4))}{size}";
    }

    private static string Dress(Random random, string text)
    {
        var sign = random.Next(6) switch { 0 or 1 => "-", 2 => "+", _ => "" };
        var blanks = random.Next(30);
        return (blanks is 0 or 1 ? " " : "") + sign + text + (blanks is 1 or 2 ? "\t" : "");
    }

    private static string Cut(string digits, int keep, int scale) =>
        digits.Length <= keep ? $"{digits}e{scale}" : $"{digits[..keep]}e{scale + digits.Length - keep}";

    private static int Seldom(Random random, int most) => random.Next(4) == 0 ? random.Next(most) : 0;
}
