namespace Auspex.Library;

/// <summary>A column that a model needs, or one that it makes.</summary>
/// <param name="Name">Its exact name; case matters.</param>
/// <param name="Kind">What its values are.</param>
public sealed record ModelColumn(string Name, ColumnKind Kind)
{
    /// <summary>The values that training has seen, where the model takes the column by its different values; null where it takes numbers.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>The least number at training; null for levels, and where the model does not say.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number at training; null likewise.</summary>
    public double? Maximum { get; init; }

    /// <summary>The part of training's rows without a value, 0 to 1; null where the model does not say.</summary>
    public double? MissingShare { get; init; }
}
