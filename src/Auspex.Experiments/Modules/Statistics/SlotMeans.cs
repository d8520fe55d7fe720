using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Statistics;

/// <summary>Means of slots of numbers, NaN left out.</summary>
internal static class SlotMeans
{
    /// <exception cref="ModuleException">Error 33: a value is infinite.</exception>
    public static double[] Of(double[][] slots, IEnumerable<ProjectedColumn> columns)
    {
        string[] names = [.. columns.SelectMany(column => Enumerable.Repeat(column.Column, column.Slots))];
        var means = new double[slots.Length];
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var (sum, count) = (0.0, 0);
            foreach (var value in slots[slot])
            {
                if (double.IsInfinity(value))
                {
                    throw new ModuleException(33, $"Column '{names[slot]}' has an infinite value; clip or clean it first.");
                }

                if (!double.IsNaN(value))
                {
                    sum += value;
                    count++;
                }
            }

            means[slot] = count == 0 ? 0 : sum / count;
        }

        return means;
    }

    /// <summary>Puts the mean where a value is missing, and subtracts the offset.</summary>
    public static void Center(double[][] slots, double[] means, double[] offsets)
    {
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var values = slots[slot];
            for (var row = 0; row < values.Length; row++)
            {
                values[row] = (double.IsNaN(values[row]) ? means[slot] : values[row]) - offsets[slot];
            }
        }
    }
}
