using Xunit;

namespace Auspex.Tests.Core.Expressions.Functions;

public sealed class LogicalFunctionsTests
{
    [Theory]
    [InlineData("@and(true,not(false))", "true")]
    [InlineData("@and(true,false)", "false")]
    [InlineData("@and(true)", "true")]
    [InlineData("@and(true,true,false)", "false")]
    [InlineData("@or(false,true)", "true")]
    [InlineData("@or(false,false)", "false")]
    [InlineData("@or(false,false,true)", "true")]
    [InlineData("@not(equals(2,3))", "true")]
    [InlineData("@if(empty(''),'e','f')", "\"e\"")]
    [InlineData("@if(false,'e',json('{\"a\":1}'))", "{\"a\":1}")]
    public void Call_WithConditions_Gives(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@and(false,div(1,0))", "false")]
    [InlineData("@and(false,5)", "false")]
    [InlineData("@or(true,div(1,0))", "true")]
    [InlineData("@if(equals(1,1),'ok',div(1,0))", "\"ok\"")]
    [InlineData("@if(equals(1,2),div(1,0),'ok')", "\"ok\"")]
    [InlineData("@coalesce(null,'x',div(1,0))", "\"x\"")]
    [InlineData("@if(true,'ok',noSuchFunction())", "\"ok\"")]
    public void Call_OfALazyFunction_SkipsWhatItDoesNotNeed(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@and(true,5)", "expects all of its parameters to be booleans. The provided value is of type 'Integer'")]
    [InlineData("@or(null,true)", "expects all of its parameters to be booleans. The provided value is of type 'Null'")]
    [InlineData("@or(false,'true')", "of type 'String'")]
    [InlineData("@not('true')", "'not' expects its parameter to be a boolean. The provided value is of type 'String'")]
    [InlineData("@if('true',1,2)", "'if' expects its parameter to be a boolean. The provided value is of type 'String'")]
    [InlineData("@if(1,1,2)", "of type 'Integer'")]
    [InlineData("@if(null,1,2)", "of type 'Null'")]
    [InlineData("@if(true,1)", "'if' expects three parameters: condition, whenTrue, whenFalse. The function was invoked with '2' parameter(s).")]
    [InlineData("@and()", "at least one parameter")]
    [InlineData("@createArray(div(1,0))", "by zero")]
    [InlineData("@concat('a',div(1,0))", "by zero")]
    [InlineData("@equals(1,div(1,0))", "by zero")]
    [InlineData("@if(true,'ok',add(1,))", "expected an argument")]
    public void Call_WithWrongArguments_Fails(string text, string part) => Evaluating.Fails(text, part);

    [Theory]
    [InlineData("@equals(4,4)", "true")]
    [InlineData("@equals('4',4)", "false")]
    [InlineData("@equals(1,1.0)", "true")]
    [InlineData("@equals(true,1)", "true")]
    [InlineData("@equals(0,false)", "true")]
    [InlineData("@equals(true,2)", "false")]
    [InlineData("@equals(true,'true')", "false")]
    [InlineData("@equals(string(true),'true')", "false")]
    [InlineData("@equals(createArray(true),createArray(1))", "false")]
    [InlineData("@equals('A','a')", "false")]
    [InlineData("@equals(null,null)", "true")]
    [InlineData("@equals(null,'')", "false")]
    [InlineData("@equals(null,0)", "false")]
    [InlineData("@equals(json('{\"a\":1,\"b\":[2]}'),json('{\"b\":[2],\"a\":1}'))", "true")]
    [InlineData("@equals(json('{\"a\":1}'),json('{\"A\":1}'))", "false")]
    [InlineData("@equals(createArray(1,2),createArray(2,1))", "false")]
    [InlineData("@equals(createArray(1,2),createArray(1))", "false")]
    [InlineData("@equals(9007199254740993,9007199254740992)", "false")]
    [InlineData("@equals(1,1,1)", "true")]
    [InlineData("@equals(1,1,2)", "false")]
    public void Equals_Values_ComparesDeeply(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@less(2,2.5)", "true")]
    [InlineData("@less(2,2)", "false")]
    [InlineData("@lessOrEquals(2,2.0)", "true")]
    [InlineData("@greater('b','a')", "true")]
    [InlineData("@greater(9007199254740993,9007199254740992)", "true")]
    [InlineData("@greaterOrEquals('A','a')", "true")]
    [InlineData("@less('a','B')", "true")]
    [InlineData("@less('B','a')", "false")]
    public void Compare_TwoOfAKind_Orders(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@greater('2',1)", "expects two parameter of matching types. The function was invoked with values of type 'String' and 'Integer' that do not match.")]
    [InlineData("@less(1,'2')", "values of type 'Integer' and 'String' that do not match.")]
    [InlineData("@less(true,false)", "either integer or decimal numbers")]
    [InlineData("@less(null,1)", "either integer or decimal numbers")]
    [InlineData("@greaterOrEquals(createArray(1),createArray(1))", "either integer or decimal numbers")]
    public void Compare_OtherValues_Fails(string text, string part) => Evaluating.Fails(text, part);
}
