using Auspex.Experiments.Execution;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Forests;

/// <summary>
/// Finds a node's split: of those that are drawn (Criminisi, Shotton and Konukoglu 2011), or of all, the one whose halves
/// have the least cost. Belongs to one tree.
/// </summary>
internal sealed class ForestSplitSearch
{
    private readonly BinnedColumn[] _columns;
    private readonly NodeStatistics _statistics;
    private readonly ForestOptions _options;
    private readonly SeededRandom _random;
    private readonly int[] _allowed;
    private readonly int _width;
    private readonly double[] _left;
    private readonly double[] _part;
    private readonly SplitDrawer? _drawer;
    private double[] _bins = [];
    private bool[] _isCandidate = [];
    private readonly List<int> _occupied = [];

    /// <param name="columns">All columns.</param>
    /// <param name="allowed">Those that the tree may ask for.</param>
    /// <param name="statistics">What costs.</param>
    /// <param name="options">How many splits.</param>
    /// <param name="random">The tree's.</param>
    public ForestSplitSearch(
        BinnedColumn[] columns, int[] allowed, NodeStatistics statistics, ForestOptions options, SeededRandom random)
    {
        _columns = columns;
        _allowed = allowed;
        _statistics = statistics;
        _options = options;
        _random = random;
        _width = statistics.Width;
        _left = new double[_width];
        _part = new double[_width];
        _drawer = options.RandomSplits is { } splits ? new SplitDrawer(columns, allowed, splits, statistics.HasClasses, random) : null;
    }

    /// <summary>The best split of these rows, or none.</summary>
    public ForestSplit Find(ReadOnlySpan<int> rows, ReadOnlySpan<double> total)
    {
        var best = ForestSplit.None;
        if (_allowed.Length == 0 || rows.Length < 2L * _options.LeafRows)
        {
            return best;
        }

        var cost = _statistics.Cost(total);
        if (cost <= 1e-12 * total[0])
        {
            return best;
        }

        if (_drawer is null)
        {
            foreach (var column in Part())
            {
                FindIn(column, null, rows, total, cost, ref best);
            }

            return best;
        }

        foreach (var (column, count) in _drawer.Draw())
        {
            FindIn(column, count, rows, total, cost, ref best);
        }

        // Where none of what was drawn divides the rows, other columns get their turn.
        for (var i = 0; best.Column < 0 && _drawer.Next(i) is var (column, count); i++)
        {
            FindIn(column, count, rows, total, cost, ref best);
        }

        return best;
    }

    // The columns all whose splits are tried.
    private IEnumerable<int> Part()
    {
        var count = Math.Max(1, (int)Math.Round(_allowed.Length * _options.SplitFraction));
        if (count >= _allowed.Length)
        {
            return _allowed;
        }

        var pool = (int[])_allowed.Clone();
        for (var i = 0; i < count; i++)
        {
            var j = i + _random.Next(pool.Length - i);
            (pool[i], pool[j]) = (pool[j], pool[i]);
        }

        return pool.Take(count).Order();
    }

    private void FindIn(
        int index, int? count, ReadOnlySpan<int> rows, ReadOnlySpan<double> total, double cost, ref ForestSplit best)
    {
        var column = _columns[index];
        Sum(column, rows);
        if (_occupied.Count > 1)
        {
            if (count is { } draws)
            {
                MarkDrawn(column, draws);
            }

            if (column.Thresholds is null)
            {
                TryLevels(index, count is null, total, cost, ref best);
            }
            else
            {
                TryThresholds(index, count is null, total, cost, ref best);
            }
        }

        foreach (var bin in _occupied)
        {
            _bins.AsSpan(bin * _width, _width).Clear();
        }

        _isCandidate.AsSpan(0, column.BinCount).Clear();
    }

    private void Sum(BinnedColumn column, ReadOnlySpan<int> rows)
    {
        if (_isCandidate.Length < column.BinCount)
        {
            _isCandidate = new bool[column.BinCount];
            _bins = new double[column.BinCount * _width];
        }

        _occupied.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            var bin = column.Bytes is { } bytes ? bytes[rows[i]] : column.Words![rows[i]];
            var sum = _bins.AsSpan(bin * _width, _width);
            if (sum[0] == 0)
            {
                _occupied.Add(bin);
            }

            _statistics.Add(sum, rows[i]);
        }

        _occupied.Sort();
    }

    // Each value that rows have is as likely, however many have it: that ranked better than drawing rows (docs/adr/0029).
    private void MarkDrawn(BinnedColumn column, int draws)
    {
        if (_statistics.HasClasses && column.Thresholds is null && draws < column.BinCount - 1)
        {
            for (var i = 0; i < draws; i++)
            {
                _isCandidate[_random.Next(column.BinCount - 1)] = true;
            }

            return;
        }

        if (draws >= _occupied.Count)
        {
            foreach (var bin in _occupied)
            {
                _isCandidate[bin] = true;
            }

            return;
        }

        for (var left = draws; left > 0;)
        {
            ref var isCandidate = ref _isCandidate[_occupied[_random.Next(_occupied.Count)]];
            left -= isCandidate ? 0 : 1;
            isCandidate = true;
        }
    }

    private void TryThresholds(int index, bool all, ReadOnlySpan<double> total, double cost, ref ForestSplit best)
    {
        var missingBin = _columns[index].BinCount - 1;
        var hasMissing = _occupied[^1] == missingBin;
        var numbers = hasMissing ? _occupied.Count - 1 : _occupied.Count;
        var missing = _bins.AsSpan(missingBin * _width, _width);
        _left.AsSpan().Clear();
        for (var i = 0; i < numbers; i++)
        {
            var bin = _occupied[i];
            Add(_left, _bins.AsSpan(bin * _width, _width));
            var isLast = i == numbers - 1;
            if (isLast && !hasMissing)
            {
                break;
            }

            if (isLast)
            {
                // All numbers left, those without one right: being missing may tell something by itself.
                Try(index, missingBin - 1, true, _left, total, cost, ref best);
                break;
            }

            if (!all && !_isCandidate[bin])
            {
                continue;
            }

            // Where no row is without a number, such rows will follow the greater part.
            Try(index, bin, hasMissing || total[0] - _left[0] > _left[0], _left, total, cost, ref best);
            if (hasMissing)
            {
                _left.AsSpan().CopyTo(_part);
                Add(_part, missing);
                Try(index, bin, false, _part, total, cost, ref best);
            }
        }
    }

    private void TryLevels(int index, bool all, ReadOnlySpan<double> total, double cost, ref ForestSplit best)
    {
        // The last bin stands for what is no level: no node can ask for it.
        var last = _columns[index].BinCount - 1;
        foreach (var bin in _occupied)
        {
            if (bin != last && (all || _isCandidate[bin]))
            {
                Try(index, bin, false, _bins.AsSpan(bin * _width, _width), total, cost, ref best);
            }
        }
    }

    private void Try(
        int index, int bin, bool missingRight, ReadOnlySpan<double> part, ReadOnlySpan<double> total, double cost, ref ForestSplit best)
    {
        if (part[0] < _options.LeafRows || total[0] - part[0] < _options.LeafRows)
        {
            return;
        }

        var gain = cost - _statistics.Cost(part) - _statistics.CostOfRest(total, part);
        if (gain > best.Gain)
        {
            best = new ForestSplit(index, bin, missingRight, gain);
        }
    }

    private static void Add(Span<double> sum, ReadOnlySpan<double> part)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += part[i];
        }
    }
}
