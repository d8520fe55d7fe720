using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Keys;

namespace Auspex.Experiments.Training.Tuning;

/// <summary>Deals rows out into folds.</summary>
internal static class Folds
{
    public const int Default = 10;

    /// <summary>Deals rows out evenly, in random order, or as cards in table order where there is no random.</summary>
    /// <param name="rowCount">Rows of the table.</param>
    /// <param name="rows">The rows to deal; the others belong to no fold.</param>
    /// <param name="count">Folds.</param>
    /// <param name="random">Shuffles the rows first; null keeps them.</param>
    /// <param name="strata">The stratum of each row of the table; each is dealt out evenly by itself. Null for one stratum.</param>
    public static FoldAssignment Deal(int rowCount, int[] rows, int count, SeededRandom? random, int[]? strata)
    {
        var of = new int[rowCount];
        Array.Fill(of, -1);
        int[] order = [.. rows];
        random?.Shuffle<int>(order);
        if (strata is not null)
        {
            // Stable, so that within a stratum the shuffled order stays.
            order = [.. order.OrderBy(row => strata[row])];
        }

        // One deal over all strata keeps the folds' sizes within one of each other.
        for (var i = 0; i < order.Length; i++)
        {
            of[order[i]] = i % count;
        }

        return new FoldAssignment([.. of], count);
    }

    /// <summary>The rows with a value in the label column.</summary>
    public static int[] Labelled(TableBatch table, int label) =>
    [
        .. Enumerable.Range(0, table.RowCount)
            .Where(row => !table.Columns[label].IsNull(row) && !(table.Columns[label] is DoubleColumn numbers && double.IsNaN(numbers.Values[row]))),
    ];

    /// <summary>The stratum of each row by a column's value.</summary>
    public static int[] Strata(TableBatch table, int column) => new RowGroups(table, column).Of;
}
