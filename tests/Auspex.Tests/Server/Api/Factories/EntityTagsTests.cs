using System.Text.Json.Nodes;
using Auspex.Server.Api;
using Auspex.Server.Api.Factories;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Auspex.Tests.Server.Api.Factories;

public sealed class EntityTagsTests
{
    [Theory]
    [InlineData("*", true)]
    [InlineData("tag", true)]
    [InlineData("\"tag\"", true)]
    [InlineData("\"\\\"tag\\\"\"", true)]
    [InlineData("W/\"tag\"", true)]
    [InlineData("\"other\", \"tag\"", true)]
    [InlineData("\"other\"", false)]
    [InlineData(",,", false)]
    public void Demand_IfMatch_AnyWayOfWritingIt(string header, bool passes)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.IfMatch = header;

        var refused = Record.Exception(() => EntityTags.Demand(request, "tag"));

        Assert.Equal(passes, refused is null);
        Assert.Equal(412, Assert.IsType<ServiceErrorException>(Record.Exception(() => EntityTags.Demand(request, null))).Status);
    }

    [Fact]
    public void Of_ADefinition_ChangesWithItAndItsStamp()
    {
        var source = new JsonObject { ["name"] = "a" };

        Assert.Equal(EntityTags.Of(source), EntityTags.Of(source.DeepClone().AsObject()));
        Assert.NotEqual(EntityTags.Of(source), EntityTags.Of(new JsonObject { ["name"] = "b" }));
        Assert.NotEqual(EntityTags.Of(source), EntityTags.Of(source, "stamp"));
    }
}
