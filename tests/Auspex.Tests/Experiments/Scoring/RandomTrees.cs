using Auspex.Experiments.Scoring;

namespace Auspex.Tests.Experiments.Scoring;

/// <summary>Ensembles of random shape over a few number and level columns.</summary>
internal static class RandomTrees
{
    public const int NumberColumns = 6;
    public const int LevelColumns = 3;
    public const int Levels = 5;

    /// <summary>A column that is asked for by number and by point.</summary>
    public const int PointColumn = 2;

    /// <summary>Trees of 1 to <paramref name="mostLeaves"/> leaves; with <paramref name="distinct"/> thresholds repeat only by chance.</summary>
    public static TreeEnsemble Create(
        Random random, int trees, int mostLeaves, int fewestLeaves = 1, bool distinct = false, bool inDouble = false)
    {
        var builder = new TreeEnsembleBuilder { InDouble = inDouble };
        builder.SetPoints(PointColumn, [-1, 0, 0.25]);
        var sets = Enumerable.Range(0, 4).Select(_ => builder.AddSet(RandomSet(random))).ToArray();
        for (var tree = 0; tree < trees; tree++)
        {
            var leaves = random.Next(fewestLeaves, mostLeaves + 1);
            var splits = new List<TreeSplit>();

            // Grows by replacing a random leaf: (node, is right) of each open end.
            var ends = new List<(int Node, bool Right)> { (-1, false) };
            while (ends.Count < leaves)
            {
                var at = random.Next(ends.Count);
                var (node, right) = ends[at];
                var number = splits.Count;
                splits.Add(RandomSplit(random, sets, distinct, inDouble));
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

            // Some leaves that no row came to.
            builder.Add(
                splits,
                [.. Enumerable.Range(0, leaves).Select(_ => random.NextDouble() - 0.5)],
                [.. Enumerable.Range(0, leaves).Select(leaf => (double)(((leaf * 7) + tree) % 5))]);
        }

        return builder.Build(random.NextDouble());
    }

    /// <summary>The same in double precision, beside thresholds too, and near the bound of missing zeros.</summary>
    public static double RandomDouble(Random random) => random.Next(8) switch
    {
        0 => Math.BitIncrement(random.Next(-8, 9) * 0.1),
        1 => Math.BitDecrement(random.Next(-8, 9) * 0.1),
        2 => random.Next(-8, 9) * 0.1,
        3 => random.Next(-1, 2) * TreeArrays.ZeroBand,
        4 => random.Next(-1, 2) * Math.BitIncrement(TreeArrays.ZeroBand),
        _ => RandomNumber(random),
    };

    /// <summary>Values on, below and above the thresholds that splits use, some missing, some infinite, zeros of both signs.</summary>
    public static float RandomNumber(Random random) => random.Next(15) switch
    {
        14 => random.Next(-1, 2) * (float)TreeArrays.ZeroBand,
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => float.NegativeInfinity,
        3 => -0f,
        4 => float.Epsilon * random.Next(-2, 3),
        5 => random.NextSingle(),
        _ => random.Next(-8, 9) * 0.25f,
    };

    /// <summary>Levels, missing ones, unknown ones, and codes that no level has.</summary>
    public static int RandomCode(Random random) => random.Next(20) switch
    {
        0 => random.Next(int.MinValue, int.MaxValue),
        1 => new[] { 127, 128, 200, 255, 256, 300, 456, 511 }[random.Next(8)],
        _ => random.Next(-2, Levels + 2),
    };

    private static int[] RandomSet(Random random) =>
        [.. Enumerable.Range(0, Levels).Where(_ => random.Next(2) == 0), .. new int[][] { [127], [200], [128, 255], [300], [] }[random.Next(5)]];

    private static TreeSplit RandomSplit(Random random, int[] sets, bool distinct, bool inDouble) => random.Next(9) switch
    {
        8 => new TreeSplit(
            random.Next(NumberColumns), random.Next(2) == 0 ? double.PositiveInfinity : double.NegativeInfinity, TreeArrays.Number, random.Next(2) == 0, 0, 0),
        6 => new TreeSplit(PointColumn, 0, random.Next(2) == 0 ? random.Next(4) : sets[random.Next(sets.Length)], false, 0, 0),
        7 => new TreeSplit(
            random.Next(NumberColumns), random.Next(-8, 9) * (inDouble ? 0.1 : 0.25), TreeArrays.Number, random.Next(2) == 0, 0, 0, ZeroIsMissing: true),
        0 => new TreeSplit(NumberColumns + random.Next(LevelColumns), 0, random.Next(Levels), false, 0, 0),
        1 => new TreeSplit(NumberColumns + random.Next(LevelColumns), 0, sets[random.Next(sets.Length)], false, 0, 0),
        2 => new TreeSplit(random.Next(NumberColumns), TreeSplit.AtLeast(random.Next(-8, 9) * 0.25f), TreeArrays.Number, random.Next(2) == 0, 0, 0),
        3 => new TreeSplit(random.Next(NumberColumns), -0f, TreeArrays.Number, random.Next(2) == 0, 0, 0),
        _ => new TreeSplit(
            random.Next(NumberColumns),
            distinct ? (random.NextSingle() * 4) - 2 : random.Next(-8, 9) * (inDouble ? 0.1 : 0.25),
            TreeArrays.Number,
            random.Next(2) == 0,
            0,
            0),
    };
}
