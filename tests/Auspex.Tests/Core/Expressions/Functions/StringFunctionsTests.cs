using Xunit;

namespace Auspex.Tests.Core.Expressions.Functions;

public sealed class StringFunctionsTests
{
    [Theory]
    [InlineData("@concat('v',1,'.',null,0)", "\"v1.0\"")]
    [InlineData("@concat(null)", "\"\"")]
    [InlineData("@concat(2.0,true)", "\"2True\"")]
    [InlineData("@concat('a',createArray(1,'b'),json('{\"c\":false}'),-1,'e')", "\"a[1,\\\"b\\\"]{\\\"c\\\":false}-1e\"")]
    [InlineData("@endsWith('Report.CSV','.csv')", "true")]
    [InlineData("@endsWith('abc','')", "true")]
    [InlineData("@endsWith('abc','b')", "false")]
    [InlineData("@startsWith('Report','rep')", "true")]
    [InlineData("@startsWith('ÀB','à')", "true")]
    [InlineData("@startsWith('','a')", "false")]
    [InlineData("@indexOf('Banana','NAN')", "2")]
    [InlineData("@indexOf('Banana','x')", "-1")]
    [InlineData("@indexOf('abc','')", "0")]
    [InlineData("@lastIndexOf('Banana','A')", "5")]
    [InlineData("@lastIndexOf('Banana','')", "5")]
    [InlineData("@lastIndexOf('','')", "0")]
    [InlineData("@lastIndexOf('','a')", "-1")]
    [InlineData("@replace('aXbx','x','-')", "\"aXb-\"")]
    [InlineData("@replace('aaa','a','')", "\"\"")]
    [InlineData("@replace('abc','z','y')", "\"abc\"")]
    [InlineData("@split('a--b-c','-')", "[\"a\",\"\",\"b\",\"c\"]")]
    [InlineData("@split('1<>2>3','<>')", "[\"1\",\"2>3\"]")]
    [InlineData("@split('aXbxc','x')", "[\"aXb\",\"c\"]")]
    [InlineData("@split('a,b','')", "[\"a,b\"]")]
    [InlineData("@split('','x')", "[\"\"]")]
    [InlineData("@substring('warehouse',4,5)", "\"house\"")]
    [InlineData("@substring('abc',1)", "\"bc\"")]
    [InlineData("@substring('abc',3,0)", "\"\"")]
    [InlineData("@toLower('ÀBC')", "\"àbc\"")]
    [InlineData("@toUpper('àbc i')", "\"ÀBC I\"")]
    [InlineData("@trim('  a b ')", "\"a b\"")]
    [InlineData("@trim('\u00a0\n\ta\u2003\r\n')", "\"a\"")]
    public void Call_WithText_Gives(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@substring('abc',1,5)", "'start index' and 'length' must be non-negative integers and their sum must be no larger than the length of the string")]
    [InlineData("@substring('abc',-1,1)", "parameters are out of range")]
    [InlineData("@substring('abc',0,-1)", "parameters are out of range")]
    [InlineData("@substring('abc',4)", "parameters are out of range")]
    [InlineData("@substring('abc',9223372036854775807,9223372036854775807)", "parameters are out of range")]
    [InlineData("@substring('abc','1',1)", "'substring' expects its parameter to be an integer. The provided value is of type 'String'")]
    [InlineData("@replace('abc','','x')", "must not be empty")]
    [InlineData("@toLower(5)", "The template language function 'toLower' expects its parameter to be a string. The provided value is of type 'Integer'.")]
    [InlineData("@trim(null)", "The provided value is of type 'Null'")]
    [InlineData("@split(createArray('a'),',')", "The provided value is of type 'Array'")]
    [InlineData("@indexOf('5',5)", "The provided value is of type 'Integer'")]
    [InlineData("@guid('Q')", "none of D, N, B, P and X")]
    [InlineData("@concat()", "'concat' expects at least one parameter")]
    [InlineData("@trim('a','b')", "'trim' expects one parameter: text. The function was invoked with '2' parameter(s).")]
    [InlineData("@replace('a','b')", "'replace' expects three parameters: text, old, new. The function was invoked with '2' parameter(s).")]
    public void Call_WithWrongArguments_Fails(string text, string part) => Evaluating.Fails(text, part);

    [Theory]
    [InlineData("@guid()", 36, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    [InlineData("@guid('D')", 36, "^[0-9a-f-]+$")]
    [InlineData("@guid('n')", 32, "^[0-9a-f]+$")]
    [InlineData("@guid('b')", 38, "^[{].*[}]$")]
    [InlineData("@guid('P')", 38, "^[(].*[)]$")]
    [InlineData("@guid('X')", 68, "^[{]0x.*[}]{2}$")]
    public void Guid_Format_HasItsShape(string text, int length, string pattern)
    {
        var guid = Evaluating.Json(text).Trim('"');

        Assert.Equal(length, guid.Length);
        Assert.Matches(pattern, guid);
        Assert.NotEqual(guid, Evaluating.Json(text).Trim('"'));
    }

    [Fact]
    public void Replace_ThatMultiplies_StopsBeforeMemoryDoes()
    {
        const int nested = 12;
        var text = "@" + string.Concat(Enumerable.Repeat("replace(", nested)) + "'aaaaaaaaaa'"
            + string.Concat(Enumerable.Repeat(",'a','aaaaaaaaaa')", nested));

        Evaluating.Fails(text, "are possible");
    }
}
