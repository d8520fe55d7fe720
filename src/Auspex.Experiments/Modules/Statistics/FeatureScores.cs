using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Statistics;

/// <summary>How much a column tells about a target, by the methods of Filter Based Feature Selection. Rows that lack either are left out.</summary>
internal static class FeatureScores
{
    public const string CountBased = "Count Based";

    // As many bins as keep cells of a contingency table filled.
    private const int Bins = 10;

    public static string[] Methods { get; } =
    [
        "Pearson Correlation", "Mutual Information", "Kendall Correlation", "Spearman Correlation", "Chi Squared", "Fisher Score", CountBased,
    ];

    /// <summary>The score of a feature; 0 where the method cannot use it, so that it ranks last.</summary>
    public static double Of(string method, TableField field, Column column, TableField targetField, Column target)
    {
        var isNumber = IsNumber(field);
        var score = method switch
        {
            "Mutual Information" => Information(Codes(field, column, target), Codes(targetField, target, column)),
            "Chi Squared" => ChiSquared(Codes(field, column, target), Codes(targetField, target, column)),
            _ when !isNumber => 0,
            "Fisher Score" => Fisher(Numbers(column), Classes(targetField, target), column, target),
            _ when !IsNumber(targetField) && targetField.Type != ColumnType.Boolean => 0,
            _ => Math.Abs(Correlate(method, column, target)),
        };
        return double.IsFinite(score) ? score : 0;
    }

    /// <summary>Values that are there and not zero.</summary>
    public static double Count(Column column)
    {
        if (column is StringColumn or CategoryColumn)
        {
            return column.Length - column.CountNulls();
        }

        var values = NumericValues.Of(column);
        var count = 0;
        for (var row = 0; row < values.Length; row++)
        {
            count += !column.IsNull(row) && values[row] != 0 && !double.IsNaN(values[row]) ? 1 : 0;
        }

        return count;
    }

    private static bool IsNumber(TableField field) => field.IsNumeric && !field.IsCategorical;

    private static double[] Numbers(Column column) => NumericValues.Of(column).ToArray();

    private static double Correlate(string method, Column column, Column target)
    {
        var (x, y) = (Numbers(column), Numbers(target));
        int[] rows = [.. Enumerable.Range(0, x.Length).Where(row => !column.IsNull(row) && !target.IsNull(row) && !double.IsNaN(x[row]) && !double.IsNaN(y[row]))];
        double[] one = [.. rows.Select(row => x[row])], other = [.. rows.Select(row => y[row])];
        return method switch
        {
            "Kendall Correlation" => Kendall(one, other),
            "Spearman Correlation" => Pearson(Ranks(one), Ranks(other)),
            _ => Pearson(one, other),
        };
    }

    private static double Pearson(double[] x, double[] y)
    {
        if (x.Length < 2)
        {
            return 0;
        }

        var (meanX, meanY) = (x.Sum() / x.Length, y.Sum() / y.Length);
        double product = 0, squaresX = 0, squaresY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            product += (x[i] - meanX) * (y[i] - meanY);
            squaresX += (x[i] - meanX) * (x[i] - meanX);
            squaresY += (y[i] - meanY) * (y[i] - meanY);
        }

        return squaresX == 0 || squaresY == 0 ? 0 : product / (Math.Sqrt(squaresX) * Math.Sqrt(squaresY));
    }

    /// <summary>Ranks from 1, equal values sharing their mean rank.</summary>
    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (var i = 0; i < order.Length;)
        {
            var end = i;
            while (end < order.Length && values[order[end]].Equals(values[order[i]]))
            {
                end++;
            }

            for (var j = i; j < end; j++)
            {
                ranks[order[j]] = (i + end + 1) / 2.0;
            }

            i = end;
        }

        return ranks;
    }

    /// <summary>Kendall's tau-b; discordant pairs are the swaps of a merge sort (Knight 1966).</summary>
    private static double Kendall(double[] x, double[] y)
    {
        long n = x.Length;
        int[] order = [.. Enumerable.Range(0, x.Length).OrderBy(i => x[i]).ThenBy(i => y[i])];
        double[] sorted = [.. order.Select(i => y[i])];
        var pairs = n * (n - 1) / 2;
        long tiedX = 0, tiedBoth = 0;
        for (var i = 0; i < order.Length;)
        {
            var end = i;
            while (end < order.Length && x[order[end]].Equals(x[order[i]]))
            {
                end++;
            }

            tiedX += Pairs(end - i);
            for (var j = i; j < end;)
            {
                var endBoth = j;
                while (endBoth < end && y[order[endBoth]].Equals(y[order[j]]))
                {
                    endBoth++;
                }

                tiedBoth += Pairs(endBoth - j);
                j = endBoth;
            }

            i = end;
        }

        var swaps = Swaps(sorted, new double[sorted.Length], 0, sorted.Length);
        var tiedY = sorted.GroupBy(value => value).Sum(group => Pairs(group.Count()));
        var distance = pairs - tiedX - tiedY + tiedBoth - (2 * swaps);
        return distance / (Math.Sqrt(pairs - tiedX) * Math.Sqrt(pairs - tiedY));

        static long Pairs(long count) => count * (count - 1) / 2;
    }

    private static long Swaps(double[] values, double[] buffer, int start, int end)
    {
        if (end - start < 2)
        {
            return 0;
        }

        var middle = (start + end) / 2;
        var swaps = Swaps(values, buffer, start, middle) + Swaps(values, buffer, middle, end);
        var (left, right) = (start, middle);
        for (var i = start; i < end; i++)
        {
            if (right >= end || (left < middle && values[left] <= values[right]))
            {
                buffer[i] = values[left++];
            }
            else
            {
                buffer[i] = values[right++];
                swaps += middle - left;
            }
        }

        Array.Copy(buffer, start, values, start, end - start);
        return swaps;
    }

    /// <summary>Scatter of the classes' means by the scatter within classes.</summary>
    private static double Fisher(double[] values, int[] classes, Column column, Column target)
    {
        var count = classes.Length == 0 ? 0 : classes.Max() + 1;
        var (rows, sums, squares) = (new double[count], new double[count], new double[count]);
        double all = 0, total = 0;
        for (var row = 0; row < values.Length; row++)
        {
            if (classes[row] >= 0 && !column.IsNull(row) && !target.IsNull(row) && !double.IsNaN(values[row]))
            {
                rows[classes[row]]++;
                sums[classes[row]] += values[row];
                all++;
                total += values[row];
            }
        }

        for (var row = 0; row < values.Length; row++)
        {
            if (classes[row] >= 0 && !column.IsNull(row) && !target.IsNull(row) && !double.IsNaN(values[row]))
            {
                var distance = values[row] - (sums[classes[row]] / rows[classes[row]]);
                squares[classes[row]] += distance * distance;
            }
        }

        double between = 0, within = 0;
        for (var i = 0; i < count; i++)
        {
            if (rows[i] > 0)
            {
                var distance = (sums[i] / rows[i]) - (total / all);
                between += rows[i] * distance * distance;
                within += squares[i];
            }
        }

        // Classes that one column tells apart without any scatter: as good as can be.
        return within == 0 ? between > 0 ? double.MaxValue : 0 : between / within;
    }

    private static int[] Classes(TableField field, Column column) =>
        IsNumber(field) && column is DoubleColumn numbers
            ? new LevelCodes(0, CategoryDomains.Of(numbers)).Of(numbers)
            : new LevelCodes(0, CategoryDomains.Of(column)).Of(column);

    /// <summary>Values as small whole numbers: levels, or bins of equal frequency where numbers have many values; -1 where missing.</summary>
    private static int[] Codes(TableField field, Column column, Column other)
    {
        int[] codes;
        if (!IsNumber(field))
        {
            codes = new LevelCodes(0, CategoryDomains.Of(column)).Of(column);
        }
        else
        {
            var values = Numbers(column);
            var present = NumericValues.Present(column);
            var distinct = new HashSet<double>();
            foreach (var value in present)
            {
                if (distinct.Add(value) && distinct.Count > Bins)
                {
                    break;
                }
            }

            double[] edges = distinct.Count > Bins ? BinEdges.Quantiles(present, Bins) : [.. distinct.Order()];
            codes = new int[values.Length];
            for (var row = 0; row < codes.Length; row++)
            {
                var at = Array.BinarySearch(edges, values[row]);
                codes[row] = column.IsNull(row) || double.IsNaN(values[row]) ? -1 : at >= 0 ? at : ~at;
            }
        }

        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = other.IsNull(row) ? -1 : codes[row];
        }

        return codes;
    }

    private static (double[,] Cells, double[] Left, double[] Right, double All) Table(int[] left, int[] right)
    {
        var (a, b) = (left.DefaultIfEmpty().Max() + 1, right.DefaultIfEmpty().Max() + 1);
        var cells = new double[Math.Max(a, 0), Math.Max(b, 0)];
        var (ofLeft, ofRight, all) = (new double[Math.Max(a, 0)], new double[Math.Max(b, 0)], 0.0);
        for (var row = 0; row < left.Length; row++)
        {
            if (left[row] >= 0 && right[row] >= 0)
            {
                cells[left[row], right[row]]++;
                ofLeft[left[row]]++;
                ofRight[right[row]]++;
                all++;
            }
        }

        return (cells, ofLeft, ofRight, all);
    }

    private static double Information(int[] left, int[] right)
    {
        var (cells, ofLeft, ofRight, all) = Table(left, right);
        var information = 0.0;
        for (var i = 0; i < ofLeft.Length; i++)
        {
            for (var j = 0; j < ofRight.Length; j++)
            {
                if (cells[i, j] > 0)
                {
                    information += cells[i, j] / all * Math.Log(cells[i, j] * all / (ofLeft[i] * ofRight[j]));
                }
            }
        }

        return Math.Max(0, information);
    }

    private static double ChiSquared(int[] left, int[] right)
    {
        var (cells, ofLeft, ofRight, all) = Table(left, right);
        var statistic = 0.0;
        for (var i = 0; i < ofLeft.Length; i++)
        {
            for (var j = 0; j < ofRight.Length; j++)
            {
                var expected = ofLeft[i] * ofRight[j] / all;
                if (expected > 0)
                {
                    statistic += (cells[i, j] - expected) * (cells[i, j] - expected) / expected;
                }
            }
        }

        return statistic;
    }
}
