using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Filters;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Moving Average Filter": averages of the last values; over fewer where there are not yet as many.</summary>
internal sealed class MovingAverageFilterModule : FilterModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Moving Average Filter",
        Category = Category,
        Outputs = [Output],
        Parameters =
        [
            Declare.Integer("Length", "5", 1),
            Declare.Choice("Type", "Simple", ["Simple", "Triangular", "Simple Exponential", "Exponential", "Cumulative"]),
        ],
    };

    public override SignalFilter Create(ModuleParameters parameters)
    {
        var length = parameters.Integer("Length");
        return parameters.Choice("Type") switch
        {
            "Simple" => new FunctionFilter(values => Average(values, length)),

            // An average of averages weighs its window as a triangle.
            "Triangular" => new FunctionFilter(values => Average(Average(values, (length + 1) / 2), (length / 2) + 1)),
            "Simple Exponential" => new FunctionFilter(values => Smooth(values, 1.0 / length)),
            "Exponential" => new FunctionFilter(values => Smooth(values, 2.0 / (length + 1))),
            _ => new FunctionFilter(values => Average(values, Math.Max(1, values.Length))),
        };
    }

    private static double[] Average(double[] values, int length)
    {
        var results = new double[values.Length];
        for (var i = 0; i < results.Length; i++)
        {
            // Summed anew for windows that end, so that one infinite value does not spoil all that follow.
            var start = Math.Max(0, i - length + 1);
            var sum = 0.0;
            if (start == 0 && i > 0)
            {
                sum = (results[i - 1] * i) + values[i];
            }
            else
            {
                for (var k = start; k <= i; k++)
                {
                    sum += values[k];
                }
            }

            results[i] = sum / (i - start + 1);
        }

        return results;
    }

    private static double[] Smooth(double[] values, double weight)
    {
        var results = new double[values.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = i == 0 ? values[0] : results[i - 1] + (weight * (values[i] - results[i - 1]));
        }

        return results;
    }
}
