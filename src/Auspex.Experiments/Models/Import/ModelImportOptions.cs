using System.Collections.Immutable;

namespace Auspex.Experiments.Models.Import;

/// <summary>What a foreign model's file does not say.</summary>
public sealed record ModelImportOptions
{
    /// <summary>What to call the file in messages.</summary>
    public required string FileName { get; init; }

    /// <summary>The name of the column that the model predicts.</summary>
    public string Label { get; init; } = "label";

    /// <summary>The names of the columns it needs, in the model's order; default for the file's own.</summary>
    public ImmutableArray<string> Features { get; init; }
}
