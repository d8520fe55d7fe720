using System.Globalization;
using Xunit;

namespace Auspex.Tests.Core.Expressions.Functions;

public sealed class MathFunctionsTests
{
    [Theory]
    [InlineData("@add(2,3)", "5")]
    [InlineData("@add(2,3.0)", "5.0")]
    [InlineData("@add(0.1,0.2)", "0.30000000000000004")]
    [InlineData("@add(9223372036854775806,1)", "9223372036854775807")]
    [InlineData("@sub(2,5)", "-3")]
    [InlineData("@mul(3,1.5)", "4.5")]
    [InlineData("@mul(-3,4)", "-12")]
    [InlineData("@div(-7,2)", "-3")]
    [InlineData("@div(11,5)", "2")]
    [InlineData("@div(7,2.0)", "3.5")]
    [InlineData("@div(8.0,2)", "4.0")]
    [InlineData("@mod(-7,3)", "-1")]
    [InlineData("@mod(7,-3)", "1")]
    [InlineData("@mod(7.5,2)", "1.5")]
    [InlineData("@mod(-9223372036854775808,-1)", "0")]
    [InlineData("@max(createArray(4,11,2))", "11")]
    [InlineData("@max(1,2.0)", "2.0")]
    [InlineData("@max(5)", "5")]
    [InlineData("@min(3,-1,2)", "-1")]
    [InlineData("@min(createArray(2.5,3))", "2.5")]
    [InlineData("@rand(6,7)", "6")]
    [InlineData("@range(5,3)", "[5,6,7]")]
    [InlineData("@range(-1,3)", "[-1,0,1]")]
    [InlineData("@range(5,0)", "[]")]
    [InlineData("@length(range(0,100000))", "100000")]
    [InlineData("@range(2147483646,1)", "[2147483646]")]
    public void Call_WithNumbers_Gives(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@add('4',5)", "'add' expects its parameter to be an integer or a decimal number. The provided value is of type 'String'")]
    [InlineData("@mul(2,null)", "of type 'Null'")]
    [InlineData("@sub(true,1)", "of type 'Boolean'")]
    [InlineData("@add(9223372036854775807,1)", "outside the range")]
    [InlineData("@sub(-9223372036854775808,1)", "outside the range")]
    [InlineData("@mul(9223372036854775807,2)", "outside the range")]
    [InlineData("@mul(1e308,10)", "outside the range")]
    [InlineData("@div(-9223372036854775808,-1)", "outside the range")]
    [InlineData("@div(1,0)", "Attempt to divide an integral or decimal value by zero in function 'div'")]
    [InlineData("@div(1,0.0)", "Attempt to divide an integral or decimal value by zero in function 'div'")]
    [InlineData("@mod(1,0)", "Attempt to divide an integral or decimal value by zero in function 'mod'")]
    [InlineData("@max(json('[]'))", "at least one number")]
    [InlineData("@max('a')", "of type 'String'")]
    [InlineData("@min(createArray(1,'a'))", "an array of integers or decimal numbers")]
    [InlineData("@min(1,createArray(2))", "of type 'Array'")]
    [InlineData("@rand(7,6)", "out of range")]
    [InlineData("@rand(1.0,6)", "of type 'Float'")]
    [InlineData("@range(1,-1)", "out of range")]
    [InlineData("@range(0,100001)", "out of range")]
    [InlineData("@range(2147483647,1)", "out of range")]
    [InlineData("@range(9223372036854775807,1)", "out of range")]
    [InlineData("@add(1)", "'add' expects two parameters: number, number. The function was invoked with '1' parameter(s).")]
    public void Call_WithWrongArguments_Fails(string text, string part) => Evaluating.Fails(text, part);

    [Fact]
    public void Rand_ManyTimes_StaysBelowItsUpperBound()
    {
        var seen = Enumerable.Range(0, 500).Select(_ => int.Parse(Evaluating.Json("@rand(1,4)"), CultureInfo.InvariantCulture)).ToHashSet();

        Assert.Equal([1, 2, 3], seen.Order());
    }
}
