namespace Auspex.Experiments.Training.Jungles;

/// <summary>How decision graphs are grown; the names are those of the modules' parameters.</summary>
internal sealed record JungleOptions
{
    /// <summary>Graphs.</summary>
    public int Graphs { get; init; } = 8;

    /// <summary>Questions from the first node to a leaf at most.</summary>
    public int Depth { get; init; } = 32;

    /// <summary>Nodes of a layer at most.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Steps by which the splits and ends of a layer are bettered.</summary>
    public int Steps { get; init; } = 2048;

    /// <summary>Whether each graph learns from rows drawn with replacement.</summary>
    public bool Resamples { get; init; } = true;

    /// <summary>Seed of what is left to chance.</summary>
    public long Seed { get; init; } = 42;
}
