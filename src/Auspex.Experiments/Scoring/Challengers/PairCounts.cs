using System.Collections.Immutable;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>What a champion and one challenger disagree about. One caller at a time.</summary>
internal sealed class PairCounts(int classes)
{
    private const int MostRows = 20;
    private static readonly double[] Parts = [0.5, 0.9, 0.99, 0.999, 1];

    // The last row and column stand for no class, or for one that the champion does not know.
    private readonly long[,] _confusion = new long[classes + 1, classes + 1];
    private readonly DifferenceSketch _differences = new();
    private readonly PriorityQueue<(long Row, double Size), (double Size, long Row)> _farthest = new();
    private long _rows;
    private long _agreeing;
    private long _onlyOne;
    private double _meanA;
    private double _meanB;
    private double _varianceA;
    private double _varianceB;
    private double _covariance;

    /// <summary>How good the challenger is.</summary>
    public RunningMetrics Metrics { get; } = new();

    /// <summary>Counts rows that both scored.</summary>
    /// <param name="firstRow">The first one's number, from 0.</param>
    /// <param name="champion">Its scores.</param>
    /// <param name="challenger">The other's.</param>
    /// <param name="truth">The labels, as far as the champion's table has them.</param>
    /// <param name="rows">How many.</param>
    public void Add(long firstRow, ModelScores champion, ModelScores challenger, TrueLabels truth, int rows)
    {
        challenger.Measure(truth, Metrics);
        for (var row = 0; row < rows; row++)
        {
            Add(firstRow + row + 1, champion.At(row), challenger.At(row));
        }
    }

    private void Add(long row, (int Class, double Number) champion, (int Class, double Number) challenger)
    {
        _rows++;
        var isSameClass = champion.Class == challenger.Class;
        if (classes > 0)
        {
            _confusion[Place(champion.Class), Place(challenger.Class)]++;
        }

        if (double.IsNaN(champion.Number) || double.IsNaN(challenger.Number))
        {
            _onlyOne += double.IsNaN(champion.Number) != double.IsNaN(challenger.Number) ? 1 : 0;
            _agreeing += isSameClass && classes > 0 ? 1 : 0;
            Keep(row, isSameClass ? 0 : 1);
            return;
        }

        var size = Math.Abs(champion.Number - challenger.Number);
        _agreeing += classes > 0 ? (isSameClass ? 1 : 0) : (size <= 1e-9 * Math.Max(Math.Abs(champion.Number), Math.Abs(challenger.Number)) ? 1 : 0);
        _differences.Add(size);
        Correlate(champion.Number, challenger.Number);
        Keep(row, size);
    }

    public ChallengerFinding Report(string name, string learner) => new(
        name,
        learner,
        _rows,
        _rows == 0 ? 0 : (double)_agreeing / _rows,
        _onlyOne,
        _varianceA > 0 && _varianceB > 0 ? _covariance / Math.Sqrt(_varianceA * _varianceB) : null,
        _differences.Count == 0 ? null : _differences.Mean,
        _differences.Count == 0 ? [] : [.. Parts.Select(part => new DifferenceQuantile(part, _differences.Quantile(part)))],
        classes == 0 ? [] : [.. Enumerable.Range(0, classes + 1).Select(row => ImmutableArray.CreateRange(Enumerable.Range(0, classes + 1).Select(column => _confusion[row, column])))],
        [.. _farthest.UnorderedItems.Select(item => item.Element).OrderByDescending(item => item.Size).ThenBy(item => item.Row).Select(item => new FarRow(item.Row, item.Size))],
        [.. Metrics.Values()]);

    private int Place(int code) => (uint)code < (uint)classes ? code : classes;

    // Welford's way: sums of squares of large numbers would lose what is asked for.
    private void Correlate(double a, double b)
    {
        var count = _differences.Count;
        var (fromA, fromB) = (a - _meanA, b - _meanB);
        _meanA += fromA / count;
        _meanB += fromB / count;
        _varianceA += fromA * (a - _meanA);
        _varianceB += fromB * (b - _meanB);
        _covariance += fromA * (b - _meanB);
    }

    // The farthest rows; of equally far ones the first.
    private void Keep(long row, double size)
    {
        if (size <= 0)
        {
            return;
        }

        if (_farthest.Count < MostRows)
        {
            _farthest.Enqueue((row, size), (size, -row));
        }
        else if (_farthest.Peek().Size < size)
        {
            _farthest.DequeueEnqueue((row, size), (size, -row));
        }
    }
}
