using System.Numerics;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Explanations;

namespace Auspex.Tests.Experiments.Scoring.Explanations;

/// <summary>Explanations that go through all subsets of columns: slow, and plain enough to be believed.</summary>
internal static class AllSubsets
{
    /// <summary>The values of every row of a table, for trees whose leaves hold other numbers than the ensemble's.</summary>
    public static double[][] Shapley(TrainedModel model, TreeEnsemble trees, Func<int, double> leafValue, TableBatch table)
    {
        var arrays = trees.Arrays;
        var other = new TreeEnsemble(arrays with { LeafValues = [.. Enumerable.Range(0, arrays.LeafValues.Length).Select(leafValue)] }, 0);
        var rows = new TreeRows(BoundFeature.Bind(model.Layout, table.Schema), trees).Read(table);
        return [.. rows.Select(row => Shapley(other, row.Numbers, row.Codes))];
    }

    /// <summary>What a scored table says of each column, 0 for those that are no reason.</summary>
    public static double[][] Reasons(TrainedModel model, TableBatch scored)
    {
        var count = model.Features.Fields.Length;
        return
        [
            .. Enumerable.Range(0, scored.RowCount).Select(row =>
            {
                var values = new double[count];
                for (var i = 1; i <= count; i++)
                {
                    var name = (StringColumn)scored.Columns[scored.Schema.IndexOf($"Reason {i}")];
                    if (!name.IsNull(row))
                    {
                        var column = ColumnText.Text(name, row, CellFormat.File)!;
                        values[model.Features.IndexOf(column)] = Tables.Doubles(scored, $"Reason {i} Contribution")[row];
                    }
                }

                return values;
            }),
        ];
    }

    /// <summary>The Shapley values of all columns, by their definition.</summary>
    public static double[] Shapley(TreeEnsemble trees, double[] numbers, int[] codes)
    {
        var columns = numbers.Length;
        double[] values = [.. Enumerable.Range(0, 1 << columns).Select(known => Value(trees, numbers, codes, known))];
        var factorials = new double[columns + 1];
        factorials[0] = 1;
        for (var i = 1; i <= columns; i++)
        {
            factorials[i] = factorials[i - 1] * i;
        }

        var shapley = new double[columns];
        for (var column = 0; column < columns; column++)
        {
            for (var known = 0; known < values.Length; known++)
            {
                if ((known & (1 << column)) == 0)
                {
                    var size = BitOperations.PopCount((uint)known);
                    shapley[column] += factorials[size] * factorials[columns - size - 1] / factorials[columns]
                        * (values[known | (1 << column)] - values[known]);
                }
            }
        }

        return shapley;
    }

    /// <summary>What an ensemble is expected to give where only some columns are known.</summary>
    public static double Value(TreeEnsemble trees, double[] numbers, int[] codes, int known)
    {
        var arrays = trees.Arrays;
        var sum = trees.Bias;
        for (var tree = 0; tree < trees.TreeCount; tree++)
        {
            var (firstNode, firstLeaf) = (arrays.NodeStarts[tree], arrays.LeafStarts[tree]);
            sum += Below(arrays.NodeStarts[tree + 1] == firstNode ? ~0 : 0);

            double Below(int child)
            {
                if (child < 0)
                {
                    return arrays.LeafValues[firstLeaf + ~child];
                }

                var node = firstNode + child;
                var (left, right) = (arrays.Left[node], arrays.Right[node]);
                if ((known & (1 << arrays.Features[node])) != 0)
                {
                    return Below(GoesRight(arrays, node, numbers, codes) ? right : left);
                }

                var cover = Cover(child);
                return cover > 0
                    ? ((Cover(left) * Below(left)) + (Cover(right) * Below(right))) / cover
                    : (Below(left) + Below(right)) / 2;
            }

            double Cover(int child) => child < 0
                ? arrays.LeafCovers[firstLeaf + ~child]
                : Cover(arrays.Left[firstNode + child]) + Cover(arrays.Right[firstNode + child]);
        }

        return sum;
    }

    private static bool GoesRight(TreeArrays arrays, int node, double[] numbers, int[] codes)
    {
        var (number, code, level) = (numbers[arrays.Features[node]], codes[arrays.Features[node]], arrays.Levels[node]);
        if (level != TreeArrays.Number)
        {
            return level >= 0 ? code == level : arrays.SetLevelsOf(TreeArrays.SetOf(level)).IndexOf(code) >= 0;
        }

        var isZero = Math.Abs(number) <= TreeArrays.ZeroBand && (arrays.MissingRight[node] & TreeArrays.ZeroIsMissing) != 0;
        return double.IsNaN(number) || isZero ? (arrays.MissingRight[node] & TreeArrays.GoesRight) != 0 : number > arrays.Thresholds[node];
    }
}
