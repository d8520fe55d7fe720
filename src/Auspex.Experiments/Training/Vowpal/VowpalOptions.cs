using System.Collections.Immutable;

namespace Auspex.Experiments.Training.Vowpal;

/// <summary>What is lost by a wrong prediction.</summary>
internal enum VowpalLossKind
{
    Squared,
    Logistic,
    Hinge,
    Quantile,
}

/// <summary>What becomes of the sum.</summary>
internal enum VowpalLink
{
    Identity,
    Logistic,
    Glf1,
    Poisson,
}

/// <summary>The arguments of Vowpal Wabbit that count here, with its defaults.</summary>
internal sealed record VowpalOptions
{
    public int Bits { get; init; } = 18;

    public double Rate { get; init; } = 0.5;

    public double PowerT { get; init; } = 0.5;

    public double InitialT { get; init; }

    public double RateDecay { get; init; } = 1;

    public int Passes { get; init; } = 1;

    public VowpalLossKind Loss { get; init; }

    public double Tau { get; init; } = 0.5;

    public double L1 { get; init; }

    public double L2 { get; init; }

    public bool HasConstant { get; init; } = true;

    public bool IsAdaptive { get; init; } = true;

    public bool IsNormalized { get; init; } = true;

    public bool IsInvariant { get; init; } = true;

    public bool HashesAll { get; init; }

    public VowpalLink Link { get; init; }

    /// <summary>Classes, told from each other one against all; 0 for a number.</summary>
    public int Classes { get; init; }

    public double? LeastPrediction { get; init; }

    public double? GreatestPrediction { get; init; }

    /// <summary>Namespaces that are crossed, by their first letters, two or three at a time; a colon stands for any.</summary>
    public ImmutableArray<string> Interactions { get; init; } = [];

    /// <summary>Sequences of features, such as "2" or "a3" for the namespaces of a letter.</summary>
    public ImmutableArray<string> Grams { get; init; } = [];

    /// <summary>First letters of namespaces that are left out.</summary>
    public string Ignored { get; init; } = "";

    /// <summary>First letters of the only namespaces that count; empty for all.</summary>
    public string Kept { get; init; } = "";

    /// <summary>The arguments as they were given.</summary>
    public string Text { get; init; } = "";
}
