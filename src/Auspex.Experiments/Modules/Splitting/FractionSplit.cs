using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules.Keys;

namespace Auspex.Experiments.Modules.Splitting;

/// <summary>Split Rows: the first output gets round(rows * fraction) rows, a half rounded to even, of all or of each stratum.</summary>
internal static class FractionSplit
{
    /// <param name="table">The rows.</param>
    /// <param name="fraction">From 0 to 1.</param>
    /// <param name="random">Chooses the rows; null takes the first ones.</param>
    /// <param name="stratum">The column whose values make the strata; null for one stratum.</param>
    public static (int[] First, int[] Second) Split(TableBatch table, double fraction, SeededRandom? random, int? stratum)
    {
        var strata = stratum is { } column ? Strata(table, column) : [[.. Enumerable.Range(0, table.RowCount)]];
        var sizes = strata.Select(rows => Size(rows.Length, fraction)).ToArray();
        var first = new int[sizes.Sum()];
        var second = new int[table.RowCount - first.Length];
        var (a, b) = (0, 0);
        for (var i = 0; i < strata.Length; i++)
        {
            // Selection sampling (Knuth's algorithm S): every subset as likely, one pass, order kept.
            var wanted = sizes[i];
            var rows = strata[i];
            for (var at = 0; at < rows.Length; at++)
            {
                if (wanted > 0 && (random is null || random.Next(rows.Length - at) < wanted))
                {
                    first[a++] = rows[at];
                    wanted--;
                }
                else
                {
                    second[b++] = rows[at];
                }
            }
        }

        return (first, second);
    }

    private static int Size(int rows, double fraction) => (int)Math.Round(rows * fraction);

    private static int[][] Strata(TableBatch table, int column)
    {
        var groups = new RowGroups(table, column);
        var sizes = new int[groups.Count];
        foreach (var group in groups.Of)
        {
            sizes[group]++;
        }

        int[][] strata = [.. sizes.Select(size => new int[size])];
        Array.Clear(sizes);
        for (var row = 0; row < groups.Of.Length; row++)
        {
            var group = groups.Of[row];
            strata[group][sizes[group]++] = row;
        }

        return strata;
    }
}
