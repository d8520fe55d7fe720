using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Learners;

namespace Auspex.Experiments.Training.Tuning;

/// <summary>Which combinations of numbers a sweep tries.</summary>
internal static class SweepPlan
{
    /// <summary>As many runs as the module's other modes allow.</summary>
    public const int MostRuns = 10_000;

    /// <summary>Every combination, the last parameter changing fastest.</summary>
    /// <exception cref="ModuleException">Error 8: there are more than anyone would wait for.</exception>
    public static double[][] EntireGrid(IReadOnlyList<SweptParameter> parameters)
    {
        var size = GridSize(parameters);
        return size <= MostRuns
            ? [.. Enumerable.Range(0, (int)size).Select(index => Combination(parameters, index))]
            : throw new ModuleException(
                8, $"The entire grid has {size} combinations; it may have {MostRuns}. Shorten the ranges, or sweep a random grid.");
    }

    /// <summary>Some of the combinations, none twice.</summary>
    public static double[][] RandomGrid(IReadOnlyList<SweptParameter> parameters, int runs, SeededRandom random)
    {
        var size = GridSize(parameters);
        if (size <= runs)
        {
            return EntireGrid(parameters);
        }

        var picked = new HashSet<long>();
        var combinations = new List<double[]>(runs);
        while (combinations.Count < runs)
        {
            // A grid may be larger than any 32-bit number, so the draw is of 64 bits.
            var index = (long)(((UInt128)random.NextUInt64() * (ulong)size) >> 64);
            if (picked.Add(index))
            {
                combinations.Add(Combination(parameters, index));
            }
        }

        return [.. combinations];
    }

    /// <summary>Numbers drawn between the least and the greatest of each range.</summary>
    public static double[][] RandomSweep(IReadOnlyList<SweptParameter> parameters, int runs, SeededRandom random) =>
        parameters.All(parameter => parameter.Values.Length == 1)
            ? EntireGrid(parameters)
            : [.. Enumerable.Range(0, runs).Select(_ => parameters.Select(parameter => parameter.Draw(random)).ToArray())];

    private static long GridSize(IReadOnlyList<SweptParameter> parameters)
    {
        var size = 1L;
        foreach (var parameter in parameters)
        {
            size = size > long.MaxValue / parameter.Values.Length / 2 ? long.MaxValue / 2 : size * parameter.Values.Length;
        }

        return size;
    }

    private static double[] Combination(IReadOnlyList<SweptParameter> parameters, long index)
    {
        var numbers = new double[parameters.Count];
        for (var i = parameters.Count - 1; i >= 0; i--)
        {
            numbers[i] = parameters[i].Values[(int)(index % parameters[i].Values.Length)];
            index /= parameters[i].Values.Length;
        }

        return numbers;
    }
}
