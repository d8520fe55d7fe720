using Auspex.Cli.Output;
using Xunit;

namespace Auspex.Tests.Cli.Output;

public sealed class ProgressLineTests
{
    [Theory]
    [InlineData(null, null, "job: Running")]
    [InlineData(0L, null, "job: Running: 0 rows")]
    [InlineData(500L, null, "job: Running: 500 rows, 250 rows/s")]
    [InlineData(500L, 2000L, "job: Running: 500 of 2,000 rows (25 %), 250 rows/s, 6 s left")]
    public void Describe_SaysNoMoreThanIsKnown(long? done, long? total, string expected) =>
        Assert.Equal(expected, ProgressLine.Describe("job: Running", done, total, "rows", TimeSpan.FromSeconds(2)));

    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(2000, "2,000 rows")]
    public void Counted_TakesTheWordsNumber(long count, string expected) => Assert.Equal(expected, Counted.Of(count, "row"));
}
