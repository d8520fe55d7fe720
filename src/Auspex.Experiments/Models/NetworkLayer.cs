using System.Collections.Immutable;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Models;

/// <summary>What a node of a network makes of its sum.</summary>
public enum NodeFunction
{
    /// <summary>1 / (1 + exp(-z)).</summary>
    Sigmoid,

    /// <summary>tanh z.</summary>
    Tanh,

    /// <summary>z.</summary>
    Linear,

    /// <summary>The greater of z and 0.</summary>
    Rectified,

    /// <summary>z, held between 0 and 1.</summary>
    BoundedRectified,

    /// <summary>ln(1 + exp(z)).</summary>
    SoftRectified,

    /// <summary>z squared.</summary>
    Square,

    /// <summary>The root of the magnitude of z.</summary>
    SquareRoot,

    /// <summary>The magnitude of z.</summary>
    Absolute,

    /// <summary>exp(z) divided by the sum of these over the layer; of the last layer only.</summary>
    Softmax,
}

/// <summary>A layer whose nodes see all nodes of the layer before.</summary>
/// <param name="Function">What the nodes make of their sums.</param>
/// <param name="Weights">Input by input, a weight per node.</param>
/// <param name="Biases">One per node.</param>
public sealed record NetworkLayer(NodeFunction Function, ImmutableArray<double> Weights, ImmutableArray<double> Biases)
{
    /// <summary>Nodes of the layer.</summary>
    public int Nodes => Biases.Length;

    /// <summary>Nodes of the layer before.</summary>
    public int Inputs => Biases.Length == 0 ? 0 : Weights.Length / Biases.Length;

    /// <summary>Adds weights times a factor to sums: products are rounded before they are added, on every machine.</summary>
    internal static void Add(ReadOnlySpan<double> weights, double factor, Span<double> sums)
    {
        var scale = Vector256.Create(factor);
        var i = 0;
        for (; i <= sums.Length - 4; i += 4)
        {
            var sum = Vector256.Create<double>(sums[i..]) + (Vector256.Create(weights[i..]) * scale);
            sum.CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            sums[i] += weights[i] * factor;
        }
    }

    /// <summary>Applies the function to a layer's sums, in place.</summary>
    internal static void Apply(NodeFunction function, Span<double> sums)
    {
        if (function == NodeFunction.Softmax)
        {
            var greatest = double.NegativeInfinity;
            foreach (var sum in sums)
            {
                greatest = Math.Max(greatest, sum);
            }

            var total = 0.0;
            foreach (ref var sum in sums)
            {
                sum = Math.Exp(sum - greatest);
                total += sum;
            }

            foreach (ref var sum in sums)
            {
                sum /= total;
            }

            return;
        }

        foreach (ref var sum in sums)
        {
            sum = function switch
            {
                NodeFunction.Sigmoid => 1 / (1 + Math.Exp(-sum)),
                NodeFunction.Tanh => Math.Tanh(sum),
                NodeFunction.Rectified => Math.Max(0, sum),
                NodeFunction.BoundedRectified => Math.Clamp(sum, 0, 1),
                NodeFunction.SoftRectified => sum > 30 ? sum : Math.Log(1 + Math.Exp(sum)),
                NodeFunction.Square => sum * sum,
                NodeFunction.SquareRoot => Math.Sqrt(Math.Abs(sum)),
                NodeFunction.Absolute => Math.Abs(sum),
                _ => sum,
            };
        }
    }
}
