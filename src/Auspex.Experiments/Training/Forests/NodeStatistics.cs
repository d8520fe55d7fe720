namespace Auspex.Experiments.Training.Forests;

/// <summary>
/// Sums over a node's rows by which splits are judged: rows per class with their entropy, or count, sum and squares of a
/// number with their squared error.
/// </summary>
internal sealed class NodeStatistics
{
    private readonly int _classes;
    private readonly double[] _targets;

    // x log2 x for small whole numbers: most nodes are small, and logarithms are what a search takes its time for.
    private static readonly double[] Logs = [.. Enumerable.Range(0, 4096).Select(count => count == 0 ? 0 : count * Math.Log2(count))];

    /// <param name="targets">Class indexes or numbers.</param>
    /// <param name="classes">Classes; 0 for numbers.</param>
    public NodeStatistics(double[] targets, int classes)
    {
        _classes = classes;

        // Squares of numbers far from zero would lose what differs between them.
        var mean = classes == 0 ? targets.Average() : 0;
        Center = double.IsFinite(mean) ? mean : 0;
        _targets = classes == 0 ? Array.ConvertAll(targets, target => target - Center) : targets;
    }

    /// <summary>What was subtracted from numbers.</summary>
    public double Center { get; }

    /// <summary>Whether targets are classes.</summary>
    public bool HasClasses => _classes > 0;

    /// <summary>Elements of a sum.</summary>
    public int Width => _classes == 0 ? 3 : _classes + 1;

    /// <summary>Adds a row to a sum.</summary>
    public void Add(Span<double> sum, int row)
    {
        var target = _targets[row];
        sum[0]++;
        if (_classes == 0)
        {
            sum[1] += target;
            sum[2] += target * target;
        }
        else
        {
            sum[1 + (int)target]++;
        }
    }

    /// <summary>Rows times impurity: what a split is to lessen.</summary>
    public double Cost(ReadOnlySpan<double> sum)
    {
        if (sum[0] == 0)
        {
            return 0;
        }

        if (_classes == 0)
        {
            return Math.Max(0, sum[2] - (sum[1] * sum[1] / sum[0]));
        }

        var cost = Log(sum[0]);
        foreach (var count in sum[1..])
        {
            cost -= Log(count);
        }

        return cost;
    }

    /// <summary>The cost of what is in <paramref name="total"/> and not in <paramref name="part"/>.</summary>
    public double CostOfRest(ReadOnlySpan<double> total, ReadOnlySpan<double> part)
    {
        var rows = total[0] - part[0];
        if (rows == 0)
        {
            return 0;
        }

        if (_classes == 0)
        {
            var sum = total[1] - part[1];
            return Math.Max(0, total[2] - part[2] - (sum * sum / rows));
        }

        var cost = Log(rows);
        for (var i = 1; i < total.Length; i++)
        {
            cost -= Log(total[i] - part[i]);
        }

        return cost;
    }

    /// <summary>What a leaf of this sum holds: the part of each class, or mean and variance.</summary>
    public double[] Leaf(ReadOnlySpan<double> sum)
    {
        if (_classes == 0)
        {
            return [Center + (sum[1] / sum[0]), Cost(sum) / sum[0]];
        }

        var rows = sum[0];
        return Array.ConvertAll(sum[1..].ToArray(), count => count / rows);
    }

    /// <summary>The row's target as given.</summary>
    public double Target(int row) => _targets[row] + Center;

    private static double Log(double count) => count < Logs.Length ? Logs[(int)count] : count * Math.Log2(count);
}
