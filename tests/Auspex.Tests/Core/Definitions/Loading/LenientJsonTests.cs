using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Loading;

public sealed class LenientJsonTests
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    [Theory]
    [InlineData("""{"a":1.0,"b":1.10,"c":-0,"d":1e5,"e":123456789012345678901234567890,"f":0.1E-2}""")]
    [InlineData("""{"z":null,"a":[true,false,null,{}],"Z":{"y":[],"x":""}}""")]
    [InlineData("""["a",1]""")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    public void Parse_OfStrictJson_WritesTheSameTextAgain(string json)
    {
        Assert.Equal(json, Parse(json).Root!.ToJsonString());
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void Parse_OfEscapes_GivesTheirCharacters()
    {
        Assert.Equal("\"\\/\b\f\n\r\té\u00e9😀", Parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\té\\u00e9\\ud83d\\ude00\"").Root!.GetValue<string>());
        Assert.Empty(_diagnostics);
    }

    [Theory]
    [InlineData("// c\n{/* d */\"a\":1}", """{"a":1}""", "AUX1005", 1)]
    [InlineData("{\"a\":[1,2,],}", """{"a":[1,2]}""", "AUX1005", 1)]
    [InlineData("{\"a\":1,\n\"a\":2}", """{"a":2}""", "AUX1006", 2)]
    [InlineData("{\"a\":\n\"x\ty\"}", """{"a":"x\ty"}""", "AUX1007", 2)]
    [InlineData("{\"a\":1\n\"b\":2}", """{"a":1,"b":2}""", "AUX1003", 2)]
    [InlineData("[1\n2]", "[1,2]", "AUX1003", 2)]
    [InlineData("{\"a\":{\"b\":1,\n\"c\":[2", """{"a":{"b":1,"c":[2]}}""", "AUX1004", 2)]
    [InlineData("{\"a\":", "{}", "AUX1004", 1)]
    [InlineData("{\"a\":\"unclosed", """{"a":"unclosed"}""", "AUX1004", 1)]
    [InlineData("{\"a\":\"forgotten,\n\"b\":2}", """{"a":"forgotten","b":2}""", "AUX1004", 1)]
    [InlineData("{\"a\":'x'}", """{"a":"x"}""", "AUX1005", 1)]
    [InlineData("{a:1}", """{"a":1}""", "AUX1005", 1)]
    [InlineData("{\"a\":1}\n}", """{"a":1}""", "AUX1002", 2)]
    [InlineData("{\"a\":01}", """{"a":"01"}""", "AUX1002", 1)]
    [InlineData("{\"a\":True}", """{"a":true}""", "AUX1005", 1)]
    [InlineData("{\"a\" 1}", "{}", "AUX1002", 1)]
    [InlineData("{\"a\":\"\\ud800\"}", "{\"a\":\"\\uFFFD\"}", "AUX1002", 1)]
    [InlineData("{\"a\":1},\n{\"b\":2}", """[{"a":1},{"b":2}]""", "AUX1005", 1)]
    public void Parse_OfBrokenJson_ReadsWhatIsThereAndReportsTheLine(string json, string expected, string code, int line)
    {
        var read = Parse(json);

        Assert.Equal(expected, read.Root!.ToJsonString());
        Assert.Contains(_diagnostics, diagnostic => diagnostic.Code.Value == code && diagnostic.Line == line);
    }

    [Fact]
    public void Parse_OfMembersWithoutBraces_IsAFragment()
    {
        var read = Parse("\"typeProperties\": {\n \"a\": 1\n}");

        Assert.True(read.IsFragment);
        Assert.Equal("""{"typeProperties":{"a":1}}""", read.Root!.ToJsonString());
        Assert.Equal(2, read.Lines.Find("$.typeProperties.a"));
        Assert.Empty(_diagnostics);
    }

    [Theory]
    [InlineData("$", 1)]
    [InlineData("$.a", 2)]
    [InlineData("$.a[1]", 4)]
    [InlineData("$.a[1]['odd .name']", 5)]
    [InlineData("$.a[1].missing", 4)]
    [InlineData("$.nothing", 7)]
    [InlineData("$.a[9].x", 2)]
    public void Find_OfAPath_GivesItsLineOrThatOfWhatIsAroundIt(string path, int line)
    {
        var read = Parse("{\n\"a\": [\n1,\n{\n\"odd .name\": 2\n}],\n\"nothing\": null}");

        Assert.Equal(line, read.Lines.Find(path));
    }

    [Fact]
    public void Parse_OfByteOrderMarks_ReadsTheEncodingTheyName()
    {
        const string Json = """{"é":1}""";
        foreach (var encoding in new[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(Json)];

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Json), LenientJson.Parse(bytes, null, _diagnostics).Root));
        }

        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void Parse_OfBytesThatAreNoUtf8_ReportsThem()
    {
        LenientJson.Parse([.. "{\n\"a\":\""u8, 0xE9, .. "\"}"u8], "f.json", _diagnostics);

        var diagnostic = Assert.Single(_diagnostics);
        Assert.Equal(ErrorCode.InvalidUtf8, diagnostic.Code);
        Assert.Equal(2, diagnostic.Line);
    }

    [Fact]
    public void Parse_OfJsonNestedWithoutEnd_StopsWithAnError()
    {
        var read = Parse(new string('[', 100_000));

        Assert.NotNull(read.Root);
        Assert.Equal(ErrorCode.NestedTooDeep, Assert.Single(_diagnostics).Code);
    }

    [Fact]
    public void Parse_OfAFileThatIsNoJson_ReportsAFewErrorsOnly()
    {
        Parse("{" + string.Concat(Enumerable.Repeat("; x = y\n", 10_000)));

        Assert.InRange(_diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), 1, 20);
    }

    [Fact]
    public void Parse_CutAtEveryByte_NeverThrowsAndAlwaysReports()
    {
        const string Json = """{"name": "P", "properties": {"a": [1, true, null, "x\u00e9\n"], "b": {"c": -1.5e3}}}""";
        for (var length = 1; length < Json.Length; length++)
        {
            _diagnostics.Clear();
            Parse(Json[..length]);

            Assert.Contains(_diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        }
    }

    private JsonText Parse(string json) => LenientJson.Parse(json, "f.json", _diagnostics);
}
