using Auspex.Experiments.Execution;
using Xunit;

namespace Auspex.Tests.Experiments.Execution;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextUInt64_KnownSeed_GivesTheRecordedSequence()
    {
        var random = new SeededRandom(42);

        Assert.Equal(1546998764402558742UL, random.NextUInt64());
        Assert.Equal(6990951692964543102UL, random.NextUInt64());
        Assert.Equal(12544586762248559009UL, random.NextUInt64());
    }

    [Fact]
    public void Next_ManyDraws_AreEvenlySpread()
    {
        var random = new SeededRandom(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.Next(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Shuffle_Values_KeepsThemAll()
    {
        int[] values = [.. Enumerable.Range(0, 1000)];

        new SeededRandom(9).Shuffle(values.AsSpan());

        Assert.NotEqual(Enumerable.Range(0, 1000), values);
        Assert.Equal(Enumerable.Range(0, 1000), values.Order());
    }
}
