namespace Auspex;

/// <summary>The id of one run: a GUID in lower case with dashes, as <c>pipeline().RunId</c> shows it.</summary>
public readonly record struct RunId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
