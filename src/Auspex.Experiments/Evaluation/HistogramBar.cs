using System.Collections.Immutable;

namespace Auspex.Experiments.Evaluation;

/// <summary>How many rows have an error of about a size.</summary>
/// <param name="From">The lower end, included.</param>
/// <param name="To">The upper end, not included except in the last bar.</param>
/// <param name="Rows">Rows between them.</param>
public sealed record HistogramBar(double From, double To, long Rows)
{
    private const int Bars = 20;

    /// <summary>Bars of equal width over finite values; one bar where they are all the same.</summary>
    public static ImmutableArray<HistogramBar> Of(ReadOnlySpan<double> values)
    {
        double[] finite = [.. values.ToArray().Where(double.IsFinite)];
        if (finite.Length == 0)
        {
            return [];
        }

        var (least, greatest) = (finite.Min(), finite.Max());
        var width = (greatest - least) / Bars;
        if (!(width > 0) || !double.IsFinite(width))
        {
            return [new HistogramBar(least, greatest, finite.Length)];
        }

        var rows = new long[Bars];
        foreach (var value in finite)
        {
            rows[Math.Min(Bars - 1, (int)((value - least) / width))]++;
        }

        return [.. rows.Select((count, i) => new HistogramBar(least + (i * width), i == Bars - 1 ? greatest : least + ((i + 1) * width), count))];
    }
}
