using System.Text.Json.Nodes;
using Auspex.Expressions;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

public sealed class EvaluatorTests
{
    [Theory]
    [InlineData("@json('{\"Abc\":1}').aBC", "1")]
    [InlineData("@json('{\"abc\":1,\"ABC\":2}').ABC", "2")]
    [InlineData("@json('{\"abc\":1,\"ABC\":2}').Abc", "1")]
    [InlineData("@json('{\"k\":1}')?.z", "null")]
    [InlineData("@json('{\"k\":null}').k", "null")]
    [InlineData("@json('{\"k\":null}').k?.z", "null")]
    [InlineData("@json('{\"k\":null}').k?['z']", "null")]
    [InlineData("@json('{\"m\":{}}').m?.a?.b", "null")]
    [InlineData("@createArray(1)?[5]", "null")]
    [InlineData("@createArray(1)?[-1]", "null")]
    [InlineData("@pipeline().parameters.items[2]", "5")]
    [InlineData("@activity('Look up').output.value[sub(2,1)].id", "2")]
    [InlineData("@activity('Look up').output[concat('first','Row')].col", "\"c1\"")]
    [InlineData("@json('{\"a\":1,\"a\":2}')", "{\"a\":2}")]
    [InlineData("@json('{\"a\":1,\"A\":2}')", "{\"a\":1,\"A\":2}")]
    public void Select_PropertyOrItem_GivesIt(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@json('{\"m\":{}}').m?.a.b", "property 'b' cannot be selected. Property selection is not supported on values of type 'Null'")]
    [InlineData("@json('{\"a\":1,\"b\":2}').c", "property 'c' doesn't exist, available properties are 'a, b'")]
    [InlineData("@concat('a','b')?.len", "property 'len' cannot be selected. Property selection is not supported on values of type 'String'")]
    [InlineData("@pipeline().parameters.n?.x", "values of type 'Integer'")]
    [InlineData("@pipeline().parameters.ratio.x", "values of type 'Float'")]
    [InlineData("@pipeline().parameters.flag?['x']", "values of type 'Boolean'")]
    [InlineData("@createArray(1)?['x']", "property 'x' cannot be selected. Array elements can only be selected using an integer index")]
    [InlineData("@createArray(1).x", "Array elements can only be selected using an integer index")]
    [InlineData("@createArray(1)[0.0]", "Array elements can only be selected using an integer index")]
    [InlineData("@createArray(1)[1]", "array index '1' is outside bounds (0, 0) of array")]
    [InlineData("@createArray(1,2)[-1]", "array index '-1' is outside bounds (0, 1) of array")]
    [InlineData("@'abc'[0]", "values of type 'String'")]
    [InlineData("@json('{\"a\":1}')?[0]", "the provided key is of type 'Integer'")]
    public void Select_WhatIsNotThere_SaysWhatIs(string text, string part) => Evaluating.Fails(text, part);

    [Fact]
    public void Select_MissingProperty_QuotesTheWholeExpression() => Evaluating.Fails(
        "@concat(activity('Look up').output.firstRow.nope,'x')",
        "The expression 'concat(activity('Look up').output.firstRow.nope,'x')' cannot be evaluated because property 'nope' " +
        "doesn't exist, available properties are 'Col, Sales.Region'.");

    [Theory]
    [InlineData("a@{null}b", "ab")]
    [InlineData("@{equals(4,4)}/@{not(true)}", "True/False")]
    [InlineData("@{-12}", "-12")]
    [InlineData("@{2.50} @{8.0} @{1e18} @{0.00001}", "2.5 8 1E+18 1E-05")]
    [InlineData("@{createArray(true,null,'x',8.0,1)}", "[true,null,\"x\",8.0,1]")]
    [InlineData("@{json('{ \"a\" : [ 1 , {} ] }')}", "{\"a\":[1,{}]}")]
    [InlineData("@{binary('hey')}", "hey")]
    public void Render_Value_HasOneForm(string text, string expected) =>
        Assert.Equal(expected, ExpressionEvaluator.Evaluate(JsonValue.Create(text), Evaluating.ReadContext())!.GetValue<string>());

    [Fact]
    public void Render_JsonInText_EscapesWhatJsonDemandsAndNoMore() => Evaluating.Gives(
        "@string(createArray('é<>&''/\"\\', json('\"\\u0001\\u2028\\n\"')))",
        "\"[\\\"é<>&'/\\\\\\\"\\\\\\\\\\\",\\\"\\\\u0001\\\\u2028\\\\n\\\"]\"");

    [Fact]
    public void Evaluate_DeepValue_EvaluatesEveryStringAndNoName()
    {
        var value = JsonNode.Parse(
            """{"@add(1,2)":"@add(1,2)","list":["@{1}",{"deep":"n=@{pipeline().parameters.n}"},5,5.0,true,null],"date":"2024-03-01T00:00:00Z"}""");

        var result = ExpressionEvaluator.Evaluate(value, Evaluating.ReadContext());

        Assert.Equal(
            """{"@add(1,2)":3,"list":["1",{"deep":"n=7"},5,5.0,true,null],"date":"2024-03-01T00:00:00Z"}""",
            Evaluating.ToJson(result));
    }

    [Theory]
    [InlineData("""{"type":"Expression","value":"@add(1,2)"}""", "3")]
    [InlineData("""{"value":"@add(1,2)","type":"Expression"}""", "3")]
    [InlineData("""{"type":"Expression","content":"@add(1,2)"}""", "3")]
    [InlineData("""{"type":"Expression","value":"n=@{add(1,2)}"}""", "\"n=3\"")]
    [InlineData("""{"type":"Expression","value":"literal"}""", "\"literal\"")]
    [InlineData("""{"type":"Expression","value":true}""", "true")]
    [InlineData("""{"type":"Expression","value":{"a":"@add(1,2)"}}""", """{"a":3}""")]
    [InlineData("""{"type":"Expression","value":"@add(1,2)","more":1}""", """{"type":"Expression","value":3,"more":1}""")]
    [InlineData("""{"type":"Expression"}""", """{"type":"Expression"}""")]
    [InlineData("""{"type":"SecureString","value":"@add(1,2)"}""", """{"type":"SecureString","value":3}""")]
    [InlineData("""[{"type":"Expression","value":"@null"}]""", "[null]")]
    public void Evaluate_ExpressionObject_GivesWhatItsValueGives(string json, string expected) =>
        Assert.Equal(expected, Evaluating.ToJson(ExpressionEvaluator.Evaluate(JsonNode.Parse(json), Evaluating.ReadContext())));

    [Fact]
    public void Evaluate_Result_IsFreshAndHasNoParent()
    {
        var context = Evaluating.ReadContext();
        var before = context.Parameters!.ToJsonString();

        var first = ExpressionEvaluator.Evaluate(JsonValue.Create("@pipeline().parameters.items"), context)!;
        var second = ExpressionEvaluator.Evaluate(JsonValue.Create("@pipeline().parameters.items"), context)!;
        first.AsArray().Add(6);

        Assert.Null(first.Parent);
        Assert.Equal("[3,4,5]", second.ToJsonString());
        Assert.Equal(before, context.Parameters!.ToJsonString());
    }

    [Fact]
    public void Evaluate_NumbersThatACallerMade_KeepTheirKind()
    {
        var context = new ExpressionContext
        {
            Parameters = new JsonObject { ["i"] = 5, ["s"] = (short)5, ["f"] = 8.0, ["m"] = 8.0m, ["x"] = 1.5f, ["t"] = DateTimeOffset.UnixEpoch },
            Clock = TimeProvider.System,
        };
        string Json(string text) => Evaluating.ToJson(ExpressionEvaluator.Evaluate(JsonValue.Create(text), context));

        Assert.Equal("[5,5,8.0,8.0,1.5]", Json("@createArray(pipeline().parameters.i,pipeline().parameters.s,pipeline().parameters.f,pipeline().parameters.m,pipeline().parameters.x)"));
        Assert.Equal("8.0", Json("@pipeline().parameters.f"));
        Assert.Contains("\"f\":8.0", Json("@pipeline().parameters"), StringComparison.Ordinal);
        Assert.Equal("\"1970\"", Json("@take(pipeline().parameters.t,4)"));
    }

    [Fact]
    public void Evaluate_IntegerBeyond64Bits_KeepsItsDigits()
    {
        Evaluating.Gives("@json('{\"id\":12345678901234567890}').id", "12345678901234567890");
        Evaluating.Gives("@{json('12345678901234567890')}", "\"12345678901234567890\"");
    }

    [Fact]
    public void Evaluate_HalfASurrogatePair_IsCarriedNotRefused()
    {
        var result = ExpressionEvaluator.Evaluate(JsonNode.Parse("""{"a":"x\ud800y","b":"@concat('\ud800')"}"""), Evaluating.ReadContext())!;

        Assert.Equal("x\ud800y", result["a"]!.GetValue<string>());
        Assert.Equal("\ud800", result["b"]!.GetValue<string>());
    }

    [Fact]
    public void Evaluate_FailureInsideAValue_SaysWhere()
    {
        var value = JsonNode.Parse("""{"url":"x","headers":{"My-Key":["a","@div(1,0)"]}}""");

        var exception = Assert.Throws<ExpressionException>(() => ExpressionEvaluator.Evaluate(value, Evaluating.ReadContext()));

        Assert.Equal("$.headers['My-Key'][1]", exception.JsonPath);
        Assert.Equal("AUX1502", exception.Code.Value);
    }

    [Theory]
    [InlineData("\"n=@{add(1,2)}\"", "n=3")]
    [InlineData("\"@equals(1,1)\"", "True")]
    [InlineData("null", "")]
    [InlineData("5.0", "5")]
    [InlineData("[\"@add(1,2)\"]", "[3]")]
    public void EvaluateToText_AnyValue_Renders(string json, string expected) =>
        Assert.Equal(expected, ExpressionEvaluator.EvaluateToText(JsonNode.Parse(json), Evaluating.ReadContext()));

    [Fact]
    public void Evaluate_OnASmallStack_FailsClearly()
    {
        Exception? caught = null;
        var thread = new Thread(
            () => caught = Record.Exception(() => Evaluating.Json("@" + string.Concat(Enumerable.Repeat("not(", 999)) + "true" + new string(')', 999))),
            160 * 1024);
        thread.Start();
        thread.Join();

        Assert.IsType<ExpressionException>(caught);
        Assert.Contains("nested too deeply", caught.Message, StringComparison.Ordinal);
    }
}
