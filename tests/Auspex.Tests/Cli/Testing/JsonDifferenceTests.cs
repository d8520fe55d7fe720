using Auspex.Cli.Testing.Checking;
using Xunit;
using static Auspex.Tests.Cli.Testing.PipelineTests;

namespace Auspex.Tests.Cli.Testing;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a": 1}""", """{"a": 1.0, "b": 2}""")]
    [InlineData("""{"a": [1, {"b": null}]}""", """{"a": [1, {"b": null, "c": 3}]}""")]
    [InlineData("""{"a": {"$any": true}}""", """{"a": null}""")]
    [InlineData("""{"a": {"$absent": true}}""", """{"b": 1}""")]
    [InlineData("""{"a": {"$contains": "ell"}}""", """{"a": "hello"}""")]
    [InlineData("""{"a": {"$contains": "x"}}""", """{"a": ["y", "x"]}""")]
    [InlineData("""{"a": {"$matches": "^h.*o$"}}""", """{"a": "hello"}""")]
    [InlineData("""{"a": {"$count": 2}}""", """{"a": [1, 2]}""")]
    [InlineData("""{"$schema": "x"}""", """{"$schema": "x"}""")]
    public void Find_OfWhatIsExpected_FindsNothing(string expected, string found) =>
        Assert.Empty(JsonDifference.Find(Json(expected), Json(found)));

    [Theory]
    [InlineData("""{"a": 1}""", """{"a": "1"}""", """$.a: found "1", expected 1""")]
    [InlineData("""{"a": {"b c": 1}}""", """{"a": {}}""", "$.a['b c']: found nothing, expected 1 (it has no members)")]
    [InlineData("""{"a": [1]}""", """{"a": [1, 2]}""", "$.a: found 2 elements, expected 1: found [1,2]")]
    [InlineData("""{"a": [1, {"x": true}]}""", """{"a": [1, {"x": false}]}""", "$.a[1].x: found false, expected true")]
    [InlineData("""{"a": null}""", """{"a": 1}""", "$.a: found 1, expected null")]
    [InlineData("""{"a": {"$absent": true}}""", """{"a": 1}""", "$.a: found 1, expected no such member")]
    [InlineData("""{"a": {"$contains": "x"}}""", """{"a": "hello"}""", """$.a: found "hello", expected text that contains 'x'""")]
    [InlineData("""{"a": {"$count": 2}}""", """{"a": [1]}""", "$.a: found [1], expected 2 elements")]
    [InlineData("""{"a": {"b": 1}}""", """{"a": 5}""", """$.a: found 5, expected {"b":1}""")]
    public void Find_OfSomethingElse_SaysPathFoundAndExpected(string expected, string found, string line) =>
        Assert.Equal([line], JsonDifference.Find(Json(expected), Json(found)));

    [Fact]
    public void Find_OfManyDifferences_ShowsTheFirstDozen()
    {
        var expected = "{" + string.Join(',', Enumerable.Range(0, 30).Select(number => $"\"m{number}\": 1")) + "}";

        var lines = JsonDifference.Find(Json(expected), Json("{}"));

        Assert.Equal(13, lines.Count);
        Assert.Equal("and 18 more differences", lines[^1]);
    }
}
