using Auspex.Experiments.Scoring;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class TreeArraysTests
{
    // One tree: root asks column 0, its left child column 1.
    private static TreeArrays Valid => new()
    {
        NodeStarts = [0, 2],
        LeafStarts = [0, 3],
        Features = [0, 1],
        Thresholds = [1, 2],
        Levels = [-1, -1],
        MissingRight = [0, 1],
        Left = [1, ~0],
        Right = [~2, ~1],
        LeafValues = [1, 2, 3],
    };

    [Fact]
    public void Check_OfTreesInOrder_Passes() => Valid.Check();

    public static TheoryData<string> Damages =>
    [
        "cycle", "shared leaf", "child out of range", "leaf out of range", "NaN threshold", "infinite leaf", "short array",
        "starts descend", "starts beyond the end", "direction 4", "wrong leaf count",
    ];

    [Theory]
    [MemberData(nameof(Damages))]
    public void Check_OfDamagedTrees_Throws(string damage)
    {
        var damaged = damage switch
        {
            "cycle" => Valid with { Left = [0, ~0] },
            "shared leaf" => Valid with { Right = [~1, ~1] },
            "child out of range" => Valid with { Left = [2, ~0] },
            "leaf out of range" => Valid with { Right = [~3, ~1] },
            "NaN threshold" => Valid with { Thresholds = [1, float.NaN] },
            "infinite leaf" => Valid with { LeafValues = [1, 2, double.PositiveInfinity] },
            "short array" => Valid with { Right = [~2] },
            "starts descend" => Valid with { NodeStarts = [0, 5, 2], LeafStarts = [0, 6, 3] },
            "starts beyond the end" => Valid with { NodeStarts = [0, 3] },
            "direction 4" => Valid with { MissingRight = [0, 4] },
            _ => Valid with { LeafStarts = [0, 2], LeafValues = [1, 2] },
        };

        Assert.Throws<FormatException>(damaged.Check);
    }
}
