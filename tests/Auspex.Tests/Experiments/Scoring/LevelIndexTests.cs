using System.Text;
using Auspex.Experiments.Scoring;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class LevelIndexTests
{
    [Fact]
    public void Find_AmongManyLevels_FindsEachAndNoOther()
    {
        string[] levels = ["", "a", "ä", "日本", .. Enumerable.Range(0, 20_000).Select(number => $"level {number} of many, all alike")];
        var index = new LevelIndex([.. levels]);

        for (var i = 0; i < levels.Length; i++)
        {
            Assert.Equal(i, index.Find(Encoding.UTF8.GetBytes(levels[i])));
        }

        Assert.Equal(-1, index.Find("b"u8));
        Assert.Equal(-1, index.Find("level 20000 of many, all alike"u8));
        Assert.Equal(-1, new LevelIndex([]).Find(""u8));
    }
}
