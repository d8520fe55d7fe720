using Auspex.Experiments.Scoring;

namespace Auspex.Tests.Experiments.Scoring;

/// <summary>Ensembles of random shape over a few number and level columns.</summary>
internal static class RandomTrees
{
    public const int NumberColumns = 6;
    public const int LevelColumns = 3;
    public const int Levels = 5;

    public static TreeEnsemble Create(Random random, int trees, int mostLeaves)
    {
        var builder = new TreeEnsembleBuilder();
        for (var tree = 0; tree < trees; tree++)
        {
            var leaves = 1 + random.Next(mostLeaves);
            var splits = new List<TreeSplit>();

            // Grows by replacing a random leaf: (node, is right) of each open end.
            var ends = new List<(int Node, bool Right)> { (-1, false) };
            while (ends.Count < leaves)
            {
                var at = random.Next(ends.Count);
                var (node, right) = ends[at];
                var number = splits.Count;
                splits.Add(RandomSplit(random));
                if (node >= 0)
                {
                    splits[node] = right ? splits[node] with { Right = number } : splits[node] with { Left = number };
                }

                ends[at] = (number, false);
                ends.Add((number, true));
            }

            for (var leaf = 0; leaf < ends.Count && splits.Count > 0; leaf++)
            {
                var (node, right) = ends[leaf];
                splits[node] = right ? splits[node] with { Right = ~leaf } : splits[node] with { Left = ~leaf };
            }

            builder.Add(splits, [.. Enumerable.Range(0, leaves).Select(_ => random.NextDouble() - 0.5)]);
        }

        return builder.Build(random.NextDouble());
    }

    /// <summary>Values on, below and above the thresholds that splits use, some missing, some infinite.</summary>
    public static float RandomNumber(Random random) => random.Next(12) switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => float.NegativeInfinity,
        _ => random.Next(-8, 9) * 0.25f,
    };

    private static TreeSplit RandomSplit(Random random) => random.Next(3) > 0
        ? new TreeSplit(random.Next(NumberColumns), random.Next(-8, 9) * 0.25f, -1, random.Next(2) == 0, 0, 0)
        : new TreeSplit(NumberColumns + random.Next(LevelColumns), 0, random.Next(Levels), false, 0, 0);
}
