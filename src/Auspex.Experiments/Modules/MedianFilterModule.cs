using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Filters;
using MathNet.Numerics.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Median Filter": the median of a window around each value; the window shrinks at the ends.</summary>
internal sealed class MedianFilterModule : FilterModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Median Filter",
        Category = Category,
        Outputs = [Output],
        Parameters = [Declare.Integer("Length", "5", 1)],
    };

    public override SignalFilter Create(ModuleParameters parameters)
    {
        var length = parameters.Integer("Length");
        if (length % 2 == 0)
        {
            throw new ModuleException(8, $"'Length' is {length}; it must be odd, so that the window has a middle.");
        }

        return new FunctionFilter(values =>
        {
            var half = length / 2;
            var results = new double[values.Length];
            for (var i = 0; i < results.Length; i++)
            {
                var (start, end) = (Math.Max(0, i - half), Math.Min(values.Length, i + half + 1));
                results[i] = ArrayStatistics.MedianInplace(values[start..end]);
            }

            return results;
        });
    }
}
