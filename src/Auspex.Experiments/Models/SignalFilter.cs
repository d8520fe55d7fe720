namespace Auspex.Experiments.Models;

/// <summary>A filter that turns one series into another of the same length.</summary>
/// <remarks>Immutable and thread-safe; state lives inside one run.</remarks>
public abstract class SignalFilter
{
    private protected SignalFilter()
    {
    }

    /// <summary>Filters a stretch without gaps, in row order.</summary>
    internal abstract double[] Run(ReadOnlySpan<double> values);

    /// <summary>Whether the values that come out are truths (0 or 1) and not numbers.</summary>
    internal virtual bool GivesTruth => false;
}
