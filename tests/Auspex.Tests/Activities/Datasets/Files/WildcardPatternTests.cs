using Auspex.Activities.Datasets.Files;
using Xunit;

namespace Auspex.Tests.Activities.Datasets.Files;

public sealed class WildcardPatternTests
{
    [Theory]
    [InlineData("*.csv", "a.csv", true)]
    [InlineData("*.csv", "sub/a.csv", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a^*c", "a*c", true)]
    [InlineData("a^*c", "abc", false)]
    [InlineData("(a)+[b]", "(a)+[b]", true)]
    [InlineData("*", "", true)]
    public void Matches_Pattern_FitsAsDataFactorySays(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new WildcardPattern(pattern).Matches(path));

    [Theory]
    [InlineData("in/2024/*/x", "in/2024")]
    [InlineData("*", "")]
    [InlineData("a/b", "a/b")]
    public void LiteralPart_Pattern_EndsBeforeTheFirstWildcard(string pattern, string expected) =>
        Assert.Equal(expected, WildcardPattern.LiteralPart(pattern));
}
