using System.Numerics;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

public sealed class PowersOfFiveTests
{
    [Fact]
    public void Table_EveryPower_IsItsLeadingBits()
    {
        for (var power = PowersOfFive.Least; power <= PowersOfFive.Greatest; power++)
        {
            var (roundedDown, isExact) = Leading(power);
            var roundedUp = isExact ? roundedDown : roundedDown + 1;
            Assert.Equal(roundedUp, Join(PowersOfFive.RoundedUp(power)));
            Assert.Equal(power < 0 ? roundedUp : roundedDown, Join(PowersOfFive.Truncated(power)));
        }
    }

    private static (BigInteger Bits, bool IsExact) Leading(int power)
    {
        var (dividend, divisor) = power < 0
            ? (BigInteger.One << 2000, BigInteger.Pow(5, -power))
            : (BigInteger.Pow(5, power) << 2000, BigInteger.One);
        var quotient = BigInteger.DivRem(dividend, divisor, out var rest);
        var surplus = (int)quotient.GetBitLength() - 128;
        var leading = quotient >> surplus;
        return (leading, rest.IsZero && leading << surplus == quotient);
    }

    private static BigInteger Join((ulong High, ulong Low) halves) => ((BigInteger)halves.High << 64) + halves.Low;
}
