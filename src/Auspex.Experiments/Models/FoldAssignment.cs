using System.Collections.Immutable;

namespace Auspex.Experiments.Models;

/// <summary>Which fold each row of a table belongs to.</summary>
/// <param name="Of">The fold of each row, from 0; -1 for a row of none.</param>
/// <param name="Count">The number of folds.</param>
public sealed record FoldAssignment(ImmutableArray<int> Of, int Count)
{
    /// <summary>The rows of a fold, or those of all other folds, in order.</summary>
    internal int[] Rows(int fold, bool others = false)
    {
        var rows = new List<int>(Of.Length);
        for (var row = 0; row < Of.Length; row++)
        {
            if (Of[row] >= 0 && (Of[row] == fold) != others)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
