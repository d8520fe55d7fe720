using System.Globalization;

namespace Auspex.Experiments.Contracts;

/// <summary>How many rows something concerns, and the first of them.</summary>
internal struct Hits
{
    public long Count { get; private set; }

    /// <summary>The data row from 1; 0 while there is none.</summary>
    public long First { get; private set; }

    public void Add(long row)
    {
        First = Count++ == 0 ? row : First;
    }

    /// <summary><c>12 of 10,000 rows (0.12 %), first in row 7</c>.</summary>
    public readonly string Of(long all, string things) => string.Create(
        CultureInfo.InvariantCulture, $"{Count:N0} of {all:N0} {things} ({Percent(all)} %), first in row {First:N0}");

    public readonly double Share(long all) => all == 0 ? 0 : (double)Count / all;

    private readonly string Percent(long all)
    {
        var percent = 100 * Share(all);
        return percent is > 0 and < 0.01 ? "< 0.01"
            : percent is > 99.99 and < 100 ? "> 99.99"
            : percent.ToString("0.##", CultureInfo.InvariantCulture);
    }
}
