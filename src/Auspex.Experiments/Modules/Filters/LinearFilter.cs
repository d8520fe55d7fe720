using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Filters;

/// <summary>A difference equation: weighted sums of values before, and of results before. It begins at rest.</summary>
/// <param name="forward">Weights of the value and those before it.</param>
/// <param name="backward">Weights of the result and those before it; the first divides.</param>
internal sealed class LinearFilter(double[] forward, double[] backward) : SignalFilter
{
    internal override double[] Run(ReadOnlySpan<double> values)
    {
        var results = new double[values.Length];
        for (var i = 0; i < results.Length; i++)
        {
            var sum = 0.0;
            for (var k = 0; k < forward.Length && k <= i; k++)
            {
                sum += forward[k] * values[i - k];
            }

            for (var k = 1; k < backward.Length && k <= i; k++)
            {
                sum -= backward[k] * results[i - k];
            }

            results[i] = sum / backward[0];
        }

        return results;
    }
}

/// <summary>Filters one after another, for a high order is not stable in one equation.</summary>
internal sealed class CascadeFilter(IReadOnlyList<LinearFilter> sections) : SignalFilter
{
    internal override double[] Run(ReadOnlySpan<double> values)
    {
        var results = values.ToArray();
        foreach (var section in sections)
        {
            results = section.Run(results);
        }

        return results;
    }
}

/// <summary>A filter made by a function of the whole stretch.</summary>
internal sealed class FunctionFilter(Func<double[], double[]> function, bool givesTruth = false) : SignalFilter
{
    internal override bool GivesTruth => givesTruth;

    internal override double[] Run(ReadOnlySpan<double> values) => function(values.ToArray());
}
