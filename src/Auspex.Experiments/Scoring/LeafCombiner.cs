using System.Collections.Immutable;

namespace Auspex.Experiments.Scoring;

/// <summary>Makes a row's scores of the values of the leaves that it falls into. Immutable.</summary>
internal abstract class LeafCombiner(int outputs)
{
    /// <summary>How many scores a row gets.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>Combines the leaves of one row.</summary>
    /// <param name="leaves">The row's leaf in each tree.</param>
    /// <param name="starts">Per leaf where its values begin.</param>
    /// <param name="values">The values.</param>
    /// <param name="scores">One element per output.</param>
    public abstract void Combine(ReadOnlySpan<int> leaves, ReadOnlySpan<int> starts, ReadOnlySpan<double> values, Span<double> scores);
}

/// <summary>The mean of the leaves' values, element by element: class distributions.</summary>
internal sealed class MeanCombiner(int outputs) : LeafCombiner(outputs)
{
    public override void Combine(ReadOnlySpan<int> leaves, ReadOnlySpan<int> starts, ReadOnlySpan<double> values, Span<double> scores)
    {
        scores.Clear();
        foreach (var leaf in leaves)
        {
            var of = values[starts[leaf]..starts[leaf + 1]];
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] += of[i];
            }
        }

        foreach (ref var score in scores)
        {
            score /= leaves.Length;
        }
    }
}

/// <summary>Mean and standard deviation of the mixture of the leaves' distributions, each given by mean and variance.</summary>
internal sealed class MixtureCombiner() : LeafCombiner(2)
{
    public override void Combine(ReadOnlySpan<int> leaves, ReadOnlySpan<int> starts, ReadOnlySpan<double> values, Span<double> scores)
    {
        var mean = 0.0;
        foreach (var leaf in leaves)
        {
            mean += values[starts[leaf]];
        }

        mean /= leaves.Length;
        var variance = 0.0;
        foreach (var leaf in leaves)
        {
            var distance = values[starts[leaf]] - mean;
            variance += values[starts[leaf] + 1] + (distance * distance);
        }

        scores[0] = mean;
        scores[1] = Math.Sqrt(variance / leaves.Length);
    }
}

/// <summary>
/// Quantiles of the mixture of the leaves' samples, each tree having the same weight (Meinshausen 2006): the least value
/// that at least that part of the weight does not exceed.
/// </summary>
internal sealed class QuantileCombiner(ImmutableArray<double> quantiles) : LeafCombiner(quantiles.Length)
{
    public override void Combine(ReadOnlySpan<int> leaves, ReadOnlySpan<int> starts, ReadOnlySpan<double> values, Span<double> scores)
    {
        var count = 0;
        foreach (var leaf in leaves)
        {
            count += starts[leaf + 1] - starts[leaf];
        }

        var pooled = new double[count];
        var weights = new double[count];
        var at = 0;
        foreach (var leaf in leaves)
        {
            var sample = values[starts[leaf]..starts[leaf + 1]];
            sample.CopyTo(pooled.AsSpan(at));
            weights.AsSpan(at, sample.Length).Fill(1.0 / (leaves.Length * (double)sample.Length));
            at += sample.Length;
        }

        Array.Sort(pooled, weights);
        for (var i = 0; i < scores.Length; i++)
        {
            // Weights are rounded; a little less than the part asked for is that part.
            var wanted = quantiles[i] - 1e-9;
            var weight = 0.0;
            var last = -1;
            while (weight < wanted && last < count - 1)
            {
                weight += weights[++last];
            }

            scores[i] = pooled[Math.Max(0, last)];
        }
    }
}
