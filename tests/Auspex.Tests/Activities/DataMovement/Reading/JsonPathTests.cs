using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Reading;
using Auspex.Engine.Dispatch;
using Xunit;

namespace Auspex.Tests.Activities.DataMovement.Reading;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData("$['a']['b'][1]", "2")]
    [InlineData("$.a.b[0]", "1")]
    [InlineData("['a']['x.y']", "\"dot\"")]
    [InlineData("$.a['it\\'s]']", "true")]
    [InlineData("$", null)]
    [InlineData("$.none.deep", null)]
    public void Select_Path_GivesWhatStandsThere(string path, string? expected)
    {
        var document = JsonNode.Parse("""{"a":{"b":[1,2],"x.y":"dot","it's]":true}}""");

        var found = JsonPath.Parse(path, "A", "$.p").Select(document);

        Assert.Equal(path == "$" ? document!.ToJsonString() : expected, found?.ToJsonString());
    }

    [Theory]
    [InlineData("$['a")]
    [InlineData("$[x]")]
    [InlineData("$..a")]
    public void Parse_NoPath_NamesThePlace(string path)
    {
        var failure = Assert.Throws<ActivityException>(() => JsonPath.Parse(path, "A", "$.p"));

        Assert.Contains("$.p", failure.Message, StringComparison.Ordinal);
    }
}
