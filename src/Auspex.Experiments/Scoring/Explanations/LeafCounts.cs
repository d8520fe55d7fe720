using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Scoring.Explanations;

/// <summary>How many rows of a table come to each leaf, for trees whose training rows nobody has counted.</summary>
internal static class LeafCounts
{
    /// <summary>The trees with the counts of these rows.</summary>
    /// <param name="trees">The trees; counts that they have are replaced.</param>
    /// <param name="layout">The model's columns.</param>
    /// <param name="rows">At least one row with all of the columns.</param>
    /// <exception cref="ModuleException">No rows (3); a column is missing (1) or of another type (17).</exception>
    public static TreeEnsemble Count(TreeEnsemble trees, FeatureLayout layout, TableBatch rows)
    {
        if (rows.RowCount == 0)
        {
            throw new ModuleException(3, "The table of background rows has no rows; expected rows such as the model was trained on.");
        }

        var arrays = trees.Arrays;
        var counts = new double[arrays.LeafValues.Length];
        foreach (var row in new TreeRows(BoundFeature.Bind(layout, rows.Schema), trees).Read(rows))
        {
            for (var tree = 0; tree < trees.TreeCount; tree++)
            {
                var (firstNode, firstLeaf) = (arrays.NodeStarts[tree], arrays.LeafStarts[tree]);
                var child = arrays.NodeStarts[tree + 1] == firstNode ? ~0 : 0;
                while (child >= 0)
                {
                    var node = firstNode + child;
                    var column = arrays.Features[node];
                    child = arrays.SendsRight(node, row.Numbers[column], row.Codes[column]) ? arrays.Right[node] : arrays.Left[node];
                }

                counts[firstLeaf + ~child]++;
            }
        }

        return trees.WithCovers(counts);
    }
}
