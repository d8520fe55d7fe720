using System.Text.Json.Nodes;
using Auspex.Definitions;
using Xunit;

namespace Auspex.Tests.Core.Definitions;

public sealed class JsonMembersTests
{
    [Fact]
    public void Member_WithExactAndOtherCase_PrefersTheExact()
    {
        var json = JsonNode.Parse("""{"FilePath": 1, "filePath": 2}""")!.AsObject();

        Assert.Equal("2", json.TextMember("filePath"));
        Assert.Equal("1", json.TextMember("FILEPATH"));
        Assert.Null(json.Member("path"));
    }

    [Theory]
    [InlineData("\"true\"", true)]
    [InlineData("\"False\"", false)]
    [InlineData("true", true)]
    [InlineData("1", null)]
    [InlineData("\"yes\"", null)]
    public void AsBoolean_OfTextOrBoolean_IsCoerced(string json, bool? expected) =>
        Assert.Equal(expected, JsonNode.Parse(json).AsBoolean());

    [Theory]
    [InlineData("\"15\"", 15)]
    [InlineData("15.0", 15)]
    [InlineData("1e3", 1000)]
    [InlineData("1.5", null)]
    [InlineData("\"x\"", null)]
    [InlineData("true", null)]
    [InlineData("1e300", null)]
    public void AsInteger_OfTextOrNumber_IsCoerced(string json, int? expected) =>
        Assert.Equal(expected, (int?)JsonNode.Parse(json).AsInteger());

    [Theory]
    [InlineData("\"@x\"", "@x")]
    [InlineData("\"a @{x}\"", "a @{x}")]
    [InlineData("\"@@x\"", null)]
    [InlineData("\" @x\"", null)]
    [InlineData("""{"type": "Expression", "value": "@x"}""", "@x")]
    [InlineData("""{"type": "expression", "content": "@x"}""", "@x")]
    [InlineData("""{"type": "Expression", "value": "@x", "more": 1}""", null)]
    [InlineData("5", null)]
    public void AsExpression_OfAValue_IsTheExpressionsText(string json, string? expected) =>
        Assert.Equal(expected, JsonNode.Parse(json).AsExpression());
}
