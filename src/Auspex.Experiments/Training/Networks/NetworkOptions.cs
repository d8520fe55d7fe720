using System.Collections.Immutable;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Networks;

/// <summary>How numbers are brought to a network's scale.</summary>
internal enum NumberNormalizer
{
    /// <summary>To 0 to 1 by the least and greatest.</summary>
    MinMax,

    /// <summary>To mean 0 and standard deviation 1.</summary>
    Gaussian,

    /// <summary>To the place of their bin, each bin holding about as many rows.</summary>
    Binning,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A hidden layer to be.</summary>
internal sealed record HiddenLayer(int Nodes, NodeFunction Function);

/// <summary>How a network is trained; the names are those of the modules' parameters.</summary>
internal sealed record NetworkOptions
{
    /// <summary>The hidden layers, in order.</summary>
    public ImmutableArray<HiddenLayer> Hidden { get; init; } = [new(100, NodeFunction.Sigmoid)];

    /// <summary>Nodes of the last layer that a definition asks for; null for as many as are needed.</summary>
    public int? Outputs { get; init; }

    /// <summary>The part of the gradient by which a row moves the weights.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>How often all rows are gone through.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>How far from each other weights begin; 0.1 suits layers of sigmoids, whatever their size.</summary>
    public double Diameter { get; init; } = 0.1;

    /// <summary>The part of the last move that goes into the next.</summary>
    public double Momentum { get; init; }

    /// <summary>How numbers are scaled.</summary>
    public NumberNormalizer Normalizer { get; init; }

    /// <summary>Whether each iteration takes the rows in another order.</summary>
    public bool Shuffles { get; init; } = true;

    /// <summary>Seed of weights and order.</summary>
    public long Seed { get; init; } = 42;
}
